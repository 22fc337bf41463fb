//! Bringing a document into the form its type has: types checked, defaults filled in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::Schema;
use super::built_in::{self, Definition, Property};
use super::computed;
use crate::failure::Malformed;

/// Definitions look after their own defaults.
const DEFINITIONS: &str = "io.k8s.apiextensions-apiserver.";

impl Schema {
    /// Checks the types of all known fields and fills in those that have a default and are absent. The document has no nulls.
    ///
    /// # Errors
    ///
    /// Fails at the first value of the wrong type.
    pub(crate) fn settle(self, document: &mut Map<String, Value>) -> Result<(), Malformed> {
        match self {
            Schema::Kind(name, definition) if !name.starts_with(DEFINITIONS) => {
                settle_object(document, name, definition)
            }
            _ => Ok(()),
        }
    }
}

fn settle_object(
    object: &mut Map<String, Value>,
    name: &str,
    definition: &Definition,
) -> Result<(), Malformed> {
    for (field, default) in definition.defaults() {
        fill(object, field, default);
    }
    for (field, default) in built_in::defaults_of(name).into_iter().flatten() {
        fill(object, field, default);
    }
    computed::fill(object, name);
    for (field, value) in object.iter_mut() {
        if let Some(property) = definition.field(field) {
            settle(value, property).map_err(|error| error.below(field))?;
        }
    }
    Ok(())
}

/// A list that is null by default is null when it is empty, too.
fn fill(object: &mut Map<String, Value>, field: &str, default: &Value) {
    let is_absent = match object.get(field) {
        None => true,
        Some(Value::Array(items)) => items.is_empty() && default.is_null(),
        Some(_) => false,
    };
    if is_absent {
        object.insert(field.to_owned(), default.clone());
    }
}

fn settle(value: &mut Value, property: &Property) -> Result<(), Malformed> {
    if value.is_null() {
        return Ok(());
    }
    if let Some(name) = &property.reference {
        return match built_in::named(name) {
            Some(definition) => settle_defined(value, name, definition),
            None => Ok(()),
        };
    }
    check(value, &property.kind)?;
    check_bytes(value, &property.format)?;
    match value {
        Value::Array(items) => {
            let Some(property) = property.items() else {
                return Ok(());
            };
            items.iter_mut().try_for_each(|item| settle(item, property))
        }
        Value::Object(members) => {
            let Some(property) = property.values() else {
                return Ok(());
            };
            members
                .values_mut()
                .try_for_each(|value| settle(value, property))
        }
        _ => Ok(()),
    }
}

fn settle_defined(value: &mut Value, name: &str, definition: &Definition) -> Result<(), Malformed> {
    check(value, &definition.kind)?;
    check_time(value, name)?;
    match value {
        Value::Object(fields) => settle_object(fields, name, definition),
        _ => Ok(()),
    }
}

fn check(value: &Value, kind: &str) -> Result<(), Malformed> {
    let wanted = match kind {
        "string" if !value.is_string() => "a string",
        "integer" if !value.is_i64() && !value.is_u64() => "an integer",
        "number" if !value.is_number() => "a number",
        "boolean" if !value.is_boolean() => "a boolean",
        "array" if !value.is_array() => "a list",
        "object" if !value.is_object() => "an object",
        _ => return Ok(()),
    };
    Err(Malformed::new("", value, wanted))
}

/// Bytes are in base64.
fn check_bytes(value: &Value, format: &str) -> Result<(), Malformed> {
    match value {
        Value::String(text) if format == "byte" && STANDARD.decode(text).is_err() => {
            Err(Malformed::new("", value, "bytes in base64"))
        }
        _ => Ok(()),
    }
}

/// Times are in RFC 3339; those of leases and new events have just six digits of a second.
fn check_time(value: &Value, name: &str) -> Result<(), Malformed> {
    let Value::String(text) = value else {
        return Ok(());
    };
    let is_time = || text.parse::<jiff::Timestamp>().is_ok();
    let is_sound = match name {
        "io.k8s.apimachinery.pkg.apis.meta.v1.Time" => is_time(),
        "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime" => is_time() && has_six_digits(text),
        _ => true,
    };
    if is_sound {
        Ok(())
    } else {
        Err(Malformed::new("", value, "a time"))
    }
}

fn has_six_digits(time: &str) -> bool {
    let fraction = time.split_once('.').map_or("", |(_, fraction)| fraction);
    fraction.bytes().take_while(u8::is_ascii_digit).count() == 6
}
