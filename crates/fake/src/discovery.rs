//! What the server has, told to clients: the documents below `/api` and `/apis`.

mod aggregated;
mod legacy;

use http::header::{ETAG, HeaderValue, IF_NONE_MATCH, VARY};
use http::request::Parts;
use http::{Method, Response, StatusCode};

use crate::failure;
use crate::http::{
    ApiPath, Body, Encoding, Endpoint, Query, Refusal, Representation, respond,
    wants_aggregated_discovery,
};
use crate::registry::Catalog;

pub(crate) use aggregated::Documents;

/// Answers a request for a discovery document.
///
/// # Errors
///
/// 404 for groups and versions that are not served, 405 for anything but reading, 406 for what cannot be produced.
pub(crate) fn answer(
    catalog: &Catalog,
    path: &ApiPath,
    head: &Parts,
    query: &Query,
) -> Result<Response<Body>, Refusal> {
    if let (ApiPath::CoreVersions | ApiPath::Groups, Some(encoding)) =
        (path, wants_aggregated_discovery(&head.headers))
    {
        return Ok(aggregated(catalog, path, head, encoding));
    }
    let document = match path {
        ApiPath::CoreVersions => legacy::core_versions(head),
        ApiPath::Groups => legacy::groups(catalog),
        ApiPath::Group(name) => {
            let group = catalog.group(name).filter(|group| !group.name.is_empty());
            legacy::group(group.ok_or(Refusal::Page)?)
        }
        ApiPath::Version { group, version } => {
            let group = catalog.group(group).ok_or(Refusal::Page)?;
            let missing = || match group.built_in {
                true => failure::resource_not_found().into(),
                false => Refusal::Page,
            };
            legacy::resources(group, group.version(version).ok_or_else(missing)?)
        }
        ApiPath::Resource(_) | ApiPath::Other(_) => return Err(Refusal::Page),
    };
    if head.method != Method::GET {
        return Err(failure::method_not_allowed().into());
    }
    let representation = Representation::negotiate(&head.headers, query, Endpoint::Document)?;
    Ok(respond::document(&document, representation))
}

/// Everything in one document, which a client that has it does not get again.
fn aggregated(
    catalog: &Catalog,
    path: &ApiPath,
    head: &Parts,
    encoding: Encoding,
) -> Response<Body> {
    let documents = catalog.documents.get_or_init(|| Documents::of(catalog));
    let document = match path {
        ApiPath::CoreVersions => &documents.core,
        _ => &documents.groups,
    };
    let known = head
        .headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == document.etag.as_bytes());
    let etag = (ETAG, document.etag.clone());
    if known {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().extend([etag]);
        return response;
    }
    let vary = (VARY, HeaderValue::from_static("Accept"));
    let (bytes, content_type) = match encoding {
        Encoding::Protobuf => (document.protobuf(), aggregated::PROTOBUF_TYPE),
        Encoding::Json | Encoding::Yaml => (document.json.clone(), aggregated::CONTENT_TYPE),
    };
    respond::bytes(bytes, content_type, [etag, vary])
}
