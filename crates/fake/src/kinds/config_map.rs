//! Config maps.

use super::{keys, members};
use crate::failure::{FieldError, FieldErrors};
use crate::request::Document;
use crate::strategy::Write;

/// Checks keys, size, and that what is immutable stays as it is.
pub(crate) fn prepare(write: &Write<'_>, new: &mut Document) -> FieldErrors {
    let mut errors = FieldErrors::default();
    keys::check_keys(new, "data", &mut errors);
    keys::check_keys(new, "binaryData", &mut errors);
    for (key, _) in members(new, "data") {
        if members(new, "binaryData").any(|(other, _)| other == key) {
            let why = "duplicate of key present in binaryData";
            errors.push(FieldError::invalid(
                format!("data[{key}]"),
                key.as_str(),
                why,
            ));
        }
    }
    keys::check_size(size(new), "[]", &mut errors);
    if let Some(old) = write.old {
        keys::check_immutable(old, new, &["data", "binaryData"], &mut errors);
    }
    errors
}

fn size(document: &Document) -> usize {
    let texts = members(document, "data").map(|(_, value)| value.as_str().map_or(0, str::len));
    // Four characters of base64 are three bytes.
    let bytes = members(document, "binaryData")
        .map(|(_, value)| value.as_str().map_or(0, |text| text.len() / 4 * 3));
    texts.chain(bytes).sum()
}
