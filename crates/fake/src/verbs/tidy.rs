//! What a client wrote, as it is kept.

use serde_json::Value;

use super::call::Call;
use crate::meta::{self, Malformed};
use crate::request::Document;

/// Checks the types in the metadata and drops what says nothing: nulls, and empty fields of the metadata.
///
/// Nulls in custom resources stay, except in the metadata: what they mean is up to their schema.
pub(super) fn tidy(call: &Call<'_>, document: &mut Document) -> Result<(), Malformed> {
    meta::tidy(document)?;
    if !call.resource.is_custom() {
        document.retain(|_, value| !value.is_null());
        document.values_mut().for_each(drop_nulls);
    }
    Ok(())
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
