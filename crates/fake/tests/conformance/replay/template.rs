//! Variables in what is sent.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

static VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\$\{(?:repeat:(.+?):([0-9]+)|([0-9A-Za-z_]+))\}").expect("it is a valid pattern")
});

/// The values of variables.
#[derive(Debug, Default)]
pub(super) struct Variables(HashMap<String, String>);

impl Variables {
    pub(super) fn put(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }

    /// Fills in `${name}` and `${repeat:TEXT:COUNT}`. Unknown variables are left as they are, which no server takes for anything else.
    pub(super) fn fill(&self, text: &str) -> String {
        let value = |found: &Captures<'_>| match (found.get(1), found.get(3)) {
            (Some(text), _) => text.as_str().repeat(found[2].parse().unwrap_or(0)),
            (_, Some(name)) => self
                .0
                .get(name.as_str())
                .cloned()
                .unwrap_or_else(|| found[0].to_owned()),
            _ => found[0].to_owned(),
        };
        VARIABLE.replace_all(text, value).into_owned()
    }

    /// Fills in every text of a document.
    pub(super) fn fill_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.fill(text).into(),
            Value::Array(items) => items.iter().map(|item| self.fill_value(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(key, value)| (self.fill(key), self.fill_value(value)))
                .collect(),
            other => other.clone(),
        }
    }
}
