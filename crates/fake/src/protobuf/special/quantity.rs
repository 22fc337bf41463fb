//! `resource.Quantity`: the text, which the API server keeps as it was sent.

use serde_json::Value;

use crate::protobuf::problem::Problem;
use crate::protobuf::wire::{Payload, Reader, put_text};

pub(super) fn put(text: &str, out: &mut Vec<u8>) {
    put_text(1, text, out);
}

pub(super) fn decode(bytes: &[u8]) -> Result<Value, Problem> {
    let mut reader = Reader::new(bytes);
    let mut text = String::new();
    while let Some((number, payload)) = reader.next()? {
        if let (1, Payload::Delimited(bytes)) = (number, payload) {
            text = String::from_utf8_lossy(bytes).into_owned();
        }
    }
    Ok(match text.as_str() {
        "" => "0".into(),
        _ => text.into(),
    })
}
