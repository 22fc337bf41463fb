//! A value of the wrong type.

use std::fmt;

use serde_json::Value;

/// A field has a value of the wrong type.
#[derive(Debug)]
pub(crate) struct Malformed {
    field: String,
    found: &'static str,
    wanted: &'static str,
}

impl Malformed {
    /// `wanted` is what the field holds, such as `a string`.
    pub(crate) fn new(field: impl Into<String>, found: &Value, wanted: &'static str) -> Malformed {
        Malformed {
            field: field.into(),
            found: name_of(found),
            wanted,
        }
    }

    /// The same seen from outside: the field is a field of `parent`.
    pub(crate) fn below(mut self, parent: &str) -> Malformed {
        self.field = match self.field.as_str() {
            "" => parent.to_owned(),
            field => format!("{parent}.{field}"),
        };
        self
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Malformed {
            field,
            found,
            wanted,
        } = self;
        write!(f, "json: cannot use {found} as {wanted} in field {field}")
    }
}
