//! Answers in protobuf.

use bytes::{BufMut, Bytes, BytesMut};
use futures::{StreamExt, stream};
use serde_json::Value;

use super::body::Body;
use super::negotiate::{MetaVersion, Shape};
use super::refusal;
use super::respond::{list_metadata, list_types, metadata_types};
use crate::answer::List;
use crate::failure::{self, Failure};
use crate::object::{Object, Types};
use crate::protobuf::{self, Message, Seal};

/// How many items a piece of a list has.
const PIECE: usize = 250;

/// The fields of every list.
const METADATA: u32 = 1;
const ITEMS: u32 = 2;

/// Writes an object.
///
/// # Errors
///
/// 406 for a shape that an object cannot have.
pub(super) fn object(object: &Object, types: Types, shape: Shape) -> Result<Body, Failure> {
    let types = match shape {
        Shape::Whole => types,
        Shape::Metadata(version) => metadata_types(version),
        Shape::MetadataList(_) | Shape::Table(_) => return Err(refused()),
    };
    let message = object.as_protobuf(message(&types)?)?;
    let seal = Seal::new(&types, message.len());
    let mut out = BytesMut::with_capacity(seal.len());
    out.put_slice(seal.head());
    message.write(&mut out);
    out.put_slice(Seal::TAIL);
    Ok(Body::full(out.freeze()))
}

/// Writes a list. Its length must be known at its beginning, so all items are encoded first, and then written in pieces.
///
/// # Errors
///
/// 406 for a shape that a list cannot have.
pub(super) fn list(list: List, shape: Shape) -> Result<Body, Failure> {
    let (types, item_types) = match shape {
        Shape::Whole => (list_types(&list), list.resource.types.clone()),
        Shape::MetadataList(version) => (metadata_list_types(version), metadata_types(version)),
        Shape::Metadata(_) | Shape::Table(_) => return Err(refused()),
    };
    let item = message(&item_types)?;
    let mut metadata = Vec::new();
    let json = list_metadata(&list).to_string();
    encode(json.as_bytes(), known("meta.v1.ListMeta")?, &mut metadata)?;

    let mut length = protobuf::text_len(METADATA, metadata.len());
    for object in &list.items {
        length += protobuf::text_len(ITEMS, object.as_protobuf(item)?.len());
    }
    let mut head = BytesMut::from(Seal::new(&types, length).head());
    protobuf::put_text(METADATA, &metadata, &mut head);
    Ok(pieces(head.freeze(), list.items, item))
}

fn pieces(head: Bytes, items: Vec<Object>, message: &'static Message) -> Body {
    let is_short = items.len() <= PIECE;
    let mut items = items.into_iter();
    let middle = std::iter::from_fn(move || {
        let piece: Vec<Object> = items.by_ref().take(PIECE).collect();
        let mut out = BytesMut::new();
        for object in &piece {
            // It has been encoded before, so this does not fail.
            let encoded = object.as_protobuf(message).ok()?;
            protobuf::put_key(ITEMS, encoded.len(), &mut out);
            encoded.write(&mut out);
        }
        (!piece.is_empty()).then(|| out.freeze())
    });
    let pieces = std::iter::once(head)
        .chain(middle)
        .chain(std::iter::once(Bytes::from_static(Seal::TAIL)));
    match is_short {
        true => Body::full(pieces.flatten().collect::<Bytes>()),
        false => Body::pieces(stream::iter(pieces).boxed()),
    }
}

/// Writes a document that is no object of a resource, such as a status; `json` is the text of `document`.
pub(super) fn document(document: &Value, json: &[u8]) -> Bytes {
    let text = |field: &str| document[field].as_str().unwrap_or("");
    let api_version = text("apiVersion");
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    let types = Types::new(group, version, text("kind"));
    let mut bytes = Vec::with_capacity(json.len());
    // The documents that are written this way all have a message, and fields of the right types.
    let _ = message(&types).and_then(|message| encode(json, message, &mut bytes));
    protobuf::sealed(&types, &bytes).into()
}

/// Encodes JSON of the server's own making.
pub(super) fn encode(
    json: &[u8],
    message: &'static Message,
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    protobuf::encode(json, message, out).map_err(failure::unexpected)
}

/// The message of a kind. Others have been refused by negotiation, but for kinds that have none at all.
pub(super) fn message(types: &Types) -> Result<&'static Message, Failure> {
    protobuf::message(types).ok_or_else(refused)
}

fn known(name: &str) -> Result<&'static Message, Failure> {
    protobuf::named(name).ok_or_else(refused)
}

fn metadata_list_types(version: MetaVersion) -> Types {
    Types::new("meta.k8s.io", version.name(), "PartialObjectMetadataList")
}

fn refused() -> Failure {
    refusal::not_acceptable(&["application/json", "application/yaml"])
}
