//! What a value may be beyond its type: ranges, lengths, patterns, formats, and what is allowed.

use serde_json::{Number, Value};

use super::super::{Path, Structural};
use super::kinds::is_integer;
use super::name;
use crate::failure::{FieldError, FieldErrors};
use crate::formats;

/// Checks a text. Of its length and its pattern only the first problem counts.
pub(super) fn check_text(
    schema: &Structural,
    text: &str,
    path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    if let Some(error) = wrong_text(schema, text, path) {
        errors.push(error);
    }
    let takes_format = matches!(schema.kind.as_str(), "" | "string") && !schema.int_or_string;
    if takes_format && !formats::is_valid(&schema.format, text) {
        let name = name(path);
        let format = &schema.format;
        let message = format!("{name} in body must be of type {format}: {}", quoted(text));
        errors.push(FieldError::type_invalid(path.to_string(), text, message));
    }
}

fn wrong_text(schema: &Structural, text: &str, path: &Path<'_>) -> Option<FieldError> {
    let length = text.chars().count();
    if let Some(most) = schema.max_length
        && is_more(length, most)
    {
        return Some(FieldError::too_long(path.to_string(), most));
    }
    let detail = match schema.min_length {
        Some(least) if is_less(length, least) => {
            format!("should be at least {least} chars long")
        }
        _ if !schema.pattern.is_empty() && !schema.pattern.is_in(text) => {
            format!("should match '{}'", schema.pattern.as_str())
        }
        _ => return None,
    };
    Some(invalid(path, text, &detail))
}

/// Checks a number. All its problems count.
pub(super) fn check_number(
    schema: &Structural,
    number: &Number,
    path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    let Some(float) = number.as_f64() else {
        return;
    };
    if !is_in_range_of(schema, number, float) {
        let (kind, format) = (&schema.kind, &schema.format);
        let of_format = match format.as_str() {
            "" => String::new(),
            format => format!(" with format {format}"),
        };
        let detail = format!(
            "Checked value must be of type {kind}{of_format} in {}",
            name(path)
        );
        errors.push(FieldError::invalid(Path::Root.to_string(), "", detail));
    }
    let mut refuse = |detail: String| errors.push(invalid(path, number.clone(), &detail));
    if let Some(factor) = schema.multiple_of
        && !is_multiple(float, factor)
    {
        refuse(format!("should be a multiple of {factor}"));
    }
    if let Some(most) = schema.maximum {
        if schema.exclusive_maximum && float >= most {
            refuse(format!("should be less than {most}"));
        } else if float > most {
            refuse(format!("should be less than or equal to {most}"));
        }
    }
    if let Some(least) = schema.minimum {
        if schema.exclusive_minimum && float <= least {
            refuse(format!("should be greater than {least}"));
        } else if float < least {
            refuse(format!("should be greater than or equal to {least}"));
        }
    }
}

fn is_in_range_of(schema: &Structural, number: &Number, float: f64) -> bool {
    match (schema.kind.as_str(), schema.format.as_str()) {
        ("integer", "int32") => number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()),
        ("integer", _) => number.is_i64(),
        ("number", "float") => float.abs() <= f64::from(f32::MAX),
        _ => true,
    }
}

fn is_multiple(number: f64, factor: f64) -> bool {
    factor > 0.0 && is_integer(number / factor)
}

/// Checks that a value is one of those that are allowed.
pub(super) fn check_enum(
    schema: &Structural,
    value: &Value,
    path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    let is_allowed = |allowed: &Value| match (allowed.as_f64(), value.as_f64()) {
        (Some(allowed), Some(value)) => allowed == value,
        _ => !value.is_null() && allowed == value,
    };
    if schema.allowed.is_empty() || schema.allowed.iter().any(is_allowed) {
        return;
    }
    let texts = schema.allowed.iter().map(|allowed| match allowed {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    let texts: Vec<String> = texts.collect();
    let supported: Vec<&str> = texts.iter().map(String::as_str).collect();
    let path = path.to_string();
    errors.push(FieldError::value_not_supported(path, value, &supported));
}

/// Checks how many items a list has, and that they differ where they must.
pub(super) fn check_count(
    schema: &Structural,
    items: &[Value],
    path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    if let Some(least) = schema.min_items
        && is_less(items.len(), least)
    {
        let detail = format!("should have at least {least} items");
        errors.push(invalid(path, items.len(), &detail));
    }
    if let Some(most) = schema.max_items
        && is_more(items.len(), most)
    {
        errors.push(FieldError::too_many(path.to_string(), items.len(), most));
    }
    let mut rest = items;
    while let Some((first, others)) = rest.split_first().filter(|_| schema.unique_items) {
        if others.contains(first) {
            errors.push(invalid(path, "", "shouldn't contain duplicates"));
            return;
        }
        rest = others;
    }
}

/// What is wrong with how many members a map has. Nothing else of it is checked then.
pub(super) fn wrong_size(schema: &Structural, size: usize, path: &Path<'_>) -> Option<FieldError> {
    match (schema.min_properties, schema.max_properties) {
        (Some(least), _) if is_less(size, least) => {
            let detail = format!("should have at least {least} properties");
            Some(invalid(path, size, &detail))
        }
        (_, Some(most)) if is_more(size, most) => {
            Some(FieldError::too_many(path.to_string(), size, most))
        }
        _ => None,
    }
}

fn is_more(count: usize, most: i64) -> bool {
    i64::try_from(count).unwrap_or(i64::MAX) > most
}

fn is_less(count: usize, least: i64) -> bool {
    i64::try_from(count).unwrap_or(i64::MAX) < least
}

fn invalid(path: &Path<'_>, value: impl Into<Value>, detail: &str) -> FieldError {
    let message = format!("{} in body {detail}", name(path));
    FieldError::invalid(path.to_string(), value, message)
}

fn quoted(text: &str) -> Value {
    Value::from(text)
}
