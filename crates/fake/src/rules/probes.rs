//! Probes and the hooks of a container's life.

use super::{Object, member};
use crate::failure::{FieldError, FieldErrors};
use crate::schema::Typed;

const PROBE_HANDLERS: [&str; 4] = ["exec", "grpc", "httpGet", "tcpSocket"];
const HOOK_HANDLERS: [&str; 4] = ["exec", "httpGet", "sleep", "tcpSocket"];

pub(super) fn probe(typed: Typed<'_>, errors: &mut FieldErrors) {
    check_handler(typed.object, typed.path, &PROBE_HANDLERS, errors);
}

pub(super) fn lifecycle(typed: Typed<'_>, errors: &mut FieldErrors) {
    for hook in ["postStart", "preStop"] {
        if let Some(handler) = member(typed.object, hook) {
            check_handler(handler, &typed.at(hook), &HOOK_HANDLERS, errors);
        }
    }
}

/// There is one handler, and no other.
fn check_handler(object: &Object, path: &str, handlers: &[&str], errors: &mut FieldErrors) {
    let mut found = handlers
        .iter()
        .filter(|handler| object.contains_key(**handler));
    if found.next().is_none() {
        errors.push(FieldError::required(path, "must specify a handler type"));
    }
    for other in found {
        errors.push(FieldError::forbidden(
            format!("{path}.{other}"),
            "may not specify more than 1 handler type",
        ));
    }
}
