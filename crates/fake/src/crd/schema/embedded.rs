//! Objects within objects: fields that hold a whole resource.

use serde_json::{Map, Value};

use super::{Path, Structural};
use crate::failure::{FieldError, FieldErrors, Malformed};
use crate::meta;
use crate::strategy::NameRule;

/// Brings the metadata of all embedded resources into shape. Gives the paths of what it has dropped.
///
/// # Errors
///
/// Fails at metadata, a kind or a version of the wrong type.
pub(crate) fn coerce(
    schema: &Structural,
    document: &mut Map<String, Value>,
) -> Result<Vec<String>, Malformed> {
    let mut unknown = Vec::new();
    coerce_members(schema, document, &Path::Root, &mut unknown)?;
    unknown.sort();
    Ok(unknown)
}

fn coerce_members(
    schema: &Structural,
    object: &mut Map<String, Value>,
    path: &Path<'_>,
    unknown: &mut Vec<String>,
) -> Result<(), Malformed> {
    for (name, value) in object.iter_mut() {
        if let Some(schema) = schema.properties.get(name).or(schema.value()) {
            coerce_value(schema, value, &path.field(name), unknown)?;
        }
    }
    Ok(())
}

fn coerce_value(
    schema: &Structural,
    value: &mut Value,
    path: &Path<'_>,
    unknown: &mut Vec<String>,
) -> Result<(), Malformed> {
    match value {
        Value::Object(object) => {
            if schema.embeds_resource {
                coerce_resource(object, path, unknown)?;
            }
            coerce_members(schema, object, path, unknown)
        }
        Value::Array(items) => match schema.item() {
            Some(schema) => items
                .iter_mut()
                .enumerate()
                .try_for_each(|(at, item)| coerce_value(schema, item, &path.index(at), unknown)),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn coerce_resource(
    object: &mut Map<String, Value>,
    path: &Path<'_>,
    unknown: &mut Vec<String>,
) -> Result<(), Malformed> {
    for field in ["apiVersion", "kind"] {
        if let Some(value) = object.get(field).filter(|value| !value.is_string()) {
            return Err(Malformed::new(
                path.field(field).to_string(),
                value,
                "a string",
            ));
        }
    }
    if !object.contains_key("metadata") {
        return Ok(());
    }
    let metadata = path.field("metadata");
    if let Some(Value::Object(fields)) = object.get("metadata") {
        let strangers = fields.keys().filter(|field| !meta::is_field(field));
        unknown.extend(strangers.map(|field| metadata.field(field).to_string()));
    }
    meta::tidy(object).map_err(|error| error.below(&metadata.to_string()))
}

/// Checks the kinds, versions and metadata of all embedded resources.
pub(crate) fn check(
    schema: &Structural,
    object: &Map<String, Value>,
    path: &Path<'_>,
    errors: &mut FieldErrors,
) {
    for (name, value) in object {
        if let Some(property) = schema.properties.get(name) {
            check_value(property, value, &path.field(name), errors);
        } else if let Some(values) = schema.value() {
            check_value(values, value, &path.key(name), errors);
        }
    }
}

fn check_value(schema: &Structural, value: &Value, path: &Path<'_>, errors: &mut FieldErrors) {
    match value {
        Value::Object(object) => {
            if schema.embeds_resource {
                check_resource(object, path, errors);
            }
            check(schema, object, path, errors);
        }
        Value::Array(items) => {
            let Some(schema) = schema.item() else {
                return;
            };
            for (index, item) in items.iter().enumerate() {
                check_value(schema, item, &path.index(index), errors);
            }
        }
        _ => {}
    }
}

fn check_resource(object: &Map<String, Value>, path: &Path<'_>, errors: &mut FieldErrors) {
    for field in ["apiVersion", "kind"] {
        let path = path.field(field).to_string();
        match object.get(field) {
            None => errors.push(FieldError::required(path, "")),
            Some(Value::String(text)) => {
                if let Some(problem) = problem_of(field, text) {
                    errors.push(FieldError::invalid(path, text.as_str(), problem));
                }
            }
            Some(other) => {
                errors.push(FieldError::invalid(path, other.clone(), "must be a string"));
            }
        }
    }
    if let Some(Value::Object(metadata)) = object.get("metadata") {
        errors.append(meta::validate_embedded(metadata).below(&path.to_string()));
    }
}

fn problem_of(field: &str, text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("must not be empty".to_owned());
    }
    if field == "apiVersion" {
        let is_too_long = text.matches('/').count() > 1;
        return is_too_long.then(|| format!("unexpected GroupVersion string: {text}"));
    }
    let problems = meta::name_problems(&text.to_lowercase(), NameRule::Label1035);
    if problems.is_empty() {
        return None;
    }
    let problems = problems.join(",");
    Some(format!(
        "may have mixed case, but should otherwise match: {problems}"
    ))
}
