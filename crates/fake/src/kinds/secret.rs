//! Secrets.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::{keys, members};
use crate::failure::{FieldError, FieldErrors};
use crate::meta;
use crate::request::Document;
use crate::strategy::Write;

/// The keys that secrets of a type must have. The first ones are those of registries.
const REQUIRED: &[(&str, &[&str])] = &[
    ("kubernetes.io/dockercfg", &[".dockercfg"]),
    ("kubernetes.io/dockerconfigjson", &[".dockerconfigjson"]),
    ("kubernetes.io/ssh-auth", &["ssh-privatekey"]),
    ("kubernetes.io/tls", &["tls.crt", "tls.key"]),
];

/// How many of [`REQUIRED`] are the credentials of registries.
const REGISTRIES: usize = 2;

/// A secret of this type is for the account that this annotation names.
const ACCOUNT_TOKEN: &str = "kubernetes.io/service-account-token";
const ACCOUNT_NAME: &str = "kubernetes.io/service-account.name";

/// A secret of this type must have one of these keys.
const BASIC_AUTH: (&str, &[&str]) = ("kubernetes.io/basic-auth", &["username", "password"]);

/// Checks keys, size, type, and that what is immutable stays as it is.
pub(crate) fn prepare(write: &Write<'_>, new: &mut Document) -> FieldErrors {
    let mut errors = FieldErrors::default();
    keys::check_keys(new, "data", &mut errors);
    keys::check_size(size(new), "data", &mut errors);
    check_required(new, &mut errors);
    check_json(new, &mut errors);
    if let Some(old) = write.old {
        if old.get("type") != new.get("type") {
            let value = new.get("type").cloned().unwrap_or_default();
            errors.push(FieldError::invalid("type", value, "field is immutable"));
        }
        keys::check_immutable(old, new, &["data"], &mut errors);
    }
    errors
}

fn check_required(document: &Document, errors: &mut FieldErrors) {
    let kind = document.get("type").and_then(Value::as_str).unwrap_or("");
    let has = |key: &str| members(document, "data").any(|(known, _)| known == key);
    let missing = |key: &str| FieldError::required(format!("data[{key}]"), "");
    if let Some((_, keys)) = REQUIRED.iter().find(|(known, _)| *known == kind) {
        errors.extend(keys.iter().filter(|key| !has(key)).map(|key| missing(key)));
    }
    let (basic_auth, keys) = BASIC_AUTH;
    if kind == basic_auth && !keys.iter().any(|key| has(key)) {
        errors.extend(keys.iter().map(|key| missing(key)));
    }
    if kind == ACCOUNT_TOKEN && annotation(document, ACCOUNT_NAME).is_empty() {
        let path = format!("metadata.annotations[{ACCOUNT_NAME}]");
        errors.push(FieldError::required(path, ""));
    }
}

fn annotation<'a>(document: &'a Document, key: &str) -> &'a str {
    let annotations = meta::of(document).get("annotations");
    annotations
        .and_then(|annotations| annotations[key].as_str())
        .unwrap_or_default()
}

/// Credentials of registries are JSON. What they are is not shown.
fn check_json(document: &Document, errors: &mut FieldErrors) {
    let kind = document.get("type").and_then(Value::as_str).unwrap_or("");
    let Some((_, keys)) = REQUIRED[..REGISTRIES]
        .iter()
        .find(|(known, _)| *known == kind)
    else {
        return;
    };
    for (key, value) in members(document, "data").filter(|(key, _)| keys.contains(&key.as_str())) {
        let bytes = STANDARD.decode(value.as_str().unwrap_or_default());
        let is_map = |bytes: Vec<u8>| serde_json::from_slice::<Map<String, Value>>(&bytes).is_ok();
        if !bytes.is_ok_and(is_map) {
            let path = format!("data[{key}]");
            let hidden = "<secret contents redacted>";
            errors.push(FieldError::invalid(path, hidden, "must be a JSON object"));
        }
    }
}

/// Moves `stringData` into `data`, where it wins.
pub(crate) fn take_string_data(document: &mut Document) {
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
