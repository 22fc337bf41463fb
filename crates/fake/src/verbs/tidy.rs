//! What a client wrote, as it is kept.

use serde_json::Value;

use super::call::Call;
use crate::failure::Malformed;
use crate::meta;
use crate::request::Document;
use crate::schema::Schema;
use crate::strict;

/// How many objects and lists may be within each other. The decoder reads a few more.
const DEEPEST: usize = 120;

/// Checks types, drops what says nothing (nulls, and empty fields of the metadata) and what the kind does not have, and fills in what it
/// has by default. Gives what is to be said about the fields that it does not have.
///
/// Nulls in custom resources stay, except in the metadata: what they mean is up to their schema.
pub(super) fn tidy(call: &Call<'_>, document: &mut Document) -> Result<Vec<String>, Malformed> {
    check_depth(document)?;
    let paths = match call.resource.custom() {
        Some(version) => {
            let mut unknown = strange_metadata(document);
            meta::tidy(document)?;
            unknown.extend(version.settle(document)?);
            unknown
        }
        None => {
            let unknown = schema(call).drop_unknown(document);
            meta::tidy(document)?;
            settle(call, document)?;
            unknown
        }
    };
    Ok(paths.iter().map(|path| strict::unknown(path)).collect())
}

/// The fields of the metadata that no metadata has.
fn strange_metadata(document: &Document) -> Vec<String> {
    let names = meta::of(document).keys();
    let strange = names.filter(|name| !meta::is_field(name));
    strange.map(|name| format!("metadata.{name}")).collect()
}

fn settle(call: &Call<'_>, document: &mut Document) -> Result<(), Malformed> {
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
