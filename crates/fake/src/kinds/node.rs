//! Nodes.

use serde_json::{Value, json};

use crate::failure::{FieldError, FieldErrors};
use crate::meta::{self, names};
use crate::request::Document;
use crate::strategy::{Part, Write};

const NOT_READY: &str = "node.kubernetes.io/not-ready";
const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// Keeps pods away from a new node until it is ready, and checks taints.
pub(crate) fn prepare(write: &Write<'_>, new: &mut Document) -> FieldErrors {
    let mut errors = FieldErrors::default();
    meta::member(new, "spec");
    if write.old.is_none() {
        taint(new);
    }
    offer_capacity(new);
    if write.part == Part::Main {
        check_taints(new, &mut errors);
    }
    errors
}

fn taint(node: &mut Document) {
    let spec = meta::member(node, "spec");
    let taints = spec.entry("taints").or_insert_with(|| json!([]));
    let Value::Array(taints) = taints else {
        return;
    };
    let is_there = |taint: &Value| taint["key"] == NOT_READY && taint["effect"] == "NoSchedule";
    if !taints.iter().any(is_there) {
        taints.push(json!({"key": NOT_READY, "effect": "NoSchedule"}));
    }
}

/// A node that does not say what it has to offer offers all it has.
fn offer_capacity(node: &mut Document) {
    if let Some(Value::Object(status)) = node.get_mut("status")
        && let Some(capacity) = status.get("capacity").cloned()
    {
        status.entry("allocatable").or_insert(capacity);
    }
}

fn check_taints(node: &Document, errors: &mut FieldErrors) {
    let taints = node.get("spec").map(|spec| &spec["taints"]);
    let taints = taints.and_then(Value::as_array).into_iter().flatten();
    let mut seen = std::collections::HashSet::new();
    for (index, taint) in taints.enumerate() {
        let path = format!("metadata.taints[{index}]");
        let text = |field: &str| taint[field].as_str().unwrap_or("");
        let (key, effect) = (text("key"), text("effect"));
        let problems = names::qualified(key).into_iter();
        errors.extend(problems.map(|p| FieldError::invalid(format!("{path}.key"), key, p)));
        let problems = names::label_value(text("value")).into_iter();
        errors.extend(
            problems.map(|p| FieldError::invalid(format!("{path}.value"), text("value"), p)),
        );
        if effect.is_empty() {
            errors.push(FieldError::required(format!("{path}.effect"), ""));
        } else if !EFFECTS.contains(&effect) {
            let path = format!("{path}.effect");
            errors.push(FieldError::not_supported(path, effect, &EFFECTS));
        }
        if !seen.insert((key, effect)) {
            errors.push(FieldError::duplicate(path, taint.clone()));
        }
    }
}
