//! Leases.

use serde_json::Value;

use crate::failure::{FieldError, FieldErrors};
use crate::request::Document;
use crate::strategy::Write;

/// Checks the numbers.
pub(crate) fn prepare(_: &Write<'_>, new: &mut Document) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let spec = new.get("spec").unwrap_or(&Value::Null);
    check_at_least(
        spec,
        "leaseDurationSeconds",
        1,
        "must be greater than 0",
        &mut errors,
    );
    let problem = "must be greater than or equal to 0";
    check_at_least(spec, "leaseTransitions", 0, problem, &mut errors);
    errors
}

fn check_at_least(spec: &Value, field: &str, least: i64, problem: &str, errors: &mut FieldErrors) {
    if let Some(number) = spec[field].as_i64().filter(|number| *number < least) {
        errors.push(FieldError::invalid(
            format!("spec.{field}"),
            number,
            problem,
        ));
    }
}
