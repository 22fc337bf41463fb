//! What is said about lists, maps and unknown fields.

use serde_json::Value;

use crate::crd::schema::{Path, Structural};
use crate::failure::{FieldError, FieldErrors};

const LIST_TYPE: &str = "x-kubernetes-list-type";
const LIST_MAP_KEYS: &str = "x-kubernetes-list-map-keys";
const MAP_TYPE: &str = "x-kubernetes-map-type";

/// Checks the extensions of one node.
pub(super) fn check(schema: &Structural, path: &Path<'_>, errors: &mut FieldErrors) {
    if schema.preserves_unknown == Some(false) {
        let path = path
            .field("x-kubernetes-preserve-unknown-fields")
            .to_string();
        errors.push(FieldError::invalid(
            path,
            false,
            "must be true or undefined",
        ));
    }
    if let Some(map_type) = &schema.map_type {
        check_type(schema, "object", MAP_TYPE, path, errors);
        check_word(MAP_TYPE, map_type, &["atomic", "granular"], path, errors);
    }
    if let Some(list_type) = &schema.list_type {
        check_type(schema, "array", LIST_TYPE, path, errors);
        check_word(
            LIST_TYPE,
            list_type,
            &["atomic", "set", "map"],
            path,
            errors,
        );
    }
    if !schema.list_map_keys.is_empty() && !schema.list_is("map") {
        let path = path.field(LIST_TYPE).to_string();
        let detail = "must be map if x-kubernetes-list-map-keys is non-empty";
        errors.push(match &schema.list_type {
            None => FieldError::required(path, detail),
            Some(list_type) => FieldError::invalid(path, list_type.as_str(), detail),
        });
    }
    match schema.list_type.as_deref() {
        Some("set") => check_set(schema, path, errors),
        Some("map") => check_map(schema, path, errors),
        _ => {}
    }
}

/// An extension is for one type only.
fn check_type(
    schema: &Structural,
    kind: &str,
    extension: &str,
    path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    if schema.kind == kind {
        return;
    }
    let path = path.field("type").to_string();
    let detail = format!("must be {kind} if {extension} is specified");
    errors.push(match schema.kind.as_str() {
        "" => FieldError::required(path, &detail),
        other => FieldError::invalid(path, other, detail),
    });
}

fn check_word(
    extension: &str,
    word: &str,
    words: &[&str],
    path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    if !words.contains(&word) {
        let path = path.field(extension).to_string();
        errors.push(FieldError::not_supported(path, word, words));
    }
}

fn check_set(schema: &Structural, path: &Path<'_>, errors: &mut FieldErrors) {
    let Some(item) = schema.item() else {
        return;
    };
    check_nullable(item, "set", path, errors);
    let (extension, word) = match item.kind.as_str() {
        "array" => (LIST_TYPE, item.list_type.as_deref().unwrap_or("atomic")),
        "object" => (MAP_TYPE, item.map_type.as_deref().unwrap_or("granular")),
        _ => return,
    };
    if word != "atomic" {
        let items = path.field("items");
        let path = items.field(extension).to_string();
        let detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
        errors.push(FieldError::invalid(path, word, detail));
    }
}

fn check_nullable(item: &Structural, list_type: &str, path: &Path<'_>, errors: &mut FieldErrors) {
    if item.nullable {
        let items = path.field("items");
        let detail = format!("cannot be nullable when x-kubernetes-list-type is {list_type}");
        errors.push(FieldError::forbidden(
            items.field("nullable").to_string(),
            detail,
        ));
    }
}

fn check_map(schema: &Structural, path: &Path<'_>, errors: &mut FieldErrors) {
    let keys = path.field(LIST_MAP_KEYS).to_string();
    if schema.list_map_keys.is_empty() {
        let detail = "must not be empty if x-kubernetes-list-type is map";
        errors.push(FieldError::required(&keys, detail));
    }
    let items = path.field("items");
    let Some(item) = schema.item() else {
        let detail = "must have a schema if x-kubernetes-list-type is map";
        errors.push(FieldError::required(items.to_string(), detail));
        return;
    };
    check_nullable(item, "map", path, errors);
    if item.kind != "object" {
        let detail = "must be object if parent array's x-kubernetes-list-type is map";
        let path = items.field("type").to_string();
        errors.push(FieldError::invalid(path, item.kind.as_str(), detail));
        return;
    }
    for (index, key) in schema.list_map_keys.iter().enumerate() {
        let mut refuse = |detail: &str| {
            let value: Value = schema.list_map_keys.clone().into();
            errors.push(FieldError::invalid(&keys, value, detail));
        };
        if schema.list_map_keys[..index].contains(key) {
            refuse("must not contain duplicate entries");
        }
        match item.properties.get(key) {
            None => refuse("entries must all be names of item properties"),
            Some(property) => check_key(key, property, item, &items, errors),
        }
    }
}

fn check_key(
    key: &str,
    property: &Structural,
    item: &Structural,
    items: &Path<'_>,
    errors: &mut FieldErrors,
) {
    let properties = items.field("properties");
    let path = properties.key(key);
    if matches!(property.kind.as_str(), "array" | "object") {
        let detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
        let path = path.field("type").to_string();
        errors.push(FieldError::invalid(path, item.kind.as_str(), detail));
    }
    if property.default.is_none() && !item.required.iter().any(|required| required == key) {
        let detail = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
        errors.push(FieldError::required(
            path.field("default").to_string(),
            detail,
        ));
    }
    if property.nullable {
        let detail = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
        errors.push(FieldError::forbidden(
            path.field("nullable").to_string(),
            detail,
        ));
    }
}
