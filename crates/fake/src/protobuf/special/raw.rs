//! JSON within protobuf: the text itself.

use serde::Deserialize;
use serde::de::{Deserializer, Error};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::protobuf::problem::{Problem, ProblemKind};
use crate::protobuf::wire::{Payload, Reader, put_nested, put_text};

/// Reads a value and appends its text with the key of field `number`. Appends nothing for `null`.
pub(in crate::protobuf) fn put<'de, D: Deserializer<'de>>(
    number: u32,
    text: D,
    out: &mut Vec<u8>,
) -> Result<(), D::Error> {
    let json = <&RawValue>::deserialize(text)?;
    if json.get() == "null" {
        return Ok(());
    }
    put_nested(number, out, |out| {
        put_text(1, json.get(), out);
        Ok::<_, D::Error>(())
    })
    .map_err(D::Error::custom)
}

pub(super) fn decode(bytes: &[u8]) -> Result<Value, Problem> {
    let mut reader = Reader::new(bytes);
    let mut json: &[u8] = b"";
    while let Some(field) = reader.next()? {
        if let (1, Payload::Delimited(found)) = field {
            json = found;
        }
    }
    match json {
        b"" => Ok(Value::Null),
        _ => serde_json::from_slice(json).map_err(|_| ProblemKind::NotJson.into()),
    }
}
