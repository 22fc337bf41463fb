//! Whether a value has the right type.

use serde_json::Value;

use super::super::{Path, Structural};
use super::name;
use crate::failure::{FieldError, FieldErrors};

/// The largest integer of which a float can tell its neighbours.
const LARGEST_SAFE: f64 = 9_007_199_254_740_991.0;

/// Checks the type of a value.
pub(super) fn check(schema: &Structural, value: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    let found = name_of(value);
    let wanted: &[&str] = match schema.kind.as_str() {
        _ if schema.int_or_string => &["integer", "string"],
        "" => return,
        kind => &[kind],
    };
    let fits = match value {
        Value::Null => schema.nullable,
        Value::Number(number) => wanted.iter().any(|kind| match *kind {
            "number" => true,
            "integer" => number.is_i64() || number.as_f64().is_some_and(is_integer),
            _ => false,
        }),
        _ => wanted.contains(&found),
    };
    if !fits {
        let message = format!(
            "{} in body must be of type {}: \"{found}\"",
            name(path),
            wanted.join(",")
        );
        errors.push(FieldError::type_invalid(path.to_string(), found, message));
    }
}

/// The type of a value, as schemas call it.
fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether a float has no fraction worth speaking of.
pub(super) fn is_integer(float: f64) -> bool {
    if !float.is_finite() || float.abs() > LARGEST_SAFE {
        return false;
    }
    let rest = (float - float.trunc()).abs();
    rest == 0.0 || rest / (float.abs() + float.trunc().abs()) < 1e-9
}
