//! Containers.

use super::{member, number, text};
use crate::failure::{FieldError, FieldErrors};
use crate::schema::Typed;

/// What only containers have that go on running.
const OF_LASTING: [&str; 4] = [
    "lifecycle",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
];

pub(super) fn container(typed: Typed<'_>, errors: &mut FieldErrors) {
    let image = text(typed.object, "image");
    if image != image.trim() {
        let problem = "must not have leading or trailing whitespace";
        errors.push(FieldError::invalid(typed.at("image"), image, problem));
    }
    let is_init = typed.path.contains("initContainers[");
    if is_init && text(typed.object, "restartPolicy") != "Always" {
        for field in OF_LASTING {
            if typed.object.contains_key(field) {
                errors.push(FieldError::forbidden(
                    typed.at(field),
                    "may not be set for init containers without restartPolicy=Always",
                ));
            }
        }
    }
    for field in ["livenessProbe", "startupProbe"] {
        let probe = member(typed.object, field);
        let successes = probe.and_then(|probe| number(probe, "successThreshold"));
        if let Some(successes) = successes.filter(|successes| *successes != 1) {
            let path = typed.at(&format!("{field}.successThreshold"));
            errors.push(FieldError::invalid(path, successes, "must be 1"));
        }
    }
}

pub(super) fn port(typed: Typed<'_>, errors: &mut FieldErrors) {
    let path = typed.at("containerPort");
    match number(typed.object, "containerPort").unwrap_or(0) {
        0 => errors.push(FieldError::required(path, "")),
        number if !(1..=65535).contains(&number) => {
            let problem = "must be between 1 and 65535, inclusive";
            errors.push(FieldError::invalid(path, number, problem));
        }
        _ => {}
    }
}
