//! Ephemeral containers: they can be added to a pod that runs, and neither changed nor taken away.

use kubekit_core::CauseType;
use serde_json::{Map, Value};

use super::parts::items;
use crate::failure::{FieldError, FieldErrors};

const LIST: &str = "spec.ephemeralContainers";
/// What containers have that are not there from the start can have no use for.
const UNSUITED: [&str; 6] = [
    "lifecycle",
    "livenessProbe",
    "ports",
    "readinessProbe",
    "resources",
    "startupProbe",
];

/// Checks a change.
pub(super) fn check(old: &Map<String, Value>, new: &Map<String, Value>, errors: &mut FieldErrors) {
    check_each(new, errors);
    let containers = items(new, "ephemeralContainers");
    for known in items(old, "ephemeralContainers") {
        let name = &known["name"];
        match containers
            .iter()
            .find(|container| container["name"] == *name)
        {
            Some(container) if container == known => {}
            Some(_) => errors.push(FieldError::forbidden(
                LIST,
                format!("existing ephemeral containers {name} may not be changed"),
            )),
            None => errors.push(FieldError::forbidden(
                LIST,
                format!("existing ephemeral containers {name} may not be removed"),
            )),
        }
    }
}

fn check_each(spec: &Map<String, Value>, errors: &mut FieldErrors) {
    let others = ["containers", "initContainers"];
    let mut names: Vec<&Value> = others
        .iter()
        .flat_map(|list| items(spec, list))
        .map(|container| &container["name"])
        .collect();
    let targets = names.clone();
    for (at, container) in items(spec, "ephemeralContainers").iter().enumerate() {
        let path = |field: &str| format!("{LIST}[{at}].{field}");
        for field in ["image", "name"] {
            if container[field].as_str().unwrap_or("").is_empty() {
                errors.push(FieldError::required(path(field), ""));
            }
        }
        let name = &container["name"];
        if names.contains(&name) {
            let message = format!("Duplicate value: {name}");
            errors.push(FieldError::new(
                CauseType::FIELD_VALUE_DUPLICATE,
                path("name"),
                message,
            ));
        }
        names.push(name);
        let target = &container["targetContainerName"];
        if target.as_str().is_some_and(|name| !name.is_empty()) && !targets.contains(&target) {
            let message = format!("Not found: {target}");
            let path = path("targetContainerName");
            errors.push(FieldError::new(
                CauseType::new("FieldValueNotFound"),
                path,
                message,
            ));
        }
        for field in UNSUITED
            .iter()
            .filter(|field| says_something(&container[**field]))
        {
            let why = "cannot be set for an Ephemeral Container";
            errors.push(FieldError::forbidden(path(field), why));
        }
    }
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}
