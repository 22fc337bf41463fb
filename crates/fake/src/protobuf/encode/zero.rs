//! What nobody has set: Go writes it all the same where it is no pointer.

use std::convert::Infallible;

use crate::protobuf::messages::{Kind, Message};
use crate::protobuf::wire::{put_double, put_nested, put_number, put_text};

/// Appends a value field that is zero, as Go writes one that nobody has set.
pub(super) fn put_zero(number: u32, kind: Kind, out: &mut Vec<u8>) {
    match kind {
        Kind::String | Kind::Bytes => put_text(number, "", out),
        Kind::Bool | Kind::Int32 | Kind::Int64 => put_number(number, 0, out),
        Kind::Double => put_double(number, 0.0, out),
        Kind::Message(message) => nested(number, out, |out| put_zero_fields(message.get(), out)),
        Kind::Special(special) => nested(number, out, |out| special.put_zero(out)),
    }
}

/// Appends the fields of a message that nobody has set.
fn put_zero_fields(message: &Message, out: &mut Vec<u8>) {
    for field in message.fields.iter().filter(|field| field.written) {
        put_zero(field.number, field.kind, out);
    }
}

/// [`put_nested`] for what cannot fail.
pub(super) fn nested(number: u32, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let written: Result<(), Infallible> = put_nested(number, out, |out| {
        write(out);
        Ok(())
    });
    let Ok(()) = written;
}
