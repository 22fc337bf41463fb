//! The status of a pod: what writes of it cannot take away, and how conditions are set.

use serde_json::{Map, Value, json};

use crate::clock::Clock;
use crate::failure::{FieldError, FieldErrors};
use crate::meta;
use crate::request::Document;

/// What an older kubelet leaves out is kept.
pub(super) fn keep(old: &Document, new: &mut Document) {
    let nothing = Value::Null;
    let old = old.get("status").unwrap_or(&nothing);
    let status = meta::member(new, "status");
    for field in ["qosClass", "observedGeneration"] {
        if is_unset(status.get(field)) && !old[field].is_null() {
            status.insert(field.to_owned(), old[field].clone());
        }
    }
    keep_observed(old, status);
}

/// The generation that a condition was observed at is kept where the new one says nothing.
fn keep_observed(old: &Value, status: &mut Map<String, Value>) {
    let conditions = status.get_mut("conditions").and_then(Value::as_array_mut);
    for condition in conditions.into_iter().flatten() {
        if !is_unset(condition.get("observedGeneration")) {
            continue;
        }
        let observed = find(old["conditions"].as_array(), &condition["type"])
            .map(|known| known["observedGeneration"].clone())
            .filter(|observed| !observed.is_null());
        if let (Some(observed), Some(condition)) = (observed, condition.as_object_mut()) {
            condition.insert("observedGeneration".to_owned(), observed);
        }
    }
}

/// Checks a change: the quality of service is that of the specification, and what has ended for good does not begin again.
pub(super) fn check(old: &Document, new: &Document, errors: &mut FieldErrors) {
    let [old_status, new_status, spec] = [(old, "status"), (new, "status"), (old, "spec")]
        .map(|(pod, field)| pod.get(field).unwrap_or(&Value::Null));
    let class = &new_status["qosClass"];
    if *class != old_status["qosClass"] {
        let problem = "field is immutable";
        errors.push(FieldError::invalid(
            "status.qosClass",
            class.clone(),
            problem,
        ));
    }
    let restarts = spec["restartPolicy"].as_str().unwrap_or("Always");
    for list in ["containerStatuses"] {
        let statuses = old_status[list].as_array().into_iter().flatten();
        for (at, known) in statuses.enumerate() {
            let is_revived = has_ended(known, restarts)
                && find_by("name", new_status[list].as_array(), &known["name"])
                    .is_some_and(|status| status["state"]["terminated"].is_null());
            if is_revived {
                let path = format!("status.{list}[{at}].state");
                let why = "may not be transitioned to non-terminated state";
                errors.push(FieldError::forbidden(path, why));
            }
        }
    }
}

/// Whether a container has ended and is not to be started again.
fn has_ended(status: &Value, restarts: &str) -> bool {
    let terminated = &status["state"]["terminated"];
    match restarts {
        _ if terminated.is_null() => false,
        "Never" => true,
        "OnFailure" => terminated["exitCode"].as_i64().unwrap_or(0) == 0,
        _ => false,
    }
}

fn is_unset(value: Option<&Value>) -> bool {
    value.is_none_or(|value| value.is_null() || *value == "" || *value == 0)
}

/// Sets a condition to true. The time is that of the change.
pub(crate) fn set_condition(
    pod: &mut Document,
    kind: &str,
    explanation: Option<(&str, &str)>,
    clock: &Clock,
) {
    let mut condition = json!({
        "type": kind,
        "status": "True",
        "lastProbeTime": null,
        "lastTransitionTime": meta::time(clock.now()),
    });
    if let Some((reason, message)) = explanation {
        condition["reason"] = reason.into();
        condition["message"] = message.into();
    }
    let conditions = meta::member(pod, "status")
        .entry("conditions")
        .or_insert_with(|| json!([]));
    let Value::Array(conditions) = conditions else {
        return;
    };
    match conditions.iter_mut().find(|known| known["type"] == kind) {
        Some(known) => {
            if known["status"] == condition["status"] {
                condition["lastTransitionTime"] = known["lastTransitionTime"].clone();
            }
            *known = condition;
        }
        None => conditions.push(condition),
    }
}

/// Whether a condition of the pod is true.
pub(crate) fn has_condition(pod: &Document, kind: &str) -> bool {
    let status = pod.get("status").unwrap_or(&Value::Null);
    find(status["conditions"].as_array(), &kind.into())
        .is_some_and(|known| known["status"] == "True")
}

fn find<'a>(conditions: Option<&'a Vec<Value>>, kind: &Value) -> Option<&'a Value> {
    find_by("type", conditions, kind)
}

fn find_by<'a>(key: &str, list: Option<&'a Vec<Value>>, value: &Value) -> Option<&'a Value> {
    list.into_iter().flatten().find(|item| item[key] == *value)
}
