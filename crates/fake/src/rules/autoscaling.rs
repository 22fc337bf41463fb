//! Horizontal autoscalers.

use super::number;
use crate::failure::{FieldError, FieldErrors};
use crate::schema::Typed;

pub(super) fn spec(typed: Typed<'_>, errors: &mut FieldErrors) {
    let least = number(typed.object, "minReplicas").unwrap_or(1);
    let most = number(typed.object, "maxReplicas").unwrap_or(0);
    if most < least {
        errors.push(FieldError::invalid(
            typed.at("maxReplicas"),
            most,
            "must be greater than or equal to `minReplicas`",
        ));
    }
}
