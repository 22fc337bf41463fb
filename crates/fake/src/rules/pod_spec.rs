//! What the parts of a pod say about each other.

use std::collections::HashSet;

use serde_json::Value;

use super::{items, text};
use crate::failure::{FieldError, FieldErrors};
use crate::meta::names;
use crate::schema::Typed;

const CONTAINERS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

pub(super) fn check(typed: Typed<'_>, errors: &mut FieldErrors) {
    check_container_names(typed, errors);
    check_volume_names(typed, errors);
    check_mounts(typed, errors);
    check_ports(typed, errors);
}

pub(super) fn toleration(typed: Typed<'_>, errors: &mut FieldErrors) {
    let (key, operator) = (text(typed.object, "key"), text(typed.object, "operator"));
    if key.is_empty() {
        if operator != "Exists" {
            errors.push(FieldError::invalid(
                typed.at("operator"),
                operator,
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"",
            ));
        }
    } else {
        let problems = names::qualified(key).into_iter();
        errors.extend(problems.map(|problem| FieldError::invalid(typed.at("key"), key, problem)));
    }
    let value = text(typed.object, "value");
    if operator == "Exists" && !value.is_empty() {
        errors.push(FieldError::invalid(
            typed.at("operator"),
            value,
            "value must be empty when `operator` is 'Exists'",
        ));
    }
    let is_timed = typed.object.contains_key("tolerationSeconds");
    let effect = text(typed.object, "effect");
    if is_timed && effect != "NoExecute" {
        errors.push(FieldError::invalid(
            typed.at("effect"),
            effect,
            "effect must be 'NoExecute' when `tolerationSeconds` is set",
        ));
    }
}

fn check_container_names(typed: Typed<'_>, errors: &mut FieldErrors) {
    let mut seen = HashSet::new();
    // Init containers come first, so the later one is the duplicate.
    for field in CONTAINERS {
        for (index, container) in items(typed.object, field) {
            let name = text(container, "name");
            if !name.is_empty() && !seen.insert(name) {
                let path = typed.at(&format!("{field}[{index}].name"));
                errors.push(FieldError::duplicate(path, name));
            }
        }
    }
}

fn check_volume_names(typed: Typed<'_>, errors: &mut FieldErrors) {
    let mut seen = HashSet::new();
    for (index, volume) in items(typed.object, "volumes") {
        let name = text(volume, "name");
        if !name.is_empty() && !seen.insert(name) {
            let path = typed.at(&format!("volumes[{index}].name"));
            errors.push(FieldError::duplicate(path, name));
        }
    }
}

/// What is mounted is there, and only one volume at a path.
fn check_mounts(typed: Typed<'_>, errors: &mut FieldErrors) {
    let volumes: HashSet<&str> = items(typed.object, "volumes")
        .map(|(_, volume)| text(volume, "name"))
        .collect();
    for field in CONTAINERS {
        for (at, container) in items(typed.object, field) {
            for (list, place) in [
                ("volumeMounts", "mountPath"),
                ("volumeDevices", "devicePath"),
            ] {
                let mut places = HashSet::new();
                for (index, mount) in items(container, list) {
                    let path = typed.at(&format!("{field}[{at}].{list}[{index}]"));
                    let name = text(mount, "name");
                    if !name.is_empty() && !volumes.contains(name) {
                        errors.push(FieldError::missing(format!("{path}.name"), name));
                    }
                    let at = text(mount, place);
                    if !at.is_empty() && !places.insert(at) {
                        let path = format!("{path}.{place}");
                        errors.push(FieldError::invalid(path, at, "must be unique"));
                    }
                }
            }
        }
    }
}

/// Names of ports are unique in a container, ports of the host in a pod.
fn check_ports(typed: Typed<'_>, errors: &mut FieldErrors) {
    let mut taken = HashSet::new();
    for (at, container) in items(typed.object, "containers") {
        let mut names = HashSet::new();
        for (index, port) in items(container, "ports") {
            let path = typed.at(&format!("containers[{at}].ports[{index}]"));
            let name = text(port, "name");
            if !name.is_empty() && !names.insert(name) {
                errors.push(FieldError::duplicate(format!("{path}.name"), name));
            }
            let host = port.get("hostPort").and_then(Value::as_i64).unwrap_or(0);
            let key = (text(port, "protocol"), text(port, "hostIP"), host);
            if host != 0 && !taken.insert(key) {
                let value = format!("{host}/{}", text(port, "protocol"));
                errors.push(FieldError::duplicate(format!("{path}.hostPort"), value));
            }
        }
    }
}
