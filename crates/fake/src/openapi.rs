//! OpenAPI documents: the schemas of all kinds, and what can be done with them.
//!
//! Clients explain, complete, validate and merge by them, and find out whether the server validates fields and knows dry runs. Newer
//! ones look into version 3, older ones into version 2. Built-in kinds have no descriptions.

mod built_in;
mod custom;
mod dialect;
mod operations;
mod paths;
mod v2;
mod v3;

use bytes::Bytes;
use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, LOCATION,
};
use http::request::Parts;
use http::{Response, StatusCode};

use crate::http::{Body, Query, Refusal, respond};
use crate::registry::Catalog;

pub(crate) use v3::Documents;

const JSON: &str = "application/json";

const TITLE: &str = "Kubernetes";
const VERSION: &str = "v1.36.2";

/// Answers a request below `/openapi`.
///
/// # Errors
///
/// 404 as a page for what is no such document.
pub(crate) fn answer(
    catalog: &Catalog,
    path: &str,
    head: &Parts,
    query: &Query,
) -> Result<Response<Body>, Refusal> {
    let documents = || catalog.openapi.get_or_init(|| Documents::of(catalog));
    match path {
        "/openapi/v2" => Ok(version_2(&documents().whole, head)),
        // The API server writes the index itself and does not say that it is JSON.
        "/openapi/v3" => Ok(respond::bytes(
            documents().index.clone(),
            "text/plain; charset=utf-8",
            [],
        )),
        _ => {
            let name = path.strip_prefix("/openapi/v3/").ok_or(Refusal::Page)?;
            Ok(match documents().find(name) {
                Some(document) => version_3(document, name, head, query),
                None => empty(StatusCode::NOT_FOUND, []),
            })
        }
    }
}

fn version_2(documents: &v2::Documents, head: &Parts) -> Response<Body> {
    let accepts = |accepted: &str| {
        let values = head
            .headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok());
        values.into_iter().any(|value| value.contains(accepted))
    };
    if accepts(v2::ASKED) || accepts(v2::PROTOBUF) {
        let (hash, document) = documents.protobuf();
        unless_known(head, hash, v2::PROTOBUF, document)
    } else {
        let (hash, document) = documents.json();
        unless_known(head, hash, JSON, document)
    }
}

/// A document, for those who do not have it.
fn unless_known(
    head: &Parts,
    hash: &str,
    content_type: &'static str,
    document: impl FnOnce() -> Bytes,
) -> Response<Body> {
    let etag = (ETAG, v3::etag(hash));
    match head.headers.get(IF_NONE_MATCH) == Some(&etag.1) {
        true => empty(StatusCode::NOT_MODIFIED, [etag]),
        false => respond::bytes(document(), content_type, [etag]),
    }
}

/// A document under its hash never changes; under another it has moved.
fn version_3(document: &v3::Document, name: &str, head: &Parts, query: &Query) -> Response<Body> {
    let etag = (ETAG, document.etag());
    if head.headers.get(IF_NONE_MATCH) == Some(&etag.1) {
        return empty(StatusCode::NOT_MODIFIED, [etag]);
    }
    match query.get("hash") {
        None => respond::bytes(document.json(), JSON, [etag]),
        Some(hash) if hash == document.hash => {
            let forever = (CACHE_CONTROL, HeaderValue::from_static("public, immutable"));
            respond::bytes(document.json(), JSON, [etag, forever])
        }
        Some(_) => {
            let url = HeaderValue::try_from(document.url(name));
            let moved = url.ok().map(|url| (LOCATION, url));
            let json = (CONTENT_TYPE, HeaderValue::from_static(JSON));
            empty(
                StatusCode::MOVED_PERMANENTLY,
                moved.into_iter().chain([json]),
            )
        }
    }
}

fn empty(
    code: StatusCode,
    headers: impl IntoIterator<Item = (http::HeaderName, HeaderValue)>,
) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = code;
    response.headers_mut().extend(headers);
    response
}
