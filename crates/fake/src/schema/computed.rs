//! Defaults that depend on other fields.

use serde_json::{Map, Value, json};

/// Fills in the fields of an object of the type `name` that follow from others, and gives their names.
pub(super) fn fill(object: &mut Map<String, Value>, name: &str) -> Vec<String> {
    let mut filled = Vec::new();
    let computed = COMPUTED.iter().filter(|(known, _, _)| *known == name);
    for (_, field, compute) in computed {
        if object.contains_key(*field) {
            continue;
        }
        if let Some(value) = compute(object) {
            object.insert((*field).to_owned(), value);
            filled.push((*field).to_owned());
        }
    }
    filled
}

type Compute = fn(&Map<String, Value>) -> Option<Value>;

/// Type, field, and what it is when it is absent.
const COMPUTED: &[(&str, &str, Compute)] = &[
    (
        "io.k8s.api.apps.v1.DaemonSetUpdateStrategy",
        "rollingUpdate",
        rolling_update,
    ),
    (
        "io.k8s.api.apps.v1.DeploymentStrategy",
        "rollingUpdate",
        rolling_update,
    ),
    (
        "io.k8s.api.apps.v1.StatefulSetUpdateStrategy",
        "rollingUpdate",
        rolling_update,
    ),
    (
        "io.k8s.api.core.v1.Container",
        "imagePullPolicy",
        image_pull_policy,
    ),
    (
        "io.k8s.api.core.v1.EphemeralContainer",
        "imagePullPolicy",
        image_pull_policy,
    ),
    ("io.k8s.api.core.v1.ServicePort", "targetPort", target_port),
    ("io.k8s.api.core.v1.Volume", "emptyDir", empty_dir),
    (
        "io.k8s.api.networking.v1.NetworkPolicySpec",
        "policyTypes",
        policy_types,
    ),
];

/// The details of a rolling update have defaults of their own.
fn rolling_update(strategy: &Map<String, Value>) -> Option<Value> {
    (strategy.get("type")? == "RollingUpdate").then(|| json!({}))
}

/// An image that may move is looked for at each start.
fn image_pull_policy(container: &Map<String, Value>) -> Option<Value> {
    let image = container.get("image").and_then(Value::as_str).unwrap_or("");
    let (image, is_pinned) = match image.split_once('@') {
        Some((image, _)) => (image, true),
        None => (image, false),
    };
    let last = image.rsplit('/').next().unwrap_or(image);
    let tag = last.split_once(':').map(|(_, tag)| tag);
    let moves = matches!(tag, Some("latest")) || (tag.is_none() && !is_pinned);
    Some(if moves { "Always" } else { "IfNotPresent" }.into())
}

fn target_port(port: &Map<String, Value>) -> Option<Value> {
    port.get("port").filter(|port| *port != 0).cloned()
}

/// A volume from nowhere is empty.
fn empty_dir(volume: &Map<String, Value>) -> Option<Value> {
    volume
        .keys()
        .all(|field| field == "name")
        .then(|| json!({}))
}

/// A policy is about what comes in, and about what goes out if it says anything about that.
fn policy_types(policy: &Map<String, Value>) -> Option<Value> {
    Some(match policy.contains_key("egress") {
        true => json!(["Ingress", "Egress"]),
        false => json!(["Ingress"]),
    })
}
