//! Whether an applied document fits its schema.

use std::collections::BTreeSet;

use serde_json::Value;

use super::shape::{Fields, Form, List, ScalarKind, Type};

/// Checks types, that all fields are known, and that no item is there twice.
///
/// # Errors
///
/// Fails with all that is wrong, in the words of the API server.
pub(crate) fn check(shape: Type<'_>, value: &Value) -> Result<(), String> {
    let mut errors = Vec::new();
    visit(shape, value, "", &mut errors);
    match errors.as_slice() {
        [] => Ok(()),
        [error] => Err(error.clone()),
        errors => Err(format!("errors:\n  {}", errors.join("\n  "))),
    }
}

fn visit(shape: Type<'_>, value: &Value, path: &str, errors: &mut Vec<String>) {
    if value.is_null() {
        return;
    }
    let problem = match (shape.form(Some(value)), value) {
        (Some(Form::Map(fields)), Value::Object(_)) => {
            return visit_fields(fields, value, path, errors);
        }
        (Some(Form::List(list)), Value::Array(items)) => {
            return visit_items(list, items, path, errors);
        }
        (Some(Form::Scalar(kind)), value) => match mismatch(kind, value) {
            Some(wanted) => format!("expected {wanted}, got {value}"),
            None => return,
        },
        (Some(Form::Map(_)), value) => format!("expected map, got {value}"),
        (Some(Form::List(_)), value) => format!("expected list, got {value}"),
        (None, _) => return,
    };
    errors.push(format!("{path}: {problem}"));
}

fn mismatch(kind: ScalarKind, value: &Value) -> Option<&'static str> {
    match kind {
        ScalarKind::Number if !value.is_number() => Some("numeric (int or float)"),
        ScalarKind::Text if !value.is_string() => Some("string"),
        ScalarKind::Bool if !value.is_boolean() => Some("boolean"),
        ScalarKind::Any if value.is_array() || value.is_object() => Some("any scalar"),
        _ => None,
    }
}

fn visit_fields(fields: Fields<'_>, value: &Value, path: &str, errors: &mut Vec<String>) {
    for (name, member) in value.as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        match fields.field(name) {
            Some(shape) => visit(shape, member, &path, errors),
            None => errors.push(format!("{path}: field not declared in schema")),
        }
    }
}

fn visit_items(list: List<'_>, items: &[Value], path: &str, errors: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for (at, item) in items.iter().enumerate() {
        if list.is_atomic() {
            visit(list.items(), item, &format!("{path}[{at}]"), errors);
            continue;
        }
        match list.element(item) {
            Ok(element) => {
                visit(list.items(), item, &format!("{path}{element}"), errors);
                if seen.contains(&element) {
                    errors.push(format!("{path}: duplicate entries for key {element}"));
                }
                seen.insert(element);
            }
            Err(error) => {
                errors.push(format!("{path}: element {at}: {error}"));
                return;
            }
        }
    }
}
