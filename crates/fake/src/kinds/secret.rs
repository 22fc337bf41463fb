//! Secrets.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::{keys, members};
use crate::failure::{FieldError, FieldErrors};
use crate::request::Document;
use crate::strategy::Write;

/// Moves `stringData` into `data`, where it wins, and checks keys, size, type, and that what is immutable stays as it is.
pub(crate) fn prepare(write: &Write<'_>, new: &mut Document) -> FieldErrors {
    take_string_data(new);
    let mut errors = FieldErrors::default();
    keys::check_keys(new, "data", &mut errors);
    keys::check_size(size(new), "data", &mut errors);
    if let Some(old) = write.old {
        if old.get("type") != new.get("type") {
            let value = new.get("type").cloned().unwrap_or_default();
            errors.push(FieldError::invalid("type", value, "field is immutable"));
        }
        keys::check_immutable(old, new, &["data"], &mut errors);
    }
    errors
}

fn take_string_data(document: &mut Document) {
    let Some(Value::Object(texts)) = document.remove("stringData") else {
        return;
    };
    let data = document
        .entry("data")
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(data) = data {
        for (key, text) in texts {
            let encoded = STANDARD.encode(text.as_str().unwrap_or(""));
            data.insert(key, encoded.into());
        }
    }
}

fn size(document: &Document) -> usize {
    let values = members(document, "data").map(|(_, value)| value.as_str().map_or(0, str::len));
    values.sum::<usize>() / 4 * 3
}
