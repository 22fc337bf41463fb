//! An object as protobuf, encoded when somebody first asks for it and then shared like its JSON.

use std::sync::OnceLock;

use bytes::{BufMut, Bytes, BytesMut};

use super::Object;
use crate::failure::{self, Failure};
use crate::protobuf::{self, Message};

/// The key of `metadata` and that of `metadata.resourceVersion`.
const METADATA: u32 = 1;
const RESOURCE_VERSION: u32 = 6;

/// The messages of one content. There is one for every version somebody asks for, so hardly ever more than two.
#[derive(Debug, Default)]
pub(super) struct Encodings(OnceLock<Box<Node>>);

#[derive(Debug)]
struct Node {
    message: &'static Message,
    encoding: Encoding,
    next: Encodings,
}

/// A message but for `metadata.resourceVersion`, which belongs to the [`Object`].
#[derive(Debug)]
struct Encoding {
    /// The inside of `metadata` before the resource version.
    start: Bytes,
    /// The inside of `metadata` after it, and all other fields.
    rest: Bytes,
    /// How many bytes of `rest` are the inside of `metadata`.
    metadata_rest: usize,
}

/// An object as a message.
#[derive(Debug)]
pub(crate) struct AsProtobuf<'a> {
    encoding: &'a Encoding,
    /// Empty for an object that is not stored.
    resource_version: String,
}

impl Object {
    /// The object as a message, which is encoded only once.
    ///
    /// # Errors
    ///
    /// 500 for an object that has a field of another type than its kind.
    pub(crate) fn as_protobuf(&self, message: &'static Message) -> Result<AsProtobuf<'_>, Failure> {
        let encoding = self
            .content
            .protobuf
            .get(message, || self.encode(message))?;
        let resource_version = match self.revision {
            0 => String::new(),
            revision => revision.to_string(),
        };
        Ok(AsProtobuf {
            encoding,
            resource_version,
        })
    }

    fn encode(&self, message: &'static Message) -> Result<Encoding, Failure> {
        let mut json = BytesMut::new();
        self.at(0).write_json(None, &mut json);
        let mut bytes = Vec::with_capacity(json.len());
        protobuf::encode(&json, message, &mut bytes).map_err(failure::unexpected)?;
        Encoding::split(Bytes::from(bytes))
            .ok_or_else(|| failure::unexpected("an object without metadata has no protobuf"))
    }
}

impl Encodings {
    fn get(
        &self,
        message: &'static Message,
        encode: impl Fn() -> Result<Encoding, Failure>,
    ) -> Result<&Encoding, Failure> {
        let mut encodings = self;
        loop {
            let node = match encodings.0.get() {
                Some(node) => node,
                None => {
                    let encoding = encode()?;
                    // Somebody else may have been faster, perhaps with another message.
                    encodings.0.get_or_init(|| {
                        Box::new(Node {
                            message,
                            encoding,
                            next: Encodings::default(),
                        })
                    })
                }
            };
            if std::ptr::eq(node.message, message) {
                return Ok(&node.encoding);
            }
            encodings = &node.next;
        }
    }
}

impl Encoding {
    /// Finds the empty resource version in a message.
    fn split(bytes: Bytes) -> Option<Encoding> {
        let (metadata, resource_version) =
            protobuf::find(&bytes, METADATA).and_then(|metadata| {
                let found = protobuf::find(bytes.get(metadata.clone())?, RESOURCE_VERSION)?;
                Some((metadata, found))
            })?;
        // An empty text has two bytes: its key and its length.
        let at = metadata.start + resource_version.start;
        let start = bytes.slice(metadata.start..at.checked_sub(2)?);
        Some(Encoding {
            metadata_rest: metadata.end - at,
            rest: bytes.slice(at..),
            start,
        })
    }
}

impl AsProtobuf<'_> {
    /// The length of the message.
    pub(crate) fn len(&self) -> usize {
        let metadata = self.metadata_len();
        let others = self.encoding.rest.len() - self.encoding.metadata_rest;
        protobuf::text_len(METADATA, metadata) + others
    }

    /// Appends what comes before [`AsProtobuf::shared`].
    pub(crate) fn write_head(&self, out: &mut impl BufMut) {
        protobuf::put_key(METADATA, self.metadata_len(), out);
        out.put_slice(&self.encoding.start);
        protobuf::put_text(RESOURCE_VERSION, &self.resource_version, out);
    }

    /// All that comes after the resource version, shared by all readers.
    pub(crate) fn shared(&self) -> Bytes {
        self.encoding.rest.clone()
    }

    /// Appends the message.
    pub(crate) fn write(&self, out: &mut impl BufMut) {
        self.write_head(out);
        out.put_slice(&self.encoding.rest);
    }

    fn metadata_len(&self) -> usize {
        self.encoding.start.len()
            + protobuf::text_len(RESOURCE_VERSION, self.resource_version.len())
            + self.encoding.metadata_rest
    }
}
