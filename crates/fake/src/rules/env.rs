//! Variables of the environment.

use super::{member, text};
use crate::failure::{FieldError, FieldErrors};
use crate::schema::Typed;

const SOURCES: &str = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";

pub(super) fn variable(typed: Typed<'_>, errors: &mut FieldErrors) {
    let name = text(typed.object, "name");
    if name.is_empty() {
        errors.push(FieldError::required(typed.at("name"), ""));
    } else if !name.chars().all(|c| matches!(c, ' '..='~') && c != '=') {
        let problem = "a valid environment variable name must consist only of printable ASCII characters other than '='";
        errors.push(FieldError::invalid(typed.at("name"), name, problem));
    }
    let Some(source) = member(typed.object, "valueFrom") else {
        return;
    };
    let problem = match source.len() {
        0 => SOURCES,
        _ if !text(typed.object, "value").is_empty() => {
            "may not be specified when `value` is not empty"
        }
        1 => return,
        _ => "may not have more than one field specified at a time",
    };
    errors.push(FieldError::invalid(typed.at("valueFrom"), "", problem));
}
