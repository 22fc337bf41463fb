//! The rules of built-in kinds: what their types allow, which fields must be there, and what cannot change.
//!
//! `fields` is a table of rules of single fields, wherever their type is used. The other modules look at several fields at once.

mod autoscaling;
mod batch;
mod budgets;
mod containers;
mod env;
mod fields;
mod immutable;
mod networking;
mod percent;
mod pod_spec;
mod probes;
mod resources;
mod rule;
mod selectors;
mod storage;
mod types;
mod volumes;
mod workloads;

use serde_json::{Map, Value};

use crate::failure::{FieldError, FieldErrors};
use crate::registry::Resource;
use crate::request::Document;
use crate::schema::{Schema, Typed};
use crate::strategy::{Part, Write};

pub(crate) use immutable::immutable;
pub(crate) use selectors::matches as selects;

/// An object with fields.
type Object = Map<String, Value>;

/// What is wrong with an object of a built-in kind that is about to be written; a status has no rules.
pub(crate) fn check(resource: &Resource, write: &Write<'_>, new: &Document) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if resource.is_custom() || write.part != Part::Main {
        return errors;
    }
    let schema = Schema::of_built_in(&resource.group, &resource.version, &resource.kind);
    schema.walk(new, &mut |typed| check_object(typed, &mut errors));
    if let Some(old) = write.old {
        immutable::check(&resource.group, &resource.plural, old, new, &mut errors);
    }
    errors
}

fn check_object(typed: Typed<'_>, errors: &mut FieldErrors) {
    if !types::CHOOSE_THEMSELVES.contains(&typed.name) {
        for (path, value, choices) in typed.choices() {
            if !value.is_empty() && choices.iter().all(|choice| choice != value) {
                let choices: Vec<&str> = choices.iter().map(String::as_str).collect();
                errors.push(FieldError::not_supported(path, value, &choices));
            }
        }
    }
    for (field, rule) in fields::of(typed.name) {
        rule.check(&typed.at(field), typed.object.get(*field), errors);
    }
    if let Some(check) = types::of(typed.name) {
        check(typed, errors);
    }
}

/// A text of an object, empty if it is absent.
fn text<'a>(object: &'a Object, field: &str) -> &'a str {
    object.get(field).and_then(Value::as_str).unwrap_or("")
}

/// A number of an object.
fn number(object: &Object, field: &str) -> Option<i64> {
    object.get(field).and_then(Value::as_i64)
}

/// The objects in a list of an object, with their places.
fn items<'a>(object: &'a Object, field: &str) -> impl Iterator<Item = (usize, &'a Object)> {
    let list = object.get(field).and_then(Value::as_array);
    let items = list.into_iter().flatten().enumerate();
    items.filter_map(|(index, item)| Some((index, item.as_object()?)))
}

/// An object within an object.
fn member<'a>(object: &'a Object, field: &str) -> Option<&'a Object> {
    object.get(field).and_then(Value::as_object)
}
