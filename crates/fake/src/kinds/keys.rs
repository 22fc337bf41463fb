//! What config maps and secrets have in common: keys, sizes, and that they can be made immutable.

use kubekit_core::CauseType;

use super::members;
use crate::failure::{FieldError, FieldErrors};
use crate::request::Document;

/// All values of a config map or secret together, in bytes.
const SIZE_LIMIT: usize = 1024 * 1024;
const LONGEST_KEY: usize = 253;
const CHARACTERS: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/// Checks the keys of a map.
pub(super) fn check_keys(document: &Document, field: &str, errors: &mut FieldErrors) {
    for (key, _) in members(document, field) {
        if let Some(problem) = problem(key) {
            let path = format!("{field}[{key}]");
            errors.push(FieldError::invalid(path, key.as_str(), problem));
        }
    }
}

/// Checks that an immutable object stays one, with the same values.
pub(super) fn check_immutable(
    old: &Document,
    new: &Document,
    fields: &[&str],
    errors: &mut FieldErrors,
) {
    if old
        .get("immutable")
        .is_none_or(|immutable| immutable != true)
    {
        return;
    }
    if new
        .get("immutable")
        .is_none_or(|immutable| immutable != true)
    {
        let why = "field is immutable when `immutable` is set";
        errors.push(FieldError::forbidden("immutable", why));
    }
    for field in fields {
        if old.get(*field) != new.get(*field) {
            let why = "field is immutable when `immutable` is set";
            errors.push(FieldError::forbidden(*field, why));
        }
    }
}

/// Checks the size of all values together; `path` is what the API server calls them.
pub(super) fn check_size(size: usize, path: &str, errors: &mut FieldErrors) {
    if size > SIZE_LIMIT {
        let message = format!("Too long: may not be more than {SIZE_LIMIT} bytes");
        errors.push(FieldError::new(
            CauseType::new("FieldValueTooLong"),
            path,
            message,
        ));
    }
}

fn problem(key: &str) -> Option<String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if key.len() > LONGEST_KEY {
        return Some(format!("must be no more than {LONGEST_KEY} bytes"));
    }
    if key.is_empty() || !key.chars().all(is_allowed) {
        return Some(CHARACTERS.to_owned());
    }
    match key {
        "." => Some("must not be '.'".to_owned()),
        ".." => Some("must not be '..'".to_owned()),
        key if key.starts_with("..") => Some("must not start with '..'".to_owned()),
        _ => None,
    }
}
