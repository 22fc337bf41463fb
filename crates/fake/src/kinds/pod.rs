//! Pods: what the API server adds to those that are created, and how they can change.

mod ephemeral;
mod parts;
mod quality;
mod resize;
mod status;
mod update;

use serde_json::{Map, Value, json};

use crate::failure::FieldErrors;
use crate::meta;
use crate::request::Document;
use crate::strategy::{Part, Write};

pub(crate) use parts::confine;
pub(crate) use status::{has_condition, set_condition};

/// Taints that a pod is to bear for a while if it does not say otherwise.
const BORNE_TAINTS: &[&str] = &[
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
];

/// Fills in what a pod gets that a pod in a template does not get, and checks changes.
pub(crate) fn prepare(write: &Write<'_>, new: &mut Document) -> FieldErrors {
    match (write.part, write.old) {
        (Part::Status, Some(old)) => status::keep(old, new),
        (Part::Main, _) => complete(write, new),
        (Part::Resources, _) => request_all_limits(new),
        _ => {}
    }
    match write.old {
        Some(old) => check_change(write.part, old, new),
        None => FieldErrors::default(),
    }
}

fn check_change(part: Part, old: &Document, new: &Document) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let specs = [old, new].map(|pod| pod.get("spec").and_then(Value::as_object));
    let [Some(old_spec), Some(new_spec)] = specs else {
        return errors;
    };
    match part {
        Part::Main => update::check(old_spec, new_spec, &mut errors),
        Part::EphemeralContainers => ephemeral::check(old_spec, new_spec, &mut errors),
        Part::Resources => resize::check(old, new, &mut errors),
        Part::Status => status::check(old, new, &mut errors),
        Part::Approval | Part::Finalizers => {}
    }
    errors
}

fn complete(write: &Write<'_>, new: &mut Document) {
    let spec = meta::member(new, "spec");
    spec.entry("enableServiceLinks").or_insert(true.into());
    spec.entry("preemptionPolicy")
        .or_insert("PreemptLowerPriority".into());
    spec.entry("priority").or_insert(0.into());
    tolerate(spec);
    let shares_host = spec
        .get("hostNetwork")
        .is_some_and(|shares| *shares == true);
    for container in containers_mut(spec) {
        request_limits(container);
        if shares_host {
            open_host_ports(container);
        }
    }
    if write.old.is_none() {
        let quality = quality::of(meta::member(new, "spec"));
        meta::member(new, "status").insert("qosClass".to_owned(), quality.into());
    }
}

fn request_all_limits(pod: &mut Document) {
    containers_mut(meta::member(pod, "spec")).for_each(request_limits);
}

fn containers_mut(spec: &mut Map<String, Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    let lists = spec
        .iter_mut()
        .filter(|(field, _)| matches!(field.as_str(), "containers" | "initContainers"));
    lists
        .filter_map(|(_, list)| list.as_array_mut())
        .flatten()
        .filter_map(Value::as_object_mut)
}

fn tolerate(spec: &mut Map<String, Value>) {
    let tolerations = spec.entry("tolerations").or_insert_with(|| json!([]));
    let Value::Array(tolerations) = tolerations else {
        return;
    };
    for taint in BORNE_TAINTS {
        if !tolerations
            .iter()
            .any(|toleration| bears(toleration, taint))
        {
            tolerations.push(json!({
                "key": taint,
                "operator": "Exists",
                "effect": "NoExecute",
                "tolerationSeconds": 300,
            }));
        }
    }
}

/// Whether a toleration says something about a taint; one without a key does about all.
fn bears(toleration: &Value, taint: &str) -> bool {
    let text = |field: &str| toleration[field].as_str().unwrap_or("");
    let is_about = text("key").is_empty() || text("key") == taint;
    is_about && matches!(text("effect"), "" | "NoExecute")
}

/// What is limited is requested, unless the container requests something else.
fn request_limits(container: &mut Map<String, Value>) {
    let Some(Value::Object(resources)) = container.get_mut("resources") else {
        return;
    };
    let Some(Value::Object(limits)) = resources.get("limits") else {
        return;
    };
    let limits = limits.clone();
    let requests = meta::member(resources, "requests");
    for (resource, limit) in limits {
        requests.entry(resource).or_insert(limit);
    }
}

fn open_host_ports(container: &mut Map<String, Value>) {
    let ports = container.get_mut("ports").and_then(Value::as_array_mut);
    let ports = ports.into_iter().flatten().filter_map(Value::as_object_mut);
    for port in ports {
        if let Some(number) = port.get("containerPort").cloned() {
            port.entry("hostPort").or_insert(number);
        }
    }
}
