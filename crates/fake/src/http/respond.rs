//! From answers to responses.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WARNING};
use http::{HeaderName, Response, StatusCode};
use kubekit_core::Status;
use serde::Serialize;
use serde_json::Value;

use super::body::Body;
use super::negotiate::{Encoding, MetaVersion, Representation, Shape};
use super::table::{Table, TableOptions};
use super::{long_list, protobuf, refusal, watch, yaml};
use crate::answer::{Answer, List, Payload};
use crate::failure::Failure;
use crate::object::{Object, Types};
use crate::registry::Resource;

/// Events in protobuf have a type of their own, those in JSON have not.
const PROTOBUF_STREAM: &str = "application/vnd.kubernetes.protobuf;stream=watch";

const TEXT: &str = "text/plain; charset=utf-8";

/// Writes an answer of the verbs. `table` is for who wants one.
///
/// # Errors
///
/// 406, when the client asked for something else than this answer can be made into.
pub(crate) fn answer(
    answer: Answer,
    resource: &Arc<Resource>,
    representation: Representation,
    table: TableOptions,
) -> Result<Response<Body>, Failure> {
    let content_type = match (&answer.payload, representation.encoding) {
        (Payload::Watch(_), Encoding::Protobuf) => PROTOBUF_STREAM,
        _ => representation.content_type(),
    };
    let body = match answer.payload {
        Payload::Watch(events) => watch::body(events, representation, table)?,
        Payload::Status(status) => encode(&status, representation),
        Payload::Object { types, object } if representation.encoding == Encoding::Protobuf => {
            protobuf::object(&object, types, representation.shape)?
        }
        Payload::Object { types, object } => {
            let json = object_json(&object, &types, resource, representation.shape, &table)?;
            finish(json, representation)
        }
        Payload::List(list) if representation.encoding == Encoding::Protobuf => {
            protobuf::list(list, representation.shape)?
        }
        Payload::List(list) if is_long(&list, representation) => {
            let types = list_types(&list);
            long_list::body(list, &types)
        }
        Payload::List(list) => finish(
            list_json(&list, representation.shape, &table)?,
            representation,
        ),
    };
    let mut response = respond(answer.code, content_type, body);
    for warning in &answer.warnings {
        // The API server does not warn in several lines.
        if warning.contains(char::is_control) {
            continue;
        }
        let text = format!("299 - {}", Value::from(warning.as_str()));
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().append(WARNING, value);
        }
    }
    Ok(response)
}

/// Writes a failure.
pub(crate) fn status(status: &Status, representation: Representation) -> Response<Body> {
    let code = StatusCode::from_u16(status.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = respond(
        code,
        representation.content_type(),
        encode(status, representation),
    );
    let delay = status
        .details
        .as_ref()
        .map_or(0, |details| details.retry_after_seconds);
    if delay > 0 {
        response.headers_mut().insert(RETRY_AFTER, delay.into());
    }
    response
}

/// Writes a document that is no object, such as those of discovery.
pub(crate) fn document(
    document: &impl Serialize,
    representation: Representation,
) -> Response<Body> {
    respond(
        StatusCode::OK,
        representation.content_type(),
        encode(document, representation),
    )
}

/// Writes bytes of a given type with further headers.
pub(crate) fn bytes(
    bytes: Bytes,
    content_type: &'static str,
    headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
) -> Response<Body> {
    let mut response = respond(StatusCode::OK, content_type, Body::full(bytes));
    for (name, value) in headers {
        response.headers_mut().insert(name, value);
    }
    response
}

/// Writes plain text.
pub(crate) fn text(code: StatusCode, text: &'static str) -> Response<Body> {
    respond(code, TEXT, Body::full(text))
}

/// What is answered where nothing is served.
pub(crate) fn page_not_found() -> Response<Body> {
    text(StatusCode::NOT_FOUND, "404 page not found\n")
}

fn respond(code: StatusCode, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = code;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    response
}

fn encode(document: &impl Serialize, representation: Representation) -> Body {
    let mut json = BytesMut::new();
    // Encoding to memory does not fail for documents whose keys are strings, as all of these are.
    let _ = serde_json::to_writer((&mut json).writer(), document);
    finish(json, representation)
}

/// Turns compact JSON into what the client reads. JSON ends with a line break unless it is pretty.
fn finish(mut json: BytesMut, representation: Representation) -> Body {
    if representation.encoding == Encoding::Json && !representation.pretty {
        json.put_u8(b'\n');
        return Body::full(json.freeze());
    }
    // What was encoded above decodes again.
    let value: Value = serde_json::from_slice(&json).unwrap_or_default();
    Body::full(match representation.encoding {
        Encoding::Protobuf => return Body::full(protobuf::document(&value, &json)),
        Encoding::Json => serde_json::to_string_pretty(&value).unwrap_or_default(),
        Encoding::Yaml => yaml::write(&value),
    })
}

/// The protobuf of a document of the server's own making that is there in JSON.
pub(crate) fn protobuf_of_json(json: &[u8]) -> Bytes {
    let value: Value = serde_json::from_slice(json).unwrap_or_default();
    protobuf::document(&value, json)
}

fn object_json(
    object: &Object,
    types: &Types,
    resource: &Arc<Resource>,
    shape: Shape,
    options: &TableOptions,
) -> Result<BytesMut, Failure> {
    let mut json = BytesMut::new();
    match shape {
        Shape::Whole => object.write_json(Some(types), &mut json),
        Shape::Metadata(version) => write_metadata(object, &metadata_types(version), &mut json),
        Shape::Table(version) => {
            let mut table = Table::new(resource, types, version, options);
            table.resource_version(object.revision());
            table.row(object);
            table.write(&mut json);
        }
        Shape::MetadataList(_) => return Err(refusal::not_acceptable(&["application/json"])),
    }
    Ok(json)
}

/// Appends an object's metadata as an object of `types`, which are those of [`metadata_types`].
pub(super) fn write_metadata(object: &Object, types: &Types, out: &mut BytesMut) {
    object.write_head(Some(types), out);
    out.put_slice(&object.shared_metadata());
    out.put_u8(b'}');
}

/// The types of objects of which there is only the metadata.
pub(super) fn metadata_types(version: MetaVersion) -> Types {
    Types::new("meta.k8s.io", version.name(), "PartialObjectMetadata")
}

/// Whether a list is to be written in pieces. Only compact JSON can be.
fn is_long(list: &List, representation: Representation) -> bool {
    list.items.len() >= long_list::FROM
        && representation.encoding == Encoding::Json
        && !representation.pretty
        && matches!(representation.shape, Shape::Whole)
}

pub(super) fn list_types(list: &List) -> Types {
    let resource = &list.resource;
    Types::new(&resource.group, &resource.version, &resource.list_kind)
}

fn list_json(list: &List, shape: Shape, options: &TableOptions) -> Result<BytesMut, Failure> {
    let mut json = BytesMut::new();
    match shape {
        Shape::Whole => {
            write_list_head(list, &list_types(list), &mut json);
            let item_types = list.resource.is_custom().then_some(&list.resource.types);
            json.put_u8(b'[');
            separated(&list.items, &mut json, |object, json| {
                object.write_json(item_types, json)
            });
            json.put_slice(b"]}");
        }
        Shape::MetadataList(version) => {
            let types = Types::new("meta.k8s.io", version.name(), "PartialObjectMetadataList");
            let item_types = metadata_types(version);
            write_list_head(list, &types, &mut json);
            // The API server makes these lists from nothing, so an empty one has no array.
            if list.items.is_empty() {
                json.put_slice(b"null}");
            } else {
                json.put_u8(b'[');
                separated(&list.items, &mut json, |object, json| {
                    write_metadata(object, &item_types, json)
                });
                json.put_slice(b"]}");
            }
        }
        Shape::Table(version) => {
            let mut table = Table::new(&list.resource, &list.resource.types, version, options);
            table.list(list);
            table.write(&mut json);
        }
        Shape::Metadata(_) => return Err(refusal::not_acceptable(&["application/json"])),
    }
    Ok(json)
}

/// Appends everything of a list up to its items.
pub(super) fn write_list_head(list: &List, types: &Types, out: &mut BytesMut) {
    out.put_u8(b'{');
    out.put_slice(types.json().as_bytes());
    out.put_slice(br#","metadata":"#);
    out.put_slice(list_metadata(list).to_string().as_bytes());
    out.put_slice(br#","items":"#);
}

/// The metadata of a list. Custom resources have an empty continue token where others have none.
pub(super) fn list_metadata(list: &List) -> Value {
    let mut metadata = serde_json::Map::new();
    metadata.insert(
        "resourceVersion".to_owned(),
        list.resource_version.to_string().into(),
    );
    let token = match &list.continue_token {
        Some(token) => Some(Cow::Borrowed(token.as_str())),
        None if list.resource.is_custom() => Some(Cow::Borrowed("")),
        None => None,
    };
    if let Some(token) = token {
        metadata.insert("continue".to_owned(), token.as_ref().into());
    }
    if let Some(remaining) = list.remaining_item_count {
        metadata.insert("remainingItemCount".to_owned(), remaining.into());
    }
    metadata.into()
}

fn separated<T>(items: &[T], out: &mut BytesMut, mut write: impl FnMut(&T, &mut BytesMut)) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.put_u8(b',');
        }
        write(item, out);
    }
}
