//! Lists whose items must be unique.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Path, Structural};
use crate::failure::{FieldError, FieldErrors};

/// Checks all sets and maps that are written as lists.
pub(crate) fn check(
    schema: &Structural,
    object: &Map<String, Value>,
    path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    for (name, value) in object {
        if let Some(property) = schema.properties.get(name) {
            check_value(property, value, &path.field(name), errors);
        } else if let Some(values) = schema.value() {
            check_value(values, value, &path.key(name), errors);
        }
    }
}

fn check_value(schema: &Structural, value: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    match value {
        Value::Object(object) => check(schema, object, path, errors),
        Value::Array(items) => check_list(schema, items, path, errors),
        _ => {}
    }
}

fn check_list(schema: &Structural, items: &[Value], path: &Path<'_>, errors: &mut FieldErrors) {
    match schema.list_type.as_deref() {
        Some("set") => report(items.iter().cloned(), path, errors),
        Some("map") => check_map(schema, items, path, errors),
        _ => {}
    }
    if let Some(schema) = schema.item() {
        for (index, item) in items.iter().enumerate() {
            check_value(schema, item, &path.index(index), errors);
        }
    }
}

fn check_map(schema: &Structural, items: &[Value], path: &Path<'_>, errors: &mut FieldErrors) {
    let mut strangers = items.iter().enumerate();
    let stranger = strangers.find(|(_, item)| !item.is_object() && !item.is_null());
    if let Some((index, item)) = stranger {
        let detail = "must be an object for an array of list-type map";
        let path = path.index(index).to_string();
        errors.push(FieldError::invalid(path, item.clone(), detail));
        return;
    }
    report(items.iter().map(|item| key(schema, item)), path, errors);
}

/// The fields that tell an item from others, as far as it has them.
fn key(schema: &Structural, item: &Value) -> Value {
    let fields = schema.list_map_keys.iter();
    let fields = fields.filter_map(|name| Some((name.clone(), item.get(name)?.clone())));
    Value::Object(fields.collect())
}

/// Reports the second of equal items, and not again a third.
fn report(items: impl Iterator<Item = Value>, path: &Path<'_>, errors: &mut FieldErrors) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (index, item) in items.enumerate() {
        let times = seen.entry(item.to_string()).or_insert(0);
        *times += 1;
        if *times == 2 {
            errors.push(FieldError::duplicate(path.index(index).to_string(), item));
        }
    }
}
