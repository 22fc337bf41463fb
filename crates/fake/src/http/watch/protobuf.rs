//! Events in protobuf: frames with a length, in which the objects have their envelopes.

use bytes::{BufMut, Bytes};
use kubekit_core::Status;
use serde_json::json;

use super::Pieces;
use crate::answer::WatchItem;
use crate::failure::Failure;
use crate::http::protobuf::{document, encode, message};
use crate::object::{Object, Types};
use crate::protobuf::{self, Message, Seal};

/// Writes the events of one watch.
pub(super) struct Frames {
    types: Types,
    message: &'static Message,
}

impl Frames {
    /// # Errors
    ///
    /// 406 for types that have no message.
    pub(super) fn new(types: Types) -> Result<Frames, Failure> {
        let message = message(&types)?;
        Ok(Frames { types, message })
    }

    pub(super) fn write(&self, events: Vec<WatchItem>) -> Vec<Bytes> {
        let mut pieces = Pieces::default();
        for event in events {
            if let Err(status) = self.frame(&event, &mut pieces) {
                put_error(&status, &mut pieces);
            }
        }
        pieces.finish()
    }

    fn frame(&self, event: &WatchItem, pieces: &mut Pieces) -> Result<(), Failure> {
        match event {
            WatchItem::Event { change, object } => self.object(change.as_str(), object, pieces)?,
            WatchItem::Bookmark {
                revision,
                initial_events_end,
            } => self.bookmark(*revision, *initial_events_end, pieces)?,
            WatchItem::Error(status) => put_error(status, pieces),
        }
        Ok(())
    }

    fn object(&self, change: &str, object: &Object, pieces: &mut Pieces) -> Result<(), Failure> {
        let encoded = object.as_protobuf(self.message)?;
        let seal = Seal::new(&self.types, encoded.len());
        protobuf::put_frame(change, seal.len(), &mut pieces.open);
        pieces.open.put_slice(seal.head());
        encoded.write_head(&mut pieces.open);
        pieces.put(encoded.shared());
        pieces.open.put_slice(Seal::TAIL);
        Ok(())
    }

    /// An object that has nothing but a revision, and perhaps the sign that the initial events are over.
    fn bookmark(
        &self,
        revision: u64,
        initial_events_end: bool,
        pieces: &mut Pieces,
    ) -> Result<(), Failure> {
        let mut metadata = json!({"resourceVersion": revision.to_string()});
        if initial_events_end {
            metadata["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        let mut bytes = Vec::new();
        let object = json!({"metadata": metadata}).to_string();
        encode(object.as_bytes(), self.message, &mut bytes)?;
        put_sealed("BOOKMARK", &protobuf::sealed(&self.types, &bytes), pieces);
        Ok(())
    }
}

fn put_error(status: &Status, pieces: &mut Pieces) {
    // Encoding a status to memory does not fail.
    let value = serde_json::to_value(status).unwrap_or_default();
    let sealed = document(&value, value.to_string().as_bytes());
    put_sealed("ERROR", &sealed, pieces);
}

fn put_sealed(change: &str, sealed: &[u8], pieces: &mut Pieces) {
    protobuf::put_frame(change, sealed.len(), &mut pieces.open);
    pieces.open.put_slice(sealed);
}
