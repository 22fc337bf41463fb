//! What the values must be that a scale shows.

use serde_json::Value;

use super::ServedVersion;
use crate::failure::{FieldError, FieldErrors};
use crate::strategy::Part;

impl ServedVersion {
    /// Checks the numbers of replicas and the selector of an object that has a scale.
    pub(super) fn check_scale(&self, part: Part, object: &Value) -> FieldErrors {
        let mut errors = FieldErrors::default();
        let Some(scale) = &self.scale else {
            return errors;
        };
        if part != Part::Status {
            errors.extend(wrong_replicas(object, &scale.spec_replicas_path));
        }
        errors.extend(wrong_replicas(object, &scale.status_replicas_path));
        let path = scale.label_selector_path.as_deref().unwrap_or("");
        if let Some(value) = at(object, path).filter(|value| !value.is_string()) {
            let detail =
                format!("{path} accessor error: {value} is of the wrong type, expected string");
            errors.push(FieldError::invalid(path, "", detail));
        }
        errors
    }
}

fn at<'a>(object: &'a Value, path: &str) -> Option<&'a Value> {
    let path = path.strip_prefix('.')?;
    path.split('.')
        .try_fold(object, |value, name| value.get(name))
}

fn wrong_replicas(object: &Value, path: &str) -> Option<FieldError> {
    let value = at(object, path)?;
    let (number, detail) = match value.as_i64() {
        None => {
            let detail =
                format!("{path} accessor error: {value} is of the wrong type, expected int64");
            (0, detail)
        }
        Some(number) if number < 0 => (number, "should be a non-negative integer".to_owned()),
        Some(number) if number > i64::from(i32::MAX) => {
            let most = i32::MAX;
            (number, format!("should be less than or equal to {most}"))
        }
        Some(_) => return None,
    };
    Some(FieldError::invalid(path, number, detail))
}
