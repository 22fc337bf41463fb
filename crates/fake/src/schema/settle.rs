//! Bringing a document into the form its type has: types checked, defaults filled in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::Schema;
use super::built_in::{self, Definition, Property};
use super::{computed, go_type, quantity};
use crate::failure::Malformed;

const QUANTITY: &str = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const INT_OR_STRING: &str = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";

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
    for (field, value) in object.iter_mut() {
        if let Some(property) = definition.field(field) {
            settle(value, property)
                .map_err(|error| error.below(field).owned_by(go_type::short(name)))?;
        }
    }
    omit_zeros(object, name, definition);
    let filled = fill_all(object, name, definition);
    for field in filled {
        // Defaults have defaults of their own.
        if let (Some(value), Some(property)) = (object.get_mut(&field), definition.field(&field)) {
            settle(value, property)?;
        }
    }
    Ok(())
}

/// Leaves out what says no more than its absence.
fn omit_zeros(object: &mut Map<String, Value>, name: &str, definition: &Definition) {
    let omitted = built_in::omitted_of(name);
    object.retain(|field, value| match value {
        // An empty list of managers asks for them to be forgotten.
        Value::Array(_) if field == "managedFields" => true,
        Value::Array(items) => !items.is_empty() || definition.requires(field),
        Value::Object(members) if members.is_empty() => {
            let property = definition.field(field);
            let is_map = property.is_some_and(|property| property.values().is_some());
            !is_map || definition.requires(field)
        }
        Value::Object(_) | Value::Null => true,
        value => !is_zero(value) || omitted.iter().all(|omitted| omitted != field),
    });
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_i64() == Some(0),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// Fills in all defaults and gives the names of the fields that had none.
fn fill_all(object: &mut Map<String, Value>, name: &str, definition: &Definition) -> Vec<String> {
    let mut filled = Vec::new();
    let more = built_in::defaults_of(name).into_iter().flatten();
    for (field, default) in definition.defaults().chain(more) {
        if fill(object, field, default) {
            filled.push(field.clone());
        }
    }
    filled.extend(computed::fill(object, name));
    filled
}

/// A list that is null by default is null when it is empty, too.
fn fill(object: &mut Map<String, Value>, field: &str, default: &Value) -> bool {
    let is_absent = match object.get(field) {
        None => true,
        Some(Value::Array(items)) => items.is_empty() && default.is_null(),
        Some(_) => false,
    };
    if is_absent {
        object.insert(field.to_owned(), default.clone());
    }
    is_absent
}

fn settle(value: &mut Value, property: &Property) -> Result<(), Malformed> {
    if value.is_null() {
        return Ok(());
    }
    if let Some(name) = &property.reference {
        return match built_in::named(name) {
            Some(definition) => settle_defined(value, property, name, definition),
            None => Ok(()),
        };
    }
    check(value, &property.kind, property)?;
    check_integer(value, property)?;
    check_bytes(value, &property.format)?;
    match (value, property.items(), property.values()) {
        (Value::Array(items), Some(property), _) => {
            items.iter_mut().try_for_each(|item| settle(item, property))
        }
        (Value::Object(members), _, Some(property)) => {
            let is_resources = property.reference.as_deref() == Some(QUANTITY);
            members.values_mut().try_for_each(|value| {
                let settled = settle(value, property);
                if is_resources {
                    quantity::canonicalize(value);
                }
                settled
            })
        }
        _ => Ok(()),
    }
}

fn settle_defined(
    value: &mut Value,
    property: &Property,
    name: &str,
    definition: &Definition,
) -> Result<(), Malformed> {
    match name {
        QUANTITY => return quantity::settle(value),
        INT_OR_STRING if !value.is_i64() && !value.is_string() => {
            return Err(Malformed::text(
                "json: cannot unmarshal into an IntOrString what is neither a number nor a string",
            ));
        }
        _ => {}
    }
    check(value, &definition.kind, property)?;
    check_time(value, name)?;
    match value {
        Value::Object(fields) => settle_object(fields, name, definition),
        _ => Ok(()),
    }
}

fn check(value: &Value, kind: &str, property: &Property) -> Result<(), Malformed> {
    let is_sound = match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    };
    if is_sound {
        Ok(())
    } else {
        Err(Malformed::mistyped(value, go_type::name(property)))
    }
}

fn check_integer(value: &Value, property: &Property) -> Result<(), Malformed> {
    match value.as_i64() {
        Some(number) if property.format == "int32" && i32::try_from(number).is_err() => {
            Err(Malformed::mistyped(value, "int32"))
        }
        _ => Ok(()),
    }
}

/// Bytes are in base64.
fn check_bytes(value: &Value, format: &str) -> Result<(), Malformed> {
    match value {
        Value::String(text) if format == "byte" && STANDARD.decode(text).is_err() => {
            Err(Malformed::text("illegal base64 data"))
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
        Err(Malformed::text(format!(
            "parsing time {value}: it is not written as in RFC 3339"
        )))
    }
}

fn has_six_digits(time: &str) -> bool {
    let fraction = time.split_once('.').map_or("", |(_, fraction)| fraction);
    fraction.bytes().take_while(u8::is_ascii_digit).count() == 6
}
