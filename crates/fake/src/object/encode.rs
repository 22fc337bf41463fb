//! From a document to bytes, and from bytes to what goes over the wire.

use bytes::{BufMut, Bytes, BytesMut};
use serde_json::{Map, Value};

use super::{Object, Types};
use crate::request::Document;

/// Enough for `kind`, `apiVersion` and `resourceVersion` of nearly every object.
const ROOM_FOR_TYPES: usize = 160;

impl Object {
    /// The object as a document without `kind` and `apiVersion`, with `metadata.resourceVersion`.
    pub(crate) fn document(&self) -> Document {
        let mut json = BytesMut::with_capacity(self.encoded_len());
        self.write_json(None, &mut json);
        // What was encoded from a document decodes to one.
        serde_json::from_slice(&json).unwrap_or_default()
    }

    /// Appends the object as JSON; without types as an item of a built-in list has none.
    pub(crate) fn write_json(&self, types: Option<&Types>, out: &mut BytesMut) {
        out.reserve(self.encoded_len());
        self.write_head(types, out);
        out.put_slice(&self.content.json);
        out.put_u8(b'}');
    }

    /// Appends what comes before [`Object::shared_json`] in the object's JSON; after that comes one `}`.
    ///
    /// For frames that share the encoding instead of copying it.
    pub(crate) fn write_head(&self, types: Option<&Types>, out: &mut BytesMut) {
        out.put_u8(b'{');
        if let Some(types) = types {
            out.put_slice(types.json().as_bytes());
            out.put_u8(b',');
        }
        out.put_slice(br#""metadata":{"#);
        if self.revision != 0 {
            out.put_slice(br#""resourceVersion":""#);
            out.put_slice(self.revision.to_string().as_bytes());
            out.put_slice(match self.content.metadata_len {
                0 => b"\"",
                _ => b"\",",
            });
        }
    }

    /// The encoded fields, shared by all readers.
    pub(crate) fn shared_json(&self) -> Bytes {
        self.content.json.clone()
    }

    /// The encoded fields of `metadata` with its closing brace, shared by all readers: [`Object::shared_json`] for who only wants
    /// the metadata.
    pub(crate) fn shared_metadata(&self) -> Bytes {
        self.content.json.slice(..=self.content.metadata_len)
    }

    /// About the length of the JSON.
    pub(crate) fn encoded_len(&self) -> usize {
        self.content.json.len() + ROOM_FOR_TYPES
    }
}

/// The inside of `metadata`, its closing brace, then the other fields each with a comma before it; and how long the first part is.
pub(super) fn content(metadata: &Map<String, Value>, fields: &Document) -> (Bytes, usize) {
    let mut out = Vec::with_capacity(512);
    write_members(metadata, "", &mut out);
    let metadata_len = out.len();
    out.push(b'}');
    write_members(fields, ",", &mut out);
    (Bytes::from(out), metadata_len)
}

fn write_members(members: &Map<String, Value>, before_first: &str, out: &mut Vec<u8>) {
    let mut separator = before_first;
    for (name, value) in members {
        out.extend_from_slice(separator.as_bytes());
        write(name, out);
        out.push(b':');
        write(value, out);
        separator = ",";
    }
}

fn write<T: serde::Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    // Writing to memory does not fail, nor does encoding a string or a `Value`.
    let _ = serde_json::to_writer(out, value);
}
