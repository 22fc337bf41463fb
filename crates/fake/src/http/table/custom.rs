//! Columns of custom resources, as their definitions have them.

use jiff::Timestamp;
use serde_json::Value;

use super::ColumnDefinition;
use super::cells;
use crate::crd::{PrinterColumn, ServedVersion};
use crate::json_path::{JsonPath, plain};

/// A column after the name.
#[derive(Debug)]
pub(super) struct Column<'a> {
    name: &'a str,
    value_type: &'a str,
    format: &'a str,
    description: &'a str,
    priority: i64,
    text: &'a str,
    /// `None` for a path that leads nowhere because it is none.
    path: Option<JsonPath>,
}

/// The columns of a definition, or the age alone where it has none.
pub(super) fn columns(version: &ServedVersion) -> Vec<Column<'_>> {
    match version.columns.as_slice() {
        [] => vec![Column::age()],
        columns => columns.iter().map(Column::new).collect(),
    }
}

impl<'a> Column<'a> {
    fn new(column: &'a PrinterColumn) -> Self {
        Self {
            name: &column.name,
            value_type: &column.value_type,
            format: &column.format,
            description: &column.description,
            priority: column.priority,
            text: &column.json_path,
            path: JsonPath::parse(&column.json_path),
        }
    }

    fn age() -> Self {
        let text = ".metadata.creationTimestamp";
        Self {
            name: "Age",
            value_type: "date",
            format: "",
            description: "The time since the object was created.",
            priority: 0,
            text,
            path: JsonPath::parse(text),
        }
    }

    pub(super) fn definition(&self) -> ColumnDefinition<'_> {
        let description = match self.description {
            "" => format!(
                "Custom resource definition column (in JSONPath format): {}",
                self.text
            ),
            description => description.to_owned(),
        };
        ColumnDefinition {
            name: self.name,
            value_type: self.value_type,
            format: self.format,
            description,
            priority: self.priority,
        }
    }

    /// The cell of an object; null for a value that is missing or not of the column's type.
    pub(super) fn cell(&self, document: &Value, now: Timestamp) -> Value {
        let value = self.path.as_ref().and_then(|path| path.first(document));
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return Value::Null;
        };
        match self.value_type {
            "string" => plain(value).into(),
            "integer" => integer(value),
            "number" if value.is_number() => value.clone(),
            "boolean" if value.is_boolean() => value.clone(),
            "date" => value
                .as_str()
                .map_or(Value::Null, |text| cells::date(text, now).into()),
            _ => Value::Null,
        }
    }
}

fn integer(value: &Value) -> Value {
    // A float loses its fraction, and one that is too large its excess, as when the API server converts it.
    #[allow(clippy::cast_possible_truncation)]
    let truncated = || value.as_f64().map(|float| float as i64);
    value
        .as_i64()
        .or_else(truncated)
        .map_or(Value::Null, Value::from)
}
