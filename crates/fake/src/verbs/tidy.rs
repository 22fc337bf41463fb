//! What a client wrote, as it is kept.

use serde_json::Value;

use super::call::Call;
use crate::failure::Malformed;
use crate::meta;
use crate::request::Document;
use crate::schema::Schema;

/// Checks types, drops what says nothing (nulls, and empty fields of the metadata), and fills in what the kind has by default.
///
/// Nulls in custom resources stay, except in the metadata: what they mean is up to their schema.
pub(super) fn tidy(call: &Call<'_>, document: &mut Document) -> Result<(), Malformed> {
    meta::tidy(document)?;
    if call.resource.is_custom() {
        return Ok(());
    }
    document.retain(|_, value| !value.is_null());
    document.values_mut().for_each(drop_nulls);
    schema(call).settle(document)
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
