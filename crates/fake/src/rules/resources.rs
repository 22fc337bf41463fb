//! Resources that containers request and are limited to.

use serde_json::Value;

use super::{Object, member};
use crate::failure::{FieldError, FieldErrors};
use crate::meta::names;
use crate::schema::{self, Typed};

pub(super) fn requirements(typed: Typed<'_>, errors: &mut FieldErrors) {
    let (limits, requests) = (
        member(typed.object, "limits"),
        member(typed.object, "requests"),
    );
    for (field, list) in [("limits", limits), ("requests", requests)] {
        for (name, value) in list.into_iter().flatten() {
            let path = typed.at(&format!("{field}[{name}]"));
            check_name(name, &path, typed, errors);
            check_amount(value, &path, errors);
        }
    }
    for (name, requested) in requests.into_iter().flatten() {
        if let Some(limit) = limits.and_then(|limits| limits.get(name)) {
            check_limit(name, requested, limit, &typed.at("requests"), errors);
        }
    }
}

/// Names without a domain are known ones.
fn check_name(name: &str, path: &str, typed: Typed<'_>, errors: &mut FieldErrors) {
    let problems = names::qualified(name);
    let is_sound = problems.is_empty();
    errors.extend(
        problems
            .into_iter()
            .map(|problem| FieldError::invalid(path, name, problem)),
    );
    let is_claim = typed.name.ends_with("VolumeResourceRequirements");
    let is_known = matches!(name, "cpu" | "memory" | "ephemeral-storage")
        || name.starts_with("hugepages-")
        || is_claim;
    if is_sound && !is_known && !name.contains('/') {
        for problem in [
            "must be a standard resource type or fully qualified",
            "must be a standard resource for containers",
        ] {
            errors.push(FieldError::invalid(path, name, problem));
        }
    }
}

fn check_amount(value: &Value, path: &str, errors: &mut FieldErrors) {
    if thousandths(value).is_some_and(|amount| amount < 0) {
        let problem = "must be greater than or equal to 0";
        errors.push(FieldError::invalid(path, value.clone(), problem));
    }
}

/// Nobody gets more than the limit; some resources cannot be given twice, so that all of the limit is requested.
fn check_limit(name: &str, requested: &Value, limit: &Value, path: &str, errors: &mut FieldErrors) {
    let (Some(amount), Some(most)) = (thousandths(requested), thousandths(limit)) else {
        return;
    };
    let shares =
        matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.contains("kubernetes.io/");
    let limit = limit.as_str().unwrap_or_default();
    if !shares && amount != most {
        let problem = format!("must be equal to {name} limit of {limit}");
        errors.push(FieldError::invalid(path, requested.clone(), problem));
    } else if amount > most {
        let problem = format!("must be less than or equal to {name} limit of {limit}");
        errors.push(FieldError::invalid(path, requested.clone(), problem));
    }
}

/// Whether an object requests anything of a resource.
pub(super) fn has(resources: &Object, list: &str, name: &str) -> bool {
    member(resources, list).is_some_and(|list| list.contains_key(name))
}

fn thousandths(value: &Value) -> Option<i128> {
    schema::thousandths(value.as_str()?)
}
