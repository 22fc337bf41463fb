//! Taking fields out of a document.

use serde_json::{Map, Value};

use super::element::Element;
use super::set::Set;
use super::shape::{Form, Type};

/// The document without the fields of a set. What is atomic has no parts that could be taken.
pub(crate) fn without(shape: Type<'_>, value: &Value, fields: &Set) -> Value {
    match (shape.form(Some(value)), value) {
        (Some(Form::List(list)), Value::Array(items)) => {
            if list.is_atomic() || items.is_empty() {
                return Value::Null;
            }
            let kept = items.iter().filter_map(|item| {
                let element = list.element(item).ok();
                keep(list.items(), item, element.as_ref(), fields)
            });
            let kept: Vec<Value> = kept.collect();
            if kept.is_empty() {
                Value::Null
            } else {
                Value::Array(kept)
            }
        }
        (Some(Form::Map(map)), Value::Object(members)) => {
            if map.is_atomic || members.is_empty() {
                return Value::Null;
            }
            let kept = members.iter().filter_map(|(name, member)| {
                let element = Element::field(name);
                let kept = match map.field(name) {
                    Some(shape) => keep(shape, member, Some(&element), fields)?,
                    None => member.clone(),
                };
                Some((name.clone(), kept))
            });
            let kept: Map<String, Value> = kept.collect();
            if kept.is_empty() {
                Value::Null
            } else {
                Value::Object(kept)
            }
        }
        _ => value.clone(),
    }
}

/// What stays of a child; none if it goes.
fn keep(shape: Type<'_>, value: &Value, element: Option<&Element>, fields: &Set) -> Option<Value> {
    match element.and_then(|element| fields.get(element)) {
        Some(node) if node.owned => None,
        Some(node) => Some(without(shape, value, &node.below)),
        None => Some(value.clone()),
    }
}
