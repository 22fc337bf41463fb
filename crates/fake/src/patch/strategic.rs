//! Strategic merge patches: merge patches that know how lists of a kind are to be merged, and obey directives.

mod directives;
mod lists;

use serde_json::{Map, Value};

use crate::schema::{Merge, Schema};
use directives::{Directive, Directives, stripped};

/// Merges `patch` into `target`.
///
/// # Errors
///
/// Fails with a text for directives that make no sense and for items without the field they are merged by.
pub(super) fn apply(target: &mut Value, patch: &Value, schema: Schema) -> Result<(), String> {
    let Value::Object(patch) = patch else {
        return Err("a strategic merge patch must be an object".to_owned());
    };
    merge_objects(object(target), patch, schema)
}

/// Merges field by field: a null takes a field away, directives say what else happens.
fn merge_objects(
    target: &mut Map<String, Value>,
    patch: &Map<String, Value>,
    schema: Schema,
) -> Result<(), String> {
    let directives = Directives::of(patch)?;
    match directives.patch {
        Directive::Merge => {}
        Directive::Delete => {
            target.clear();
            return Ok(());
        }
        Directive::Replace => {
            *target = object_stripped(patch);
            return Ok(());
        }
    }
    directives.retain_keys(target, patch)?;
    directives.delete_values(target);
    for (name, value) in directives::fields(patch) {
        let order = directives.order_of(name);
        merge_field(target, name, value, order, schema.field(name))?;
    }
    directives.order_untouched(target, patch, schema);
    Ok(())
}

fn merge_field(
    target: &mut Map<String, Value>,
    name: &str,
    patch: &Value,
    order: Option<&[Value]>,
    schema: Schema,
) -> Result<(), String> {
    match (target.get_mut(name), patch) {
        (_, Value::Null) => {
            target.remove(name);
        }
        (Some(Value::Object(fields)), Value::Object(patch))
            if schema.object_merge() == Merge::Fields =>
        {
            merge_objects(fields, patch, schema)?;
        }
        (Some(Value::Array(items)), Value::Array(patch)) => {
            lists::merge(items, patch, order, schema)?;
        }
        (_, Value::Array(patch)) => {
            let mut items = Vec::new();
            lists::merge(&mut items, patch, order, schema)?;
            target.insert(name.to_owned(), Value::Array(items));
        }
        (_, patch) => {
            target.insert(name.to_owned(), stripped(patch));
        }
    }
    Ok(())
}

fn object_stripped(patch: &Map<String, Value>) -> Map<String, Value> {
    match stripped(&Value::Object(patch.clone())) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    value
        .as_object_mut()
        .expect("it has just been made an object")
}
