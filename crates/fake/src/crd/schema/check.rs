//! Whether a value is as its schema says.
//!
//! Paths in errors are those below the value that is checked.

mod combined;
mod kinds;
mod values;

use serde_json::{Map, Value};

use super::{Additional, Path, Structural};
use crate::failure::{FieldError, FieldErrors};

/// What a value was before.
///
/// What an update has not changed is not held against it, where old and new belong together beyond doubt.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ratchet<'a> {
    /// There is nothing to compare with.
    New,
    Was(&'a Value),
}

/// Checks an object.
pub(crate) fn check(schema: &Structural, value: &Value, was: Ratchet<'_>) -> FieldErrors {
    node(schema, value, was, &Path::Root).errors
}

/// Checks a value of which there is no older one.
pub(crate) fn check_value(schema: &Structural, value: &Value) -> FieldErrors {
    check(schema, value, Ratchet::New)
}

/// What is wrong, and how much has been looked at, by which the alternative that was meant is guessed.
#[derive(Debug, Default)]
struct Outcome {
    errors: FieldErrors,
    looked_at: usize,
}

impl Outcome {
    fn merge(&mut self, other: Outcome) {
        self.errors.append(other.errors);
        self.looked_at += other.looked_at;
    }

    fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }
}

fn node(schema: &Structural, value: &Value, was: Ratchet<'_>, path: &Path<'_>) -> Outcome {
    let mut outcome = Outcome {
        looked_at: 1,
        ..Outcome::default()
    };
    if was.is_same(value) {
        return outcome;
    }
    let errors = &mut outcome.errors;
    kinds::check(schema, value, path, errors);
    if value.is_null() {
        values::check_enum(schema, value, path, errors);
        return outcome;
    }
    combined::check(schema, value, path, &mut outcome);
    let errors = &mut outcome.errors;
    match value {
        Value::String(text) => values::check_text(schema, text, path, errors),
        Value::Number(number) => values::check_number(schema, number, path, errors),
        Value::Array(items) => list(schema, items, was, path, &mut outcome),
        _ => {}
    }
    values::check_enum(schema, value, path, &mut outcome.errors);
    if let Value::Object(members) = value {
        object(schema, members, was, path, &mut outcome);
    }
    outcome
}

fn list(
    schema: &Structural,
    items: &[Value],
    was: Ratchet<'_>,
    path: &Path<'_>,
    outcome: &mut Outcome,
) {
    if let Some(item_schema) = schema.item() {
        for (index, item) in items.iter().enumerate() {
            let was = was.item(schema, item);
            outcome.merge(node(item_schema, item, was, &path.index(index)));
        }
    }
    values::check_count(schema, items, path, &mut outcome.errors);
}

fn object(
    schema: &Structural,
    members: &Map<String, Value>,
    was: Ratchet<'_>,
    path: &Path<'_>,
    outcome: &mut Outcome,
) {
    if let Some(error) = values::wrong_size(schema, members.len(), path) {
        outcome.errors.push(error);
        return;
    }
    for (name, value) in members {
        let path = path.field(name);
        let was = was.member(schema, name);
        match (schema.properties.get(name), &schema.additional_properties) {
            (Some(property), _) => outcome.merge(node(property, value, was, &path)),
            (None, Some(Additional::Values(values))) => {
                outcome.merge(node(values, value, was, &path));
            }
            (None, Some(Additional::Any(false))) => {
                let detail = format!("{path} in body is a forbidden property");
                let error = FieldError::invalid(path.to_string(), "", detail);
                outcome.errors.push(error);
            }
            _ => {}
        }
    }
    for name in &schema.required {
        if !members.contains_key(name) {
            let path = path.field(name).to_string();
            outcome.errors.push(FieldError::required(path, ""));
        }
    }
}

impl<'a> Ratchet<'a> {
    fn is_same(self, value: &Value) -> bool {
        matches!(self, Ratchet::Was(old) if old == value)
    }

    /// What a field was before.
    pub(crate) fn member(self, schema: &Structural, name: &str) -> Ratchet<'a> {
        let is_atomic = schema.map_type.as_deref() == Some("atomic");
        match self {
            Ratchet::Was(Value::Object(old)) if !is_atomic => {
                old.get(name).map_or(Ratchet::New, Ratchet::Was)
            }
            _ => Ratchet::New,
        }
    }

    /// What an item was before, which only can be told in lists that are maps.
    pub(crate) fn item(self, schema: &Structural, item: &Value) -> Ratchet<'a> {
        let Ratchet::Was(Value::Array(old)) = self else {
            return Ratchet::New;
        };
        if !schema.list_is("map") {
            return Ratchet::New;
        }
        let is_same = |other: &&Value| {
            let mut keys = schema.list_map_keys.iter();
            keys.all(|key| other.get(key) == item.get(key))
        };
        old.iter().find(is_same).map_or(Ratchet::New, Ratchet::Was)
    }
}

/// The path of a value as messages have it.
fn name(path: &Path<'_>) -> String {
    if path.is_root() {
        String::new()
    } else {
        path.to_string()
    }
}
