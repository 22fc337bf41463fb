//! What may be written in a schema at all.

use super::{Below, below, combined, extensions};
use crate::crd::schema::{Items, Path, Structural};
use crate::failure::{FieldError, FieldErrors};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Checks a schema and all below it.
pub(super) fn check(schema: &Structural, path: &Path<'_>, errors: &mut FieldErrors) {
    check_node(schema, path, Around::Root, errors);
}

/// What a node is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Around {
    Root,
    Nothing,
    /// The kind, the version or the metadata of a resource.
    Resource,
    /// The same of the object itself, where there cannot be defaults.
    Object,
}

fn check_node(schema: &Structural, path: &Path<'_>, around: Around, errors: &mut FieldErrors) {
    check_words(schema, path, around, errors);
    extensions::check(schema, path, errors);
    combined(schema, path, |schema, path| {
        check_node(schema, path, Around::Nothing, errors);
    });
    below(schema, path, |below, path, what| {
        let is_own = matches!(what, Below::Property("kind" | "apiVersion" | "metadata"));
        let around = match around {
            Around::Root if is_own => Around::Object,
            Around::Object | Around::Resource => around,
            _ if is_own && schema.embeds_resource => Around::Resource,
            _ => Around::Nothing,
        };
        check_node(below, path, around, errors);
    });
}

fn check_words(schema: &Structural, path: &Path<'_>, around: Around, errors: &mut FieldErrors) {
    let kind = schema.kind.as_str();
    let mut forbid = |name: &str, detail: &str| {
        let path = path.field(name).to_string();
        errors.push(FieldError::forbidden(path, detail));
    };
    for name in schema.unsupported() {
        forbid(name, &format!("{name} is not supported"));
    }
    if kind == "null" {
        forbid(
            "type",
            "type cannot be set to null, use nullable as an alternative",
        );
    }
    if schema.unique_items {
        forbid(
            "uniqueItems",
            "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
        );
    }
    if matches!(schema.items, Some(Items::Several(_))) {
        forbid("items", "items must be a schema object and not an array");
    }
    if schema.default.is_some() && around == Around::Object {
        forbid("default", "must not be set in top-level metadata");
    }
    if schema.embeds_resource && matches!(around, Around::Object | Around::Resource) {
        forbid(
            "x-kubernetes-embedded-resource",
            "must not be used inside of resource meta",
        );
    }
    if !schema.properties.is_empty() && schema.value().is_some() {
        forbid(
            "additionalProperties",
            "additionalProperties and properties are mutual exclusive",
        );
    }
    if !kind.is_empty() && !TYPES.contains(&kind) {
        let path = path.field("type").to_string();
        errors.push(FieldError::not_supported(path, kind, &TYPES));
    }
}
