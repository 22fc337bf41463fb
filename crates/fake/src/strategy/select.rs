//! What objects of a kind can be selected by.

use std::sync::Arc;

use serde_json::Value;

use super::{SelectableField, Strategy};
use crate::request::Document;

impl Strategy {
    /// The values of all selectable fields of an object, by label.
    pub(crate) fn field_values(&self, document: &Document) -> Vec<(Arc<str>, String)> {
        let fields = self.fields.iter();
        fields
            .map(|field| (Arc::clone(&field.label), field.value(document)))
            .collect()
    }

    /// The selectable field with this label.
    pub(crate) fn field(&self, label: &str) -> Option<&SelectableField> {
        self.fields.iter().find(|field| *field.label == *label)
    }
}

impl SelectableField {
    /// What an object is selected by.
    pub(crate) fn value(&self, document: &Document) -> String {
        let found = self.paths.iter().filter_map(|path| at(document, path));
        let mut texts = found.map(text).filter(|text| !text.is_empty());
        texts.next().unwrap_or_else(|| self.default.clone())
    }
}

fn at<'a>(document: &'a Document, path: &[String]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter()
        .try_fold(document.get(first)?, |value, key| value.get(key))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}
