//! The directives in a strategic merge patch: fields that begin with a dollar sign.

use serde_json::{Map, Value};

use super::lists;
use crate::schema::Schema;

const PATCH: &str = "$patch";
const RETAIN_KEYS: &str = "$retainKeys";
const SET_ELEMENT_ORDER: &str = "$setElementOrder/";
const DELETE_FROM_PRIMITIVE_LIST: &str = "$deleteFromPrimitiveList/";

/// What `$patch` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    Merge,
    Replace,
    Delete,
}

/// The directives for one object.
#[derive(Debug)]
pub(super) struct Directives<'a> {
    pub(super) patch: Directive,
    retain_keys: Option<&'a [Value]>,
    orders: Vec<(&'a str, &'a [Value])>,
    deletions: Vec<(&'a str, &'a [Value])>,
}

impl<'a> Directives<'a> {
    pub(super) fn of(patch: &'a Map<String, Value>) -> Result<Directives<'a>, String> {
        let mut directives = Directives {
            patch: directive(patch)?,
            retain_keys: None,
            orders: Vec::new(),
            deletions: Vec::new(),
        };
        for (name, value) in patch {
            if name == RETAIN_KEYS {
                directives.retain_keys = Some(list(name, value)?);
            } else if let Some(field) = name.strip_prefix(SET_ELEMENT_ORDER) {
                directives.orders.push((field, list(name, value)?));
            } else if let Some(field) = name.strip_prefix(DELETE_FROM_PRIMITIVE_LIST) {
                directives.deletions.push((field, list(name, value)?));
            }
        }
        Ok(directives)
    }

    /// Takes away the fields that `$retainKeys` does not name.
    pub(super) fn retain_keys(
        &self,
        target: &mut Map<String, Value>,
        patch: &Map<String, Value>,
    ) -> Result<(), String> {
        let Some(keys) = self.retain_keys else {
            return Ok(());
        };
        let is_kept = |name: &str| keys.iter().any(|key| key == name);
        if let Some((name, _)) =
            fields(patch).find(|(name, value)| !value.is_null() && !is_kept(name))
        {
            return Err(format!(
                "{RETAIN_KEYS} does not have {name}, which the patch sets"
            ));
        }
        target.retain(|name, _| is_kept(name));
        Ok(())
    }

    /// Takes values out of lists as `$deleteFromPrimitiveList` says. A list that becomes empty goes away.
    pub(super) fn delete_values(&self, target: &mut Map<String, Value>) {
        for (field, values) in &self.deletions {
            if let Some(Value::Array(items)) = target.get_mut(*field) {
                items.retain(|item| !values.contains(item));
                if items.is_empty() {
                    target.remove(*field);
                }
            }
        }
    }

    /// The order that `$setElementOrder` gives to a field.
    pub(super) fn order_of(&self, field: &str) -> Option<&'a [Value]> {
        let order = self.orders.iter().find(|(ordered, _)| *ordered == field);
        order.map(|(_, order)| *order)
    }

    /// Orders the lists that the patch orders but does not change otherwise.
    pub(super) fn order_untouched(
        &self,
        target: &mut Map<String, Value>,
        patch: &Map<String, Value>,
        schema: Schema,
    ) {
        for (field, order) in &self.orders {
            if patch.contains_key(*field) {
                continue;
            }
            if let Some(Value::Array(items)) = target.get_mut(*field) {
                lists::set_order(items, order, schema.field(field).list_merge());
            }
        }
    }
}

/// What `$patch` in a patch or an item of one says.
pub(super) fn directive(patch: &Map<String, Value>) -> Result<Directive, String> {
    match patch.get(PATCH).map(Value::as_str) {
        None | Some(Some("merge")) => Ok(Directive::Merge),
        Some(Some("replace")) => Ok(Directive::Replace),
        Some(Some("delete")) => Ok(Directive::Delete),
        Some(_) => Err(format!("unknown patch type found: {}", patch[PATCH])),
    }
}

/// The fields of a patch that are no directives.
pub(super) fn fields(patch: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    patch.iter().filter(|(name, _)| !is_directive(name))
}

/// What a patch leaves where there was nothing: itself without directives, without nulls and without items to delete.
pub(super) fn stripped(patch: &Value) -> Value {
    match patch {
        Value::Object(members) => {
            let kept = fields(members).filter(|(_, value)| !value.is_null());
            let kept = kept.map(|(name, value)| (name.clone(), stripped(value)));
            Value::Object(kept.collect())
        }
        Value::Array(items) => {
            let kept = items.iter().filter(|item| item.get(PATCH).is_none());
            Value::Array(kept.map(stripped).collect())
        }
        other => other.clone(),
    }
}

fn is_directive(name: &str) -> bool {
    name == PATCH
        || name == RETAIN_KEYS
        || name.starts_with(SET_ELEMENT_ORDER)
        || name.starts_with(DELETE_FROM_PRIMITIVE_LIST)
}

fn list<'a>(name: &str, value: &'a Value) -> Result<&'a [Value], String> {
    match value {
        Value::Array(items) => Ok(items),
        _ => Err(format!("{name} must be a list")),
    }
}
