//! Kubernetes' protobuf: the same documents as JSON, in the encoding that Go clients prefer.
//!
//! Objects are kept as JSON. `encode` writes a JSON text as the protobuf message of its kind, byte for byte as the API server
//! does; `decode` makes a document of a message. Both are driven by `messages`, a table of facts about every kind the server has, and
//! `special` knows the few types whose JSON is no object of fields. `envelope` is what surrounds a message outside of streams, and
//! `frame` what surrounds it inside of one.

mod decode;
mod encode;
mod envelope;
mod frame;
mod messages;
mod problem;
mod special;
mod wire;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod properties;

pub(crate) use decode::decode;
pub(crate) use encode::encode;
pub(crate) use envelope::{Seal, opened, sealed};
pub(crate) use frame::put_frame;
pub(crate) use messages::{Message, message, named};
pub(crate) use problem::Problem;
pub(crate) use wire::{find, put_key, put_text, text_len};
