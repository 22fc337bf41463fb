//! What is around a message outside of streams: four bytes, and a `runtime.Unknown` that says its types.

use super::problem::{Problem, ProblemKind};
use super::wire::{Payload, Reader, put_key, put_text, text_len};
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

/// What is around a message of some length.
#[derive(Clone, Debug)]
pub(crate) struct Seal {
    head: Vec<u8>,
    length: usize,
}

impl Seal {
    /// What comes after the message: the encoding and the type of the content, always there and always empty.
    pub(crate) const TAIL: &'static [u8] = b"\x1a\x00\x22\x00";

    /// The envelope of a message of `length` bytes.
    pub(crate) fn new(types: &Types, length: usize) -> Seal {
        let (api_version, kind) = (types.api_version(), types.kind());
        let mut head = MAGIC.to_vec();
        put_key(
            1,
            text_len(1, api_version.len()) + text_len(2, kind.len()),
            &mut head,
        );
        put_text(1, api_version, &mut head);
        put_text(2, kind, &mut head);
        put_key(2, length, &mut head);
        Seal { head, length }
    }

    /// What comes before the message.
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// The length of all of it.
    pub(crate) fn len(&self) -> usize {
        self.head.len() + self.length + Seal::TAIL.len()
    }
}

/// A message in its envelope.
pub(crate) fn sealed(types: &Types, message: &[u8]) -> Vec<u8> {
    let seal = Seal::new(types, message.len());
    let mut out = Vec::with_capacity(seal.len());
    out.extend_from_slice(seal.head());
    out.extend_from_slice(message);
    out.extend_from_slice(Seal::TAIL);
    out
}
