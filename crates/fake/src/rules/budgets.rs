//! Disruption budgets.

use serde_json::Value;

use super::percent;
use crate::failure::{FieldError, FieldErrors};
use crate::schema::Typed;

pub(super) fn spec(typed: Typed<'_>, errors: &mut FieldErrors) {
    let fields = ["minAvailable", "maxUnavailable"];
    if fields.iter().all(|field| typed.object.contains_key(*field)) {
        errors.push(FieldError::invalid(
            typed.path,
            Value::Object(typed.object.clone()),
            "minAvailable and maxUnavailable cannot be both set",
        ));
    }
    for field in fields {
        if let Some(value) = typed
            .object
            .get(field)
            .filter(|value| percent::is_more_than_all(value))
        {
            let problem = "must not be greater than 100%";
            errors.push(FieldError::invalid(typed.at(field), value.clone(), problem));
        }
    }
}
