//! What is around a message outside of streams: four bytes, and a `runtime.Unknown` that says its types.

use super::problem::{Problem, ProblemKind};
use super::wire::{Payload, Reader, put_key, put_nested, put_text};
use crate::object::Types;

/// How every message begins.
const MAGIC: &[u8] = b"k8s\0";

/// A message with its types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Envelope<'a> {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) message: &'a [u8],
}

/// Opens an envelope.
///
/// # Errors
///
/// Bytes that do not begin as every message does, or are no envelope.
pub(crate) fn opened(bytes: &[u8]) -> Result<Envelope<'_>, Problem> {
    let bytes = bytes.strip_prefix(MAGIC).ok_or(ProblemKind::NoMagic)?;
    let mut envelope = Envelope::default();
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (1, Payload::Delimited(types)) => envelope.read_types(types)?,
            (2, Payload::Delimited(message)) => envelope.message = message,
            (1..=4, Payload::Varint(_) | Payload::Fixed64(_) | Payload::Fixed32) => {
                return Err(ProblemKind::WrongType.into());
            }
            _ => {}
        }
    }
    Ok(envelope)
}

impl Envelope<'_> {
    fn read_types(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        let mut reader = Reader::new(bytes);
        while let Some(field) = reader.next()? {
            match field {
                (1, Payload::Delimited(text)) => {
                    self.api_version = String::from_utf8_lossy(text).into_owned();
                }
                (2, Payload::Delimited(text)) => {
                    self.kind = String::from_utf8_lossy(text).into_owned();
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// What comes before and after a message of `length` bytes in its envelope.
pub(crate) fn sealed(types: &Types, length: usize) -> (Vec<u8>, &'static [u8]) {
    let mut head = MAGIC.to_vec();
    let written: Result<(), std::convert::Infallible> = put_nested(1, &mut head, |head| {
        put_text(1, types.api_version(), head);
        put_text(2, types.kind(), head);
        Ok(())
    });
    let Ok(()) = written;
    put_key(2, length, &mut head);
    // The encoding and the type of the content are always there and always empty.
    (head, b"\x1a\x00\x22\x00")
}
