//! What an update may change about a pod: very little.

use serde_json::{Map, Value};

use super::parts::items;
use crate::failure::{FieldError, FieldErrors};

const LISTS: [&str; 2] = ["containers", "initContainers"];
const RULE: &str = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,\
    `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),\
    `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/// Checks a change.
pub(super) fn check(old: &Map<String, Value>, new: &Map<String, Value>, errors: &mut FieldErrors) {
    for list in LISTS {
        if items(old, list).len() != items(new, list).len() {
            let why = "pod updates may not add or remove containers";
            errors.push(FieldError::forbidden(format!("spec.{list}"), why));
            return;
        }
    }
    check_images(new, errors);
    check_deadline(old, new, errors);
    check_tolerations(old, new, errors);
    check_gates(old, new, errors);
    let mut allowed = new.clone();
    put_back(old, &mut allowed);
    if allowed != *old {
        errors.push(FieldError::forbidden("spec", RULE));
    }
}

/// Undoes the changes that are allowed.
fn put_back(old: &Map<String, Value>, new: &mut Map<String, Value>) {
    for list in LISTS {
        let containers = new.get_mut(list).and_then(Value::as_array_mut);
        let containers = containers.into_iter().flatten();
        for (container, known) in containers.zip(items(old, list)) {
            if let (Some(container), Some(known)) = (container.as_object_mut(), known.as_object()) {
                copy(known, container, "image");
            }
        }
    }
    for field in ["activeDeadlineSeconds", "schedulingGates", "tolerations"] {
        copy(old, new, field);
    }
    let grace = "terminationGracePeriodSeconds";
    let was_negative = old
        .get(grace)
        .and_then(Value::as_i64)
        .is_some_and(|grace| grace < 0);
    if was_negative && new.get(grace).is_some_and(|grace| *grace == 1) {
        copy(old, new, grace);
    }
    // A pod that is not to be scheduled yet can still be told where to.
    if !items(old, "schedulingGates").is_empty() {
        copy(old, new, "nodeSelector");
        copy(old, new, "affinity");
    }
}

fn copy(from: &Map<String, Value>, to: &mut Map<String, Value>, field: &str) {
    match from.get(field) {
        Some(value) => to.insert(field.to_owned(), value.clone()),
        None => to.remove(field),
    };
}

fn check_images(new: &Map<String, Value>, errors: &mut FieldErrors) {
    for list in LISTS {
        for (at, container) in items(new, list).iter().enumerate() {
            if container["image"].as_str().unwrap_or("").is_empty() {
                errors.push(FieldError::required(format!("spec.{list}[{at}].image"), ""));
            }
        }
    }
}

/// A deadline can be set and come closer.
fn check_deadline(old: &Map<String, Value>, new: &Map<String, Value>, errors: &mut FieldErrors) {
    let field = "activeDeadlineSeconds";
    let number = |spec: &Map<String, Value>| spec.get(field).and_then(Value::as_i64);
    let problem = match (number(old), number(new)) {
        (Some(_), None) => "must not update from a positive integer to nil value",
        (Some(old), Some(new)) if new > old => "must be less than or equal to previous value",
        _ => return,
    };
    let path = format!("spec.{field}");
    errors.push(FieldError::invalid(path, number(new), problem));
}

/// A toleration stays, but for how long it holds.
fn check_tolerations(old: &Map<String, Value>, new: &Map<String, Value>, errors: &mut FieldErrors) {
    let lasting = |toleration: &Value| {
        let mut toleration = toleration.as_object().cloned().unwrap_or_default();
        toleration.remove("tolerationSeconds");
        toleration
    };
    let known: Vec<_> = items(new, "tolerations").iter().map(lasting).collect();
    let gone = |toleration: &Value| !known.contains(&lasting(toleration));
    if items(old, "tolerations").iter().any(gone) {
        let why = "existing toleration can not be modified except its tolerationSeconds";
        errors.push(FieldError::forbidden("spec.tolerations", why));
    }
}

/// Gates are opened, never put up.
fn check_gates(old: &Map<String, Value>, new: &Map<String, Value>, errors: &mut FieldErrors) {
    let known = items(old, "schedulingGates");
    for (at, gate) in items(new, "schedulingGates").iter().enumerate() {
        if !known.iter().any(|known| known["name"] == gate["name"]) {
            let name = gate["name"].as_str().unwrap_or("");
            let why = format!("only deletion is allowed, but found new scheduling gate '{name}'");
            errors.push(FieldError::forbidden(
                format!("spec.schedulingGates[{at}]"),
                why,
            ));
        }
    }
}
