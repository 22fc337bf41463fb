//! The metadata that every object has: what the server fills in, keeps, moves and checks.

mod complete;
mod deletion;
mod finalizers;
mod keep;
pub(crate) mod names;
mod shape;
mod validate;

use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::request::Document;

pub(crate) use complete::{complete, generated_name};
pub(crate) use deletion::{Doom, doom, is_doomed, time};
pub(crate) use finalizers::{
    FOREGROUND, ORPHAN, collector_finalizers, finalizers, odd_finalizers, set_finalizers,
};

pub(crate) use keep::{generation, keep, move_generation};
pub(crate) use names::problems as name_problems;
pub(crate) use shape::{is_field, tidy};
pub(crate) use validate::{validate, validate_embedded, validate_update};

/// The inside of `metadata`.
pub(crate) type Metadata = Map<String, Value>;

/// The metadata of an object that has been [`tidy`]ed; an empty one otherwise.
pub(crate) fn of(document: &Document) -> &Metadata {
    static NOTHING: LazyLock<Metadata> = LazyLock::new(Metadata::new);
    match document.get("metadata") {
        Some(Value::Object(metadata)) => metadata,
        _ => &NOTHING,
    }
}

/// The metadata of an object, made where there is none.
pub(crate) fn of_mut(document: &mut Document) -> &mut Metadata {
    member(document, "metadata")
}

/// A member that is an object, made one where it is none.
pub(crate) fn member<'a>(
    object: &'a mut Map<String, Value>,
    name: &str,
) -> &'a mut Map<String, Value> {
    let member = object.entry(name).or_insert(Value::Null);
    if !member.is_object() {
        *member = Value::Object(Map::new());
    }
    member
        .as_object_mut()
        .expect("it has just been made an object")
}

/// A text in the metadata, empty if absent.
pub(crate) fn text<'a>(metadata: &'a Metadata, field: &str) -> &'a str {
    metadata.get(field).and_then(Value::as_str).unwrap_or("")
}

/// Copies a field from one metadata to another, or removes it where there is none.
fn copy(field: &str, from: &Metadata, to: &mut Metadata) {
    match from.get(field) {
        Some(value) => to.insert(field.to_owned(), value.clone()),
        None => to.remove(field),
    };
}
