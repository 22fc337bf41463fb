//! What a client wrote, as it is kept.

use serde_json::Value;

use super::call::Call;
use crate::failure::Malformed;
use crate::meta;
use crate::request::Document;
use crate::schema::Schema;

/// How many objects and lists may be within each other. The decoder reads a few more.
const DEEPEST: usize = 120;

/// Checks types, drops what says nothing (nulls, and empty fields of the metadata), and fills in what the kind has by default.
///
/// Nulls in custom resources stay, except in the metadata: what they mean is up to their schema.
pub(super) fn tidy(call: &Call<'_>, document: &mut Document) -> Result<(), Malformed> {
    check_depth(document)?;
    meta::tidy(document)?;
    if call.resource.is_custom() {
        return Ok(());
    }
    document.retain(|_, value| !value.is_null());
    document.values_mut().for_each(drop_nulls);
    schema(call).settle(document)?;
    if let Some(convert) = call.resource.strategy.convert {
        convert(document);
    }
    Ok(())
}

/// What is stored must be readable again, however many patches have added to it.
fn check_depth(document: &Document) -> Result<(), Malformed> {
    match document.iter().find(|(_, value)| is_deeper(value, DEEPEST)) {
        Some((field, value)) => Err(Malformed::new(field, value, "something less deep")),
        None => Ok(()),
    }
}

fn is_deeper(value: &Value, levels: usize) -> bool {
    match value {
        Value::Object(members) => {
            levels == 0 || members.values().any(|member| is_deeper(member, levels - 1))
        }
        Value::Array(items) => levels == 0 || items.iter().any(|item| is_deeper(item, levels - 1)),
        _ => false,
    }
}

/// What is known about the objects of the resource.
pub(super) fn schema(call: &Call<'_>) -> Schema {
    let resource = &call.resource;
    Schema::of_built_in(&resource.group, &resource.version, &resource.kind)
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
