//! What a version says beside its schema: columns, subresources, selectable fields, and that it is deprecated.

use serde::Deserialize;
use serde_json::Value;

use super::{Place, text};
use crate::crd::schema::Structural;
use crate::failure::{FieldError, FieldErrors};

const COLUMN_TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS: [&str; 8] = [
    "byte",
    "date",
    "date-time",
    "double",
    "float",
    "int32",
    "int64",
    "password",
];
/// How many fields objects can be selected by.
const MOST_FIELDS: i64 = 8;
/// How long the warning of a deprecated version may be.
const LONGEST_WARNING: usize = 256;

/// Checks all versions.
pub(super) fn check(versions: &[Value], errors: &mut FieldErrors) {
    for (index, version) in versions.iter().enumerate() {
        check_deprecation(version, &format!("spec.versions[{index}]"), errors);
    }
    let everywhere = |name| Place::of(versions, name, name);
    for (version, path) in everywhere("subresources").versions(versions) {
        let scale = version
            .pointer("/subresources/scale")
            .filter(|scale| scale.is_object());
        if let Some(scale) = scale {
            check_scale(scale, &path, errors);
        }
    }
    for (version, path) in everywhere("additionalPrinterColumns").versions(versions) {
        let columns = version["additionalPrinterColumns"].as_array();
        for (index, column) in columns.into_iter().flatten().enumerate() {
            check_column(column, &format!("{path}[{index}]"), errors);
        }
    }
    for (version, path) in everywhere("selectableFields").versions(versions) {
        if let Some(fields) = version["selectableFields"].as_array() {
            check_fields(fields, version, &path, errors);
        }
    }
}

fn check_deprecation(version: &Value, path: &str, errors: &mut FieldErrors) {
    let Some(warning) = version["deprecationWarning"].as_str() else {
        return;
    };
    let mut refuse = |detail: &str| {
        let path = format!("{path}.deprecationWarning");
        errors.push(FieldError::invalid(path, warning, detail));
    };
    if version["deprecated"] != true {
        refuse("can only be set for deprecated versions");
        return;
    }
    if warning.len() > LONGEST_WARNING {
        refuse("must be <= 256 characters long");
    }
    if warning.is_empty() {
        refuse("must not be an empty string");
    }
    if let Some(at) = warning.find(char::is_control) {
        refuse(&format!(
            "must only contain printable UTF-8 characters; non-printable character found at index {at}"
        ));
    }
}

fn check_scale(scale: &Value, path: &str, errors: &mut FieldErrors) {
    let places: [(&str, &[&str], &str); 3] = [
        ("specReplicasPath", &[".spec."], ".spec"),
        ("statusReplicasPath", &[".status."], ".status"),
        (
            "labelSelectorPath",
            &[".spec.", ".status."],
            "either .spec or .status",
        ),
    ];
    for (name, prefixes, below) in places {
        let value = text(scale, name);
        let path = format!("{path}.scale.{name}");
        if value.is_empty() {
            if name != "labelSelectorPath" {
                errors.push(FieldError::required(path, ""));
            }
        } else if !value.starts_with('.') {
            let detail = "must be a simple json path starting with .";
            errors.push(FieldError::invalid(path, value, detail));
        } else if !prefixes.iter().any(|prefix| value.starts_with(prefix)) {
            let detail = format!("should be a json path under {below}");
            errors.push(FieldError::invalid(path, value, detail));
        }
    }
}

fn check_column(column: &Value, path: &str, errors: &mut FieldErrors) {
    if text(column, "name").is_empty() {
        errors.push(FieldError::required(format!("{path}.name"), ""));
    }
    let types = format!("must be one of {}", COLUMN_TYPES.join(","));
    match text(column, "type") {
        "" => errors.push(FieldError::required(format!("{path}.type"), &types)),
        kind if !COLUMN_TYPES.contains(&kind) => {
            errors.push(FieldError::invalid(format!("{path}.type"), kind, types));
        }
        _ => {}
    }
    let format = text(column, "format");
    if !format.is_empty() && !COLUMN_FORMATS.contains(&format) {
        let detail = format!("must be one of {}", COLUMN_FORMATS.join(","));
        errors.push(FieldError::invalid(
            format!("{path}.format"),
            format,
            detail,
        ));
    }
    match text(column, "jsonPath") {
        "" => errors.push(FieldError::required(format!("{path}.JSONPath"), "")),
        value if !value.starts_with('.') => {
            let detail = "must be a simple json path starting with .";
            errors.push(FieldError::invalid(
                format!("{path}.JSONPath"),
                value,
                detail,
            ));
        }
        _ => {}
    }
}

fn check_fields(fields: &[Value], version: &Value, path: &str, errors: &mut FieldErrors) {
    let schema = version.pointer("/schema/openAPIV3Schema");
    let schema = schema.and_then(|schema| Structural::deserialize(schema).ok());
    let schema = schema.unwrap_or_default();
    let mut known: Vec<&str> = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let place = text(field, "jsonPath");
        let path = format!("{path}[{index}].jsonPath");
        if place.is_empty() {
            errors.push(FieldError::required(path, ""));
            continue;
        }
        let found = schema.at(place).filter(|_| !place.contains('['));
        let Some(found) = found else {
            let why = match place.contains('[') {
                true => "array notation is not allowed",
                false => "does not refer to a valid field",
            };
            let detail = format!("is an invalid path: {why}");
            errors.push(FieldError::invalid(path, place, detail));
            continue;
        };
        if place.starts_with(".metadata") {
            let detail = "must not point to fields in metadata";
            errors.push(FieldError::invalid(&path, place, detail));
        }
        if !matches!(found.kind.as_str(), "string" | "boolean" | "integer") {
            let detail = "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
            errors.push(FieldError::invalid(&path, place, detail));
        }
        if known.contains(&place) {
            errors.push(FieldError::duplicate(path, place));
        } else {
            known.push(place);
        }
    }
    if i64::try_from(known.len()).unwrap_or(i64::MAX) > MOST_FIELDS {
        errors.push(FieldError::too_many(path, known.len(), MOST_FIELDS));
    }
}
