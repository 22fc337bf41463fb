//! From what a request is for, its query and its body, to what the verbs answer.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::request::Parts;
use kubekit_core::PatchType;

use super::document::{self, BodyFormat};
use super::media::MediaRange;
use super::query::Query;
use super::route::{Target, Verb};
use super::{options, refusal};
use crate::access::User;
use crate::failure::Failure;
use crate::fields::Config;
use crate::object::Types;
use crate::registry::Resource;
use crate::request::{ApiRequest, DeleteOptions, Document, ListOptions, Operation, PatchBody};

/// Decodes all that a verb needs.
///
/// # Errors
///
/// What the API server refuses before it looks at any object: 400, 415 and 422 for options.
pub(crate) fn decode(
    target: Target,
    user: Arc<User>,
    head: &Parts,
    query: &Query,
    body: Bytes,
) -> Result<ApiRequest, Failure> {
    let operation = operation(&target, head, query, body)?;
    Ok(ApiRequest {
        user,
        resource: target.resource,
        subresource: target.subresource,
        namespace: target.namespace,
        // The name of a watched object is a selector.
        name: if target.verb == Verb::Watch {
            String::new()
        } else {
            target.name
        },
        operation,
    })
}

fn operation(
    target: &Target,
    head: &Parts,
    query: &Query,
    body: Bytes,
) -> Result<Operation, Failure> {
    Ok(match target.verb {
        Verb::Get => Operation::Get {
            options: options::get(query),
        },
        Verb::List => Operation::List {
            options: options::list(query)?,
        },
        Verb::Watch => Operation::Watch {
            options: selecting(options::list(query)?, &target.name),
        },
        Verb::Create => {
            let (body, oddities) = object(target, head, &body)?;
            let mut options = options::write(query, "CreateOptions", user_agent(head))?;
            options.oddities = oddities;
            Operation::Create { options, body }
        }
        Verb::Update => {
            let (body, oddities) = object(target, head, &body)?;
            let mut options = options::write(query, "UpdateOptions", user_agent(head))?;
            options.oddities = oddities;
            Operation::Update { options, body }
        }
        Verb::Patch => patch(target, head, query, body)?,
        Verb::Delete => Operation::Delete {
            options: delete_options(head, query, &body)?,
        },
        Verb::DeleteCollection => Operation::DeleteCollection {
            options: delete_options(head, query, &body)?,
            selection: options::list(query)?,
        },
    })
}

/// The object in a body, and what is odd about it.
fn object(target: &Target, head: &Parts, body: &[u8]) -> Result<(Document, Vec<String>), Failure> {
    let format = BodyFormat::of(content_type(head), &target.resource)?;
    document::decode(format, body, &target.resource, &target.types)
}

fn delete_options(head: &Parts, query: &Query, body: &[u8]) -> Result<DeleteOptions, Failure> {
    if body.is_empty() {
        return options::delete(query, None);
    }
    let types = Types::new("", "v1", "DeleteOptions");
    let body = BodyFormat::of_options(content_type(head))?.decode(body, &types)?;
    options::delete(query, Some(body))
}

/// The deprecated watch of one object is a watch of its name.
fn selecting(mut options: ListOptions, name: &str) -> ListOptions {
    if !name.is_empty() {
        let separator = if options.field_selector.is_empty() {
            ""
        } else {
            ","
        };
        options.field_selector =
            format!("{}{separator}metadata.name={name}", options.field_selector);
    }
    options
}

fn patch(target: &Target, head: &Parts, query: &Query, body: Bytes) -> Result<Operation, Failure> {
    let kind = patch_type(content_type(head), &target.resource)?;
    options::check_force(query, kind == PatchType::Apply)?;
    let mut options = options::write(query, "PatchOptions", user_agent(head))?;
    options.oddities = match kind {
        PatchType::Json => {
            let found = document::duplicates(&body).into_iter();
            found.map(|oddity| format!("json patch {oddity}")).collect()
        }
        PatchType::Merge | PatchType::StrategicMerge => document::duplicates(&body),
        _ => Vec::new(),
    };
    let patch = match kind {
        PatchType::Json => PatchBody::Json(body),
        PatchType::Merge => PatchBody::Merge(body),
        PatchType::StrategicMerge => PatchBody::StrategicMerge(body),
        PatchType::Apply => {
            let config = document::decode_config(&body, &target.types)?;
            let force = query.flag("force").unwrap_or(false);
            let config = Config {
                document: config,
                force,
            };
            return Ok(Operation::Apply { options, config });
        }
        _ => return Err(refusal::no_route_consumes()),
    };
    Ok(Operation::Patch { options, patch })
}

/// Reads the content type of a patch. Built-in resources are refused by the router, custom ones by the handler.
fn patch_type(content_type: Option<&str>, resource: &Resource) -> Result<PatchType, Failure> {
    const KNOWN: [PatchType; 4] = [
        PatchType::Json,
        PatchType::Merge,
        PatchType::StrategicMerge,
        PatchType::Apply,
    ];
    let essence = content_type
        .and_then(MediaRange::parse)
        .map_or("", |range| range.essence());
    let kind = KNOWN
        .into_iter()
        .find(|kind| kind.content_type() == essence);
    if resource.is_custom() {
        kind.filter(|kind| *kind != PatchType::StrategicMerge)
            .ok_or_else(|| {
                let types = [PatchType::Json, PatchType::Merge, PatchType::Apply]
                    .map(|kind| kind.content_type());
                refusal::unsupported_media_type(&types)
            })
    } else {
        kind.ok_or_else(refusal::no_route_consumes)
    }
}

fn user_agent(head: &Parts) -> &str {
    let value = head.headers.get(USER_AGENT).map(HeaderValue::to_str);
    value.and_then(Result::ok).unwrap_or_default()
}

fn content_type(head: &Parts) -> Option<&str> {
    head.headers.get(CONTENT_TYPE)?.to_str().ok()
}
