//! Objects in the bodies of requests.

mod protobuf;

use std::fmt::Display;

use serde_json::Value;

use super::media::{JSON, MediaRange, PROTOBUF, YAML};
use super::{refusal, yaml};
use crate::failure::{self, Failure, FieldError};
use crate::object::Types;
use crate::registry::Resource;
use crate::request::Document;
use crate::schema::Schema;
use crate::strict::{self, Tree};

/// The encoding of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyFormat {
    Json,
    Yaml,
    Protobuf,
}

impl BodyFormat {
    /// Reads a `Content-Type` header; a body without one is JSON.
    ///
    /// # Errors
    ///
    /// 415, naming what `resource` can be sent in.
    pub(crate) fn of(content_type: Option<&str>, resource: &Resource) -> Result<Self, Failure> {
        match essence(content_type) {
            JSON => Ok(Self::Json),
            YAML => Ok(Self::Yaml),
            PROTOBUF if !resource.is_custom() => Ok(Self::Protobuf),
            _ if resource.is_custom() => Err(refusal::unsupported_media_type(&[JSON, YAML])),
            _ => Err(refusal::unsupported_media_type(&[JSON, YAML, PROTOBUF])),
        }
    }

    /// The same for options, which custom resources have in all encodings.
    ///
    /// # Errors
    ///
    /// 415, naming all of them.
    pub(crate) fn of_options(content_type: Option<&str>) -> Result<Self, Failure> {
        match essence(content_type) {
            JSON => Ok(Self::Json),
            YAML => Ok(Self::Yaml),
            PROTOBUF => Ok(Self::Protobuf),
            _ => Err(refusal::unsupported_media_type(&[JSON, YAML, PROTOBUF])),
        }
    }

    /// Decodes a body as it is written. Gives what is odd about it whatever its type, too.
    ///
    /// # Errors
    ///
    /// 400, when it is not in this format.
    fn read(self, body: &[u8], types: &Types) -> Result<(Tree, Vec<String>), Failure> {
        match self {
            Self::Json => {
                let tree = serde_json::from_slice(body).map_err(unrecognized)?;
                Ok((tree, Vec::new()))
            }
            Self::Yaml => {
                let reading = yaml::read(body).map_err(unrecognized)?;
                let oddity = reading.oddity().into_iter();
                Ok((reading.value.into(), oddity.collect()))
            }
            Self::Protobuf => Ok((self.decode(body, types)?.into(), Vec::new())),
        }
    }

    /// Decodes a body that should be of `types`; if it says that it is of others, there may be nothing else in the document.
    ///
    /// # Errors
    ///
    /// 400, when it is not in this format.
    pub(crate) fn decode(self, body: &[u8], types: &Types) -> Result<Value, Failure> {
        match self {
            Self::Json => serde_json::from_slice(body).map_err(unrecognized),
            Self::Yaml => yaml::read(body)
                .map(|reading| reading.value)
                .map_err(unrecognized),
            Self::Protobuf => protobuf::decode(body, types).map_err(unrecognized),
        }
    }
}

fn unrecognized(error: impl Display) -> Failure {
    failure::bad_request(format!("the object provided is unrecognized: {error}"))
}

/// The fields that a patch has twice.
pub(crate) fn duplicates(patch: &[u8]) -> Vec<String> {
    // One that cannot be read is refused where it is carried out.
    let tree = serde_json::from_slice(patch);
    tree.map_or_else(
        |_| Vec::new(),
        |tree| strict::oddities(&tree, Schema::Unknown),
    )
}

/// Decodes an object that must be of `types`, and takes `kind` and `apiVersion` out of it. Gives what is odd about it, too.
///
/// Built-in types may leave them out. Custom resources may not, and object to another kind by a rule, not by decoding.
///
/// # Errors
///
/// 400 for what is no object or has other types, 422 for a custom resource of another kind.
pub(crate) fn decode(
    format: BodyFormat,
    body: &[u8],
    resource: &Resource,
    types: &Types,
) -> Result<(Document, Vec<String>), Failure> {
    let (tree, mut oddities) = format.read(body, types)?;
    oddities.extend(strict::oddities(&tree, Schema::of_types(types)));
    let Value::Object(mut document) = Value::from(tree) else {
        return Err(failure::bad_request("the body of the request is no object"));
    };
    let kind = take_text(&mut document, "kind")?;
    let api_version = take_text(&mut document, "apiVersion")?;
    if resource.is_custom() {
        check_custom(&kind, &api_version, &document, resource, types)?;
    } else {
        check_built_in(&kind, &api_version, types)?;
    }
    Ok((document, oddities))
}

/// The type and subtype of a `Content-Type` header.
fn essence(content_type: Option<&str>) -> &str {
    match content_type {
        None | Some("") => JSON,
        Some(text) => MediaRange::parse(text).map_or("", |range| range.essence()),
    }
}

/// Decodes a document to be applied, which must say that it is of `types`, and takes `kind` and `apiVersion` out of it.
///
/// # Errors
///
/// 400 for what is no object or of no or another kind.
pub(crate) fn decode_config(body: &[u8], types: &Types) -> Result<Document, Failure> {
    let Value::Object(mut document) = BodyFormat::Yaml.decode(body, types)? else {
        return Err(failure::bad_request(
            "error decoding YAML: the configuration is no object",
        ));
    };
    let kind = take_text(&mut document, "kind")?;
    let api_version = take_text(&mut document, "apiVersion")?;
    if kind != types.kind() || api_version != types.api_version() {
        let separator = if api_version.contains('/') { "" } else { "/" };
        return Err(failure::bad_request(format!(
            "invalid object type: {separator}{api_version}, Kind={kind}"
        )));
    }
    Ok(document)
}

fn take_text(document: &mut Document, field: &str) -> Result<String, Failure> {
    match document.remove(field) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(failure::bad_request(format!(
            "couldn't get version/kind; json parse error: {field} is no string"
        ))),
    }
}

fn check_built_in(kind: &str, api_version: &str, types: &Types) -> Result<(), Failure> {
    if !api_version.is_empty() && !is_read(api_version, types) {
        return Err(wrong_version(api_version, types));
    }
    if !kind.is_empty() && kind != types.kind() {
        return Err(failure::bad_request(format!(
            "{kind} in version {:?} cannot be handled as a {}",
            types.api_version(),
            types.kind()
        )));
    }
    Ok(())
}

/// Evictions can also be sent in a version that is served no more.
fn is_read(api_version: &str, types: &Types) -> bool {
    api_version == types.api_version()
        || (types.kind() == "Eviction" && api_version == "policy/v1beta1")
}

fn check_custom(
    kind: &str,
    api_version: &str,
    document: &Document,
    resource: &Resource,
    types: &Types,
) -> Result<(), Failure> {
    if kind.is_empty() {
        let text = Value::Object(document.clone()).to_string();
        return Err(failure::bad_request(format!(
            "Object 'Kind' is missing in '{text}'"
        )));
    }
    if !api_version.is_empty() && api_version != types.api_version() {
        return Err(wrong_version(api_version, types));
    }
    if kind != types.kind() {
        return Err(wrong_kind(kind, document, resource, types));
    }
    Ok(())
}

fn wrong_version(api_version: &str, types: &Types) -> Failure {
    failure::bad_request(format!(
        "the API version in the data ({api_version}) does not match the expected API version ({})",
        types.api_version()
    ))
}

fn wrong_kind(kind: &str, document: &Document, resource: &Resource, types: &Types) -> Failure {
    let name = document
        .get("metadata")
        .and_then(|metadata| metadata.get("name"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    let must = format!("must be {}", types.kind());
    let errors = FieldError::invalid("kind", kind, must).into();
    failure::invalid_kind(&resource.group, kind, name, errors)
}
