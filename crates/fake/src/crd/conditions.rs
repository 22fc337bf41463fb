//! The conditions in the status of a definition.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::meta;
use crate::request::Document;

/// A condition as it shall be.
#[derive(Debug)]
pub(super) struct Condition<'a> {
    pub(super) kind: &'a str,
    pub(super) holds: bool,
    pub(super) reason: &'a str,
    pub(super) message: &'a str,
}

impl Condition<'_> {
    /// Puts the condition into a definition. Its time changes only with its status.
    pub(super) fn set(&self, document: &mut Document, now: Timestamp) {
        let status = if self.holds { "True" } else { "False" };
        let conditions = conditions_mut(document);
        let index = conditions
            .iter()
            .position(|condition| condition["type"] == self.kind);
        let since = index
            .map(|index| &conditions[index])
            .filter(|known| known["status"] == status)
            .map_or_else(
                || meta::time(now),
                |known| known["lastTransitionTime"].clone(),
            );
        let condition = json!({
            "type": self.kind,
            "status": status,
            "lastTransitionTime": since,
            "reason": self.reason,
            "message": self.message,
        });
        match index {
            Some(index) => conditions[index] = condition,
            None => conditions.push(condition),
        }
    }
}

/// The status of a definition, made if it is not there.
pub(super) fn status_mut(document: &mut Document) -> &mut Map<String, Value> {
    object_mut(document.entry("status").or_insert(Value::Null))
}

fn conditions_mut(document: &mut Document) -> &mut Vec<Value> {
    let conditions = status_mut(document)
        .entry("conditions")
        .or_insert(Value::Null);
    if !conditions.is_array() {
        *conditions = Value::Array(Vec::new());
    }
    conditions
        .as_array_mut()
        .expect("it has just been made an array")
}

fn object_mut(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    value
        .as_object_mut()
        .expect("it has just been made an object")
}
