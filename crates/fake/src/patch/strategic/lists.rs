//! Merging lists.

use serde_json::{Map, Value};

use super::directives::{Directive, directive, stripped};
use super::merge_objects;
use crate::schema::{Merge, Schema};

/// Merges the list `patch` into `target` as the schema says.
pub(super) fn merge(
    target: &mut Vec<Value>,
    patch: &[Value],
    order: Option<&[Value]>,
    schema: Schema,
) -> Result<(), String> {
    let merge = schema.list_merge();
    let before = identities(target, merge);
    let touched = match merge {
        Merge::ItemsBy(key) => merge_items(target, patch, key, schema.items())?,
        Merge::Values => merge_values(target, patch),
        Merge::Replace | Merge::Fields => {
            *target = match stripped(&Value::Array(patch.to_vec())) {
                Value::Array(items) => items,
                _ => Vec::new(),
            };
            return Ok(());
        }
    };
    match touched {
        Touched::Everything => {}
        Touched::Items(touched) => {
            let first = order.map_or(touched, |order| identities(order, merge));
            arrange(target, &first, &before, merge);
        }
    }
    Ok(())
}

/// Orders a list as `$setElementOrder` says.
pub(super) fn set_order(target: &mut Vec<Value>, order: &[Value], merge: Merge<'_>) {
    let before = identities(target, merge);
    arrange(target, &identities(order, merge), &before, merge);
}

/// What a patch has changed in a list.
enum Touched {
    /// All of it, so that there is nothing to arrange.
    Everything,
    /// The items that are these, in the order of the patch.
    Items(Vec<Value>),
}

fn merge_items(
    target: &mut Vec<Value>,
    patch: &[Value],
    key: &str,
    schema: Schema,
) -> Result<Touched, String> {
    let replaces = patch.iter().any(is_replacement);
    if replaces {
        target.clear();
    }
    let mut touched = Vec::new();
    for item in patch.iter().filter(|item| !is_replacement(item)) {
        let Value::Object(item) = item else {
            return Err("a list of objects is patched with something else".to_owned());
        };
        let Some(identity) = item.get(key) else {
            return Err(format!(
                "map: {} does not contain declared merge key: {key}",
                Value::from(item.clone())
            ));
        };
        let position = target.iter().position(|old| old.get(key) == Some(identity));
        if directive(item)? == Directive::Delete {
            target.retain(|old| old.get(key) != Some(identity));
            continue;
        }
        match position.map(|at| &mut target[at]) {
            Some(Value::Object(old)) => merge_objects(old, item, schema)?,
            _ => target.push(merged_into_nothing(item, schema)?),
        }
        touched.push(identity.clone());
    }
    Ok(if replaces {
        Touched::Everything
    } else {
        Touched::Items(touched)
    })
}

/// `{"$patch": "replace"}` alone stands for the whole list.
fn is_replacement(item: &Value) -> bool {
    let item = item.as_object();
    item.is_some_and(|item| {
        item.len() == 1
            && matches!(directive(item), Ok(Directive::Replace))
            && item.contains_key("$patch")
    })
}

fn merged_into_nothing(item: &Map<String, Value>, schema: Schema) -> Result<Value, String> {
    let mut fields = Map::new();
    merge_objects(&mut fields, item, schema)?;
    Ok(Value::Object(fields))
}

fn merge_values(target: &mut Vec<Value>, patch: &[Value]) -> Touched {
    for value in patch {
        if !target.contains(value) {
            target.push(value.clone());
        }
    }
    Touched::Items(patch.to_vec())
}

/// What makes an item the one it is.
fn identity<'a>(item: &'a Value, merge: Merge<'_>) -> &'a Value {
    match merge {
        Merge::ItemsBy(key) => item.get(key).unwrap_or(&Value::Null),
        _ => item,
    }
}

fn identities(items: &[Value], merge: Merge<'_>) -> Vec<Value> {
    items
        .iter()
        .map(|item| identity(item, merge).clone())
        .collect()
}

/// Puts the items named in `first` into that order among the others, which keep theirs. An item of the others goes before one of the
/// first if `before`, the order as it was, has it there; so items that are new go before all that follows.
fn arrange(target: &mut Vec<Value>, first: &[Value], before: &[Value], merge: Merge<'_>) {
    let rank = |item: &Value| {
        first
            .iter()
            .position(|named| named == identity(item, merge))
    };
    let (mut named, others): (Vec<_>, Vec<_>) = std::mem::take(target)
        .into_iter()
        .partition(|item| rank(item).is_some());
    named.sort_by_key(rank);
    let was_at = |item: &Value| {
        let wanted = identity(item, merge);
        before.iter().position(|old| old == wanted)
    };
    let mut others = others.into_iter().peekable();
    for item in named {
        let at = was_at(&item);
        while let Some(other) = others.next_if(|other| at.is_some() && was_at(other) < at) {
            target.push(other);
        }
        target.push(item);
    }
    target.extend(others);
}
