//! Resizing a pod: its containers request more or less processor and memory while they run.

use serde_json::{Map, Value};

use super::parts::items;
use super::quality;
use crate::failure::{FieldError, FieldErrors};
use crate::meta;
use crate::request::Document;

/// The annotation of a pod that its node made and that only its node can change.
const MIRROR: &str = "kubernetes.io/config.mirror";
/// What can be resized.
const RESIZED: [&str; 2] = ["cpu", "memory"];
const LISTS: [&str; 2] = ["containers", "initContainers"];

/// Checks a change.
pub(super) fn check(old: &Document, new: &Document, errors: &mut FieldErrors) {
    if let Some(why) = fixed(old) {
        errors.push(FieldError::forbidden("", why));
        return;
    }
    let nothing = Map::new();
    let spec = |pod: &'_ Document| pod.get("spec").and_then(Value::as_object).cloned();
    let (old_spec, new_spec) = (spec(old).unwrap_or(nothing), spec(new).unwrap_or_default());
    if quality::of(&old_spec) != quality::of(&new_spec) {
        let why = "Pod QOS Class may not change as a result of resizing";
        let class = new.get("status").map(|status| status["qosClass"].clone());
        errors.push(FieldError::invalid("spec", class.unwrap_or_default(), why));
    }
    if !is_supported(old) {
        let why = "Pod running on node without support for resize";
        errors.push(FieldError::forbidden("spec", why));
    }
    if !check_order(&old_spec, &new_spec, errors) {
        return;
    }
    check_removed(&old_spec, &new_spec, errors);
    if without_resized(old_spec) != without_resized(new_spec) {
        let why = "only cpu and memory resources are mutable";
        errors.push(FieldError::forbidden("spec", why));
    }
}

fn fixed(old: &Document) -> Option<&'static str> {
    let annotations = meta::of(old).get("annotations");
    if annotations.is_some_and(|annotations| !annotations[MIRROR].is_null()) {
        return Some("static pods cannot be resized");
    }
    let system = old.get("spec").map(|spec| &spec["os"]["name"]);
    (system? == "windows").then_some("windows pods cannot be resized")
}

/// A node that resizes says in the status what running containers have.
fn is_supported(old: &Document) -> bool {
    let statuses = old.get("status").map(|status| &status["containerStatuses"]);
    let statuses = statuses.and_then(Value::as_array).into_iter().flatten();
    let mut running = statuses.filter(|status| !status["state"]["running"].is_null());
    running
        .next()
        .is_none_or(|status| !status["resources"].is_null())
}

/// Whether both have the same containers in the same order; all else is about pairs of them.
fn check_order(
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    errors: &mut FieldErrors,
) -> bool {
    let mut is_same = true;
    for list in LISTS {
        let (old, new) = (items(old, list), items(new, list));
        if old.len() != new.len() {
            let why = format!("{list} may not be added or removed on resize");
            errors.push(FieldError::forbidden(format!("spec.{list}"), why));
            is_same = false;
            continue;
        }
        let pairs = old.iter().zip(new).enumerate();
        for (at, _) in pairs.filter(|(_, (old, new))| old["name"] != new["name"]) {
            let why = "containers may not be renamed or reordered on resize";
            errors.push(FieldError::forbidden(
                format!("spec.{list}[{at}].name"),
                why,
            ));
            is_same = false;
        }
    }
    is_same
}

fn check_removed(old: &Map<String, Value>, new: &Map<String, Value>, errors: &mut FieldErrors) {
    for list in LISTS {
        let pairs = items(old, list).iter().zip(items(new, list));
        for (at, (old, new)) in pairs.enumerate() {
            for kind in ["requests", "limits"] {
                let names = old["resources"][kind].as_object().into_iter().flatten();
                let mut names = names.map(|(name, _)| name);
                if names.any(|name| new["resources"][kind][name].is_null()) {
                    let path = format!("spec.{list}[{at}].resources.{kind}");
                    let why = format!("resource {kind} cannot be removed");
                    errors.push(FieldError::forbidden(path, why));
                }
            }
        }
    }
}

/// The specification without what can be resized. Of the containers that run before the others, only those that stay can be.
fn without_resized(mut spec: Map<String, Value>) -> Map<String, Value> {
    for list in LISTS {
        let containers = spec.get_mut(list).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            if list == "containers" || container["restartPolicy"] == "Always" {
                drop_resized(&mut container["resources"]);
            }
        }
    }
    spec
}

fn drop_resized(resources: &mut Value) {
    let Some(resources) = resources.as_object_mut() else {
        return;
    };
    for kind in ["requests", "limits"] {
        if let Some(Value::Object(amounts)) = resources.get_mut(kind) {
            amounts.retain(|name, _| !RESIZED.contains(&name.as_str()));
            if amounts.is_empty() {
                resources.remove(kind);
            }
        }
    }
}
