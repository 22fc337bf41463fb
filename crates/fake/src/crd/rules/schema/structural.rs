//! Whether a schema is structural.

use super::{Below, below, combined};
use crate::crd::schema::{Path, Structural};
use crate::failure::{FieldError, FieldErrors};

/// Where a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Root,
    Field,
    Item,
}

pub(super) fn check(schema: &Structural, path: &Path<'_>, errors: &mut FieldErrors) {
    check_node(schema, Level::Root, path, errors);
}

fn check_node(schema: &Structural, level: Level, path: &Path<'_>, errors: &mut FieldErrors) {
    check_type(schema, level, path, errors);
    check_resource(schema, level, path, errors);
    if schema.kind == "array" && schema.items.is_none() {
        required(path.field("items"), "must be specified", errors);
    }
    if schema.additional_properties.is_some() && level == Level::Root {
        let path = path.field("additionalProperties");
        forbidden(path, "must not be used at the root", errors);
    }
    check_pattern(schema, path, errors);
    let is_int_or_string = schema.int_or_string;
    if is_int_or_string && schema.preserves_unknown() {
        let path = path.field("x-kubernetes-preserve-unknown-fields");
        let detail = "must be false if x-kubernetes-int-or-string is true";
        errors.push(FieldError::invalid(path.to_string(), true, detail));
    }
    if is_int_or_string && schema.embeds_resource {
        let path = path.field("x-kubernetes-embedded-resource");
        let detail = "must be false if x-kubernetes-int-or-string is true";
        errors.push(FieldError::invalid(path.to_string(), true, detail));
    }
    combined(schema, path, |narrower, at| {
        if !is_int_or_string_pattern(narrower, schema) {
            check_narrower(narrower, at, errors);
        }
        check_known(narrower, schema, path, at, errors);
    });
    below(schema, path, |schema, path, what| {
        let level = match what {
            Below::Item => Level::Item,
            Below::Property(_) | Below::Value => Level::Field,
        };
        check_node(schema, level, path, errors);
    });
}

fn check_type(schema: &Structural, level: Level, path: &Path<'_>, errors: &mut FieldErrors) {
    let path = path.field("type");
    let kind = schema.kind.as_str();
    if schema.embeds_resource && kind != "object" {
        let detail = "must be object if x-kubernetes-embedded-resource is true";
        match kind {
            "" => required(path, detail, errors),
            kind => errors.push(FieldError::invalid(path.to_string(), kind, detail)),
        }
    } else if kind.is_empty() && !schema.int_or_string && !schema.preserves_unknown() {
        let detail = match level {
            Level::Root => "must not be empty at the root",
            Level::Item => "must not be empty for specified array items",
            Level::Field => "must not be empty for specified object fields",
        };
        required(path, detail, errors);
    }
    if level == Level::Root && !kind.is_empty() && kind != "object" {
        let detail = "must be object at the root";
        errors.push(FieldError::invalid(path.to_string(), kind, detail));
    }
}

/// The fields that every resource has cannot be described otherwise than they are.
fn check_resource(schema: &Structural, level: Level, path: &Path<'_>, errors: &mut FieldErrors) {
    let is_resource = level == Level::Root || schema.embeds_resource;
    let properties = path.field("properties");
    if is_resource {
        for (name, kind) in [
            ("kind", "string"),
            ("apiVersion", "string"),
            ("metadata", "object"),
        ] {
            let Some(property) = schema.properties.get(name) else {
                continue;
            };
            if property.kind != kind {
                let at = properties.key(name);
                let path = at.field("type").to_string();
                let detail = format!("must be {kind}");
                errors.push(FieldError::invalid(path, property.kind.as_str(), detail));
            }
        }
    }
    if let Some(metadata) = schema
        .properties
        .get("metadata")
        .filter(|_| level == Level::Root)
        && !describes_only_names(metadata)
    {
        let detail = "must not specify anything other than name and generateName, but metadata is implicitly specified";
        forbidden(properties.key("metadata"), detail, errors);
    }
    if schema.embeds_resource && schema.additional_properties.is_some() {
        let detail = "must not be used if x-kubernetes-embedded-resource is set";
        forbidden(path.field("additionalProperties"), detail, errors);
    }
    if schema.embeds_resource && !schema.preserves_unknown() && schema.properties.is_empty() {
        let detail = "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
        required(properties, detail, errors);
    }
}

fn describes_only_names(metadata: &Structural) -> bool {
    let mut names = metadata.properties.keys();
    let only_names = names.all(|name| matches!(name.as_str(), "name" | "generateName"));
    let rest = Structural {
        kind: String::new(),
        default: None,
        properties: Default::default(),
        ..metadata.clone()
    };
    only_names && rest == Structural::default()
}

fn check_pattern(schema: &Structural, path: &Path<'_>, errors: &mut FieldErrors) {
    if let Some(problem) = schema.pattern.problem() {
        let detail = format!("must be a valid regular expression, but isn't: {problem}");
        let path = path.field("pattern").to_string();
        errors.push(FieldError::invalid(path, schema.pattern.as_str(), detail));
    }
}

/// The one way of saying in a narrower schema what types there are: an integer or a string.
fn is_int_or_string_pattern(narrower: &Structural, of: &Structural) -> bool {
    let is = |schemas: &[Structural]| {
        let only = |kind: &str| Structural {
            kind: kind.to_owned(),
            ..Structural::default()
        };
        schemas == [only("integer"), only("string")]
    };
    let contains =
        |schemas: &[Structural]| schemas.iter().any(|schema| std::ptr::eq(schema, narrower));
    (is(&of.any_of) && contains(&of.any_of))
        || of
            .all_of
            .first()
            .is_some_and(|first| std::ptr::eq(first, narrower) && is(&first.any_of))
}

/// A schema that is combined with others may only narrow values, not describe them.
fn check_narrower(schema: &Structural, path: &Path<'_>, errors: &mut FieldErrors) {
    let empty = "must be empty to be structural";
    let undefined = "must be undefined to be structural";
    let off = "must be false to be structural";
    let said = [
        ("type", !schema.kind.is_empty(), empty),
        ("title", !schema.title.is_empty(), empty),
        ("description", !schema.description.is_empty(), empty),
        ("nullable", schema.nullable, off),
        ("default", schema.default.is_some(), undefined),
        (
            "additionalProperties",
            schema.additional_properties.is_some(),
            undefined,
        ),
        (
            "x-kubernetes-preserve-unknown-fields",
            schema.preserves_unknown(),
            off,
        ),
        (
            "x-kubernetes-embedded-resource",
            schema.embeds_resource,
            off,
        ),
        ("x-kubernetes-int-or-string", schema.int_or_string, off),
        (
            "x-kubernetes-list-map-keys",
            !schema.list_map_keys.is_empty(),
            empty,
        ),
        (
            "x-kubernetes-list-type",
            schema.list_type.is_some(),
            undefined,
        ),
        (
            "x-kubernetes-map-type",
            schema.map_type.is_some(),
            undefined,
        ),
        ("x-kubernetes-validations", !schema.rules.is_empty(), empty),
    ];
    for (name, _, detail) in said.into_iter().filter(|(_, is_said, _)| *is_said) {
        forbidden(path.field(name), detail, errors);
    }
    if schema.properties.contains_key("metadata") {
        let properties = path.field("properties");
        let detail = "must not be specified in a nested context";
        forbidden(properties.key("metadata"), detail, errors);
    }
    check_pattern(schema, path, errors);
    combined(schema, path, |schema, path| {
        check_narrower(schema, path, errors)
    });
    below(schema, path, |schema, path, what| {
        if what != Below::Value {
            check_narrower(schema, path, errors);
        }
    });
}

/// What is narrowed must have been described.
fn check_known(
    narrower: &Structural,
    schema: &Structural,
    path: &Path<'_>,
    at: &Path<'_>,
    errors: &mut FieldErrors,
) {
    combined(narrower, at, |narrower, at| {
        check_known(narrower, schema, path, at, errors)
    });
    below(narrower, at, |narrower, at, what| {
        let properties = path.field("properties");
        let (described, path) = match what {
            Below::Property(name) => (schema.properties.get(name), properties.key(name)),
            Below::Item => (schema.item(), path.field("items")),
            Below::Value => return,
        };
        match described {
            Some(schema) => check_known(narrower, schema, &path, at, errors),
            None => required(path, &format!("because it is defined in {at}"), errors),
        }
    });
}

fn required(path: Path<'_>, detail: &str, errors: &mut FieldErrors) {
    errors.push(FieldError::required(path.to_string(), detail));
}

fn forbidden(path: Path<'_>, detail: &str, errors: &mut FieldErrors) {
    errors.push(FieldError::forbidden(path.to_string(), detail));
}
