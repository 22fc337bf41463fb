//! What the schemas of a definition must look like: structural, which means that every node has a type and that what is combined only
//! narrows what has been said before, with defaults that are valid themselves.

mod compiled;
mod defaults;
mod documents;
mod extensions;
mod structural;
mod validations;

use serde::Deserialize;
use serde_json::Value;

use super::Place;
use crate::crd::schema::{Path, Structural};
use crate::failure::{FieldError, FieldErrors};

/// What may be said at the root of a schema whose status is checked on its own.
const BESIDE_STATUS: [&str; 22] = [
    "description",
    "type",
    "format",
    "title",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "multipleOf",
    "required",
    "items",
    "properties",
    "externalDocs",
    "example",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-validations",
];

/// Checks the schemas of all versions.
pub(super) fn check(versions: &[Value], errors: &mut FieldErrors) {
    for (index, version) in versions.iter().enumerate() {
        let schema = version.pointer("/schema/openAPIV3Schema");
        if schema.is_none_or(Value::is_null) {
            let path = format!("spec.versions[{index}].schema.openAPIV3Schema");
            errors.push(FieldError::required(path, "schemas are required"));
        }
    }
    let place = Place::of(versions, "schema", "validation");
    for (version, path) in place.versions(versions) {
        if let Some(schema) = version.pointer("/schema/openAPIV3Schema") {
            check_one(schema, version, &format!("{path}.openAPIV3Schema"), errors);
        }
    }
}

fn check_one(json: &Value, version: &Value, path: &str, errors: &mut FieldErrors) {
    let schema = match Structural::deserialize(json) {
        Ok(schema) => schema,
        Err(error) => {
            errors.push(FieldError::invalid(path, "", error));
            return;
        }
    };
    if version.pointer("/subresources/status").is_some() {
        check_beside_status(json, path, errors);
    }
    if schema.nullable {
        let detail = "nullable cannot be true at the root";
        errors.push(FieldError::forbidden(format!("{path}.nullable"), detail));
    }
    let place = Path::At(path);
    let mut found = FieldErrors::default();
    structural::check(&schema, &place, &mut found);
    let is_structural = found.is_empty();
    if is_structural {
        defaults::check(&schema, &place, &mut found);
    }
    documents::check(&schema, &place, &mut found);
    validations::check(&schema, &place, &mut found);
    if found.is_empty() {
        compiled::check(&schema, &place, &mut found);
    }
    found.sort();
    errors.append(found);
}

fn check_beside_status(json: &Value, path: &str, errors: &mut FieldErrors) {
    let fields = json
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys());
    let mut strange = fields.filter(|field| !BESIDE_STATUS.contains(&field.as_str()));
    if strange.next().is_some() {
        let allowed = BESIDE_STATUS.join(" ");
        let detail = format!(
            "only [{allowed}] fields are allowed at the root of the schema if the status subresource is enabled"
        );
        errors.push(FieldError::invalid(path, json.clone(), detail));
    }
}

/// The schemas directly below one, each with its path.
fn below<'a>(
    schema: &'a Structural,
    path: &Path<'_>,
    mut visit: impl FnMut(&'a Structural, &Path<'_>, Below<'a>),
) {
    let properties = path.field("properties");
    for (name, property) in &schema.properties {
        visit(property, &properties.key(name), Below::Property(name));
    }
    if let Some(item) = schema.item() {
        visit(item, &path.field("items"), Below::Item);
    }
    if let Some(value) = schema.value() {
        visit(value, &path.field("additionalProperties"), Below::Value);
    }
}

/// What a schema is to the one above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Below<'a> {
    Property(&'a str),
    Item,
    Value,
}

/// The schemas that a schema is made of, each with its path.
fn combined<'a>(
    schema: &'a Structural,
    path: &Path<'_>,
    mut visit: impl FnMut(&'a Structural, &Path<'_>),
) {
    let lists = [
        ("allOf", &schema.all_of),
        ("anyOf", &schema.any_of),
        ("oneOf", &schema.one_of),
    ];
    for (name, schemas) in lists {
        let path = path.field(name);
        for (index, schema) in schemas.iter().enumerate() {
            visit(schema, &path.index(index));
        }
    }
    if let Some(not) = &schema.not {
        visit(not, &path.field("not"));
    }
}
