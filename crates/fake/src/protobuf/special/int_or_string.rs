//! `intstr.IntOrString`: which of the two it is, and both.

use serde_json::Value;

use crate::protobuf::problem::Problem;
use crate::protobuf::wire::{Payload, Reader, put_number, put_text};

pub(super) fn put_integer(value: i32, out: &mut Vec<u8>) {
    put(0, value, "", out);
}

pub(super) fn put_string(text: &str, out: &mut Vec<u8>) {
    put(1, 0, text, out);
}

fn put(which: u64, value: i32, text: &str, out: &mut Vec<u8>) {
    put_number(1, which, out);
    put_number(2, i64::from(value) as u64, out);
    put_text(3, text, out);
}

pub(super) fn decode(bytes: &[u8]) -> Result<Value, Problem> {
    let mut reader = Reader::new(bytes);
    let (mut which, mut value, mut text) = (0, 0, String::new());
    while let Some(field) = reader.next()? {
        match field {
            (1, Payload::Varint(found)) => which = found,
            (2, Payload::Varint(found)) => value = found as i32,
            (3, Payload::Delimited(found)) => text = String::from_utf8_lossy(found).into_owned(),
            _ => {}
        }
    }
    Ok(if which == 0 {
        value.into()
    } else {
        text.into()
    })
}
