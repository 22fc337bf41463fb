//! Metadata as a client may write it, and as it is kept.

use serde_json::Value;

use super::of_mut;
use crate::failure::Malformed;
use crate::request::Document;

/// Checks the types in the metadata, drops what is null or empty or not a field of it, and what clients have no say in.
///
/// `managedFields` stay even if they are empty: that asks for something. Whoever stores the object takes them out.
pub(crate) fn tidy(document: &mut Document) -> Result<(), Malformed> {
    if let Some(other) = document
        .get("metadata")
        .filter(|metadata| !metadata.is_object() && !metadata.is_null())
    {
        return Err(Malformed::new("metadata", other, "an object"));
    }
    let metadata = of_mut(document);
    metadata.retain(|field, value| shape_of(field).is_some() && !value.is_null());
    for (field, value) in metadata.iter_mut() {
        check(field, value)?;
    }
    metadata.retain(|field, value| field == "managedFields" || !is_empty(field, value));
    metadata.remove("selfLink");
    Ok(())
}

#[derive(Clone, Copy)]
enum Shape {
    Text,
    Time,
    Integer,
    Texts,
    TextByText,
    Objects,
}

/// Whether metadata has a field of this name.
pub(crate) fn is_field(name: &str) -> bool {
    shape_of(name).is_some()
}

fn shape_of(field: &str) -> Option<Shape> {
    Some(match field {
        "name" | "generateName" | "namespace" | "selfLink" | "uid" | "resourceVersion" => {
            Shape::Text
        }
        "creationTimestamp" | "deletionTimestamp" => Shape::Time,
        "generation" | "deletionGracePeriodSeconds" => Shape::Integer,
        "finalizers" => Shape::Texts,
        "labels" | "annotations" => Shape::TextByText,
        "ownerReferences" | "managedFields" => Shape::Objects,
        _ => return None,
    })
}

fn check(field: &str, value: &mut Value) -> Result<(), Malformed> {
    let Some(shape) = shape_of(field) else {
        return Ok(());
    };
    let wanted = match shape {
        Shape::Text if !value.is_string() => "a string",
        Shape::Time if !is_time(value) => "a time in RFC 3339",
        Shape::Integer if value.as_i64().is_none() => "an integer",
        Shape::Texts => return check_items(field, value, "a string", Value::is_string),
        Shape::Objects => return check_items(field, value, "an object", Value::is_object),
        Shape::TextByText => return check_members(field, value),
        _ => return Ok(()),
    };
    Err(Malformed::new(field, value, wanted))
}

fn check_items(
    field: &str,
    value: &Value,
    wanted: &'static str,
    is_wanted: fn(&Value) -> bool,
) -> Result<(), Malformed> {
    let Some(items) = value.as_array() else {
        return Err(Malformed::new(field, value, "a list"));
    };
    match items.iter().find(|item| !is_wanted(item)) {
        Some(item) => Err(Malformed::new(field, item, wanted)),
        None => Ok(()),
    }
}

/// A null is an empty text, as everywhere where the API has texts.
fn check_members(field: &str, value: &mut Value) -> Result<(), Malformed> {
    let Some(members) = value.as_object_mut() else {
        return Err(Malformed::new(field, value, "an object"));
    };
    for (key, member) in members.iter_mut() {
        if member.is_null() {
            *member = Value::String(String::new());
        }
        if !member.is_string() {
            return Err(Malformed::new(format!("{field}.{key}"), member, "a string"));
        }
    }
    Ok(())
}

fn is_time(value: &Value) -> bool {
    let text = value.as_str();
    text.is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok())
}

fn is_empty(field: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Number(_) => field == "generation" && value.as_i64() == Some(0),
        Value::Null => true,
        Value::Bool(_) => false,
    }
}
