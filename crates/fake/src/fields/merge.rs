//! Merging an applied document into the one there is.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value};

use super::element::Element;
use super::shape::{Fields, Form, List, Type};

/// What `old` becomes when `new` is laid over it; `new` has been [checked](super::check::check).
///
/// # Errors
///
/// Fails with a text for items that cannot be told apart.
pub(crate) fn merge(shape: Type<'_>, old: &Value, new: &Value) -> Result<Value, String> {
    match shape.form(Some(new)) {
        Some(Form::Map(fields)) if !fields.is_atomic => match (old, new) {
            (Value::Object(old), Value::Object(new)) if !(old.is_empty() && new.is_empty()) => {
                merge_fields(fields, old, new).map(Value::Object)
            }
            (Value::Object(old), Value::Null) if !old.is_empty() => Ok(Value::Object(old.clone())),
            _ => Ok(new.clone()),
        },
        Some(Form::List(list)) if !list.is_atomic() => match (old, new) {
            (Value::Array(old), Value::Array(new)) if !(old.is_empty() && new.is_empty()) => {
                merge_items(list, old, new).map(Value::Array)
            }
            _ => Ok(new.clone()),
        },
        _ => Ok(new.clone()),
    }
}

fn merge_fields(
    fields: Fields<'_>,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Result<Map<String, Value>, String> {
    let mut result = old.clone();
    for (name, value) in new {
        let merged = match (old.get(name), fields.field(name)) {
            (Some(old), Some(shape)) => {
                merge(shape, old, value).map_err(|error| format!(".{name}{error}"))?
            }
            _ => value.clone(),
        };
        result.insert(name.clone(), merged);
    }
    Ok(result)
}

/// Items keep the order of the applied list; those that only the old list has stay where they are between the items that both have.
fn merge_items(list: List<'_>, old: &[Value], new: &[Value]) -> Result<Vec<Value>, String> {
    let old = Indexed::new(list, old)?;
    let new = Indexed::new(list, new)?;
    let mut shared: VecDeque<&Element> = new
        .order
        .iter()
        .filter(|element| old.has(element))
        .collect();
    let mut merged: BTreeSet<&Element> = BTreeSet::new();
    let mut result = Vec::with_capacity(old.order.len().max(new.order.len()));
    let (mut left, mut right) = (0, 0);
    loop {
        let (ours, theirs) = (old.order.get(left), new.order.get(right));
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            if ours == theirs {
                merged.insert(theirs);
                result.push(merge_item(list, &old, &new, theirs)?);
                left += 1;
                right += 1;
                shared.pop_front();
                continue;
            }
            // An item of both, but another one is next: it comes where the applied list has it.
            if new.has(ours) && shared.front().is_some_and(|next| *next != ours) {
                left += 1;
                continue;
            }
        }
        if let Some(ours) = ours {
            if !new.has(ours) {
                result.push(old.items[left].clone());
                left += 1;
                continue;
            }
            if merged.contains(ours) {
                left += 1;
            }
        }
        match theirs {
            Some(theirs) => {
                merged.insert(theirs);
                result.push(merge_item(list, &old, &new, theirs)?);
                right += 1;
                if shared.front() == Some(&theirs) {
                    shared.pop_front();
                }
            }
            // What is left of the old list has been merged.
            None if ours.is_some_and(|ours| !merged.contains(ours)) => left += 1,
            None if ours.is_none() => return Ok(result),
            None => {}
        }
    }
}

/// An item that the old list has several times is replaced.
fn merge_item(
    list: List<'_>,
    old: &Indexed<'_>,
    new: &Indexed<'_>,
    element: &Element,
) -> Result<Value, String> {
    let old = old.single.get(element).copied().flatten();
    let new = new
        .single
        .get(element)
        .copied()
        .flatten()
        .unwrap_or(&Value::Null);
    match old {
        Some(old) => merge(list.items(), old, new).map_err(|error| format!("{element}{error}")),
        None => Ok(new.clone()),
    }
}

/// The items of a list by what they are known by.
struct Indexed<'a> {
    items: &'a [Value],
    order: Vec<Element>,
    /// None for what is there several times.
    single: BTreeMap<Element, Option<&'a Value>>,
}

impl<'a> Indexed<'a> {
    fn new(list: List<'_>, items: &'a [Value]) -> Result<Self, String> {
        let mut order = Vec::with_capacity(items.len());
        let mut single = BTreeMap::new();
        for (at, item) in items.iter().enumerate() {
            let element = list
                .element(item)
                .map_err(|error| format!(": element {at}: {error}"))?;
            let seen = single.contains_key(&element);
            single.insert(element.clone(), (!seen).then_some(item));
            order.push(element);
        }
        Ok(Indexed {
            items,
            order,
            single,
        })
    }

    fn has(&self, element: &Element) -> bool {
        self.single.contains_key(element)
    }
}
