//! Columns of nodes.

use serde_json::Value;

use super::super::cells::{NONE, UNKNOWN, elements, or_none, text};
use super::{AGE, Cell, Column, NAME, column, made, wide};

pub(super) const COLUMNS: &[Column] = &[
    NAME,
    made("Status", status),
    made("Roles", roles),
    AGE,
    column("Version", Cell::Text("/status/nodeInfo/kubeletVersion")),
    wide(
        "Internal-IP",
        Cell::Made(|node| address(node, "InternalIP")),
    ),
    wide(
        "External-IP",
        Cell::Made(|node| address(node, "ExternalIP")),
    ),
    wide(
        "OS-Image",
        Cell::Made(|node| or_unknown(node, "/status/nodeInfo/osImage")),
    ),
    wide("Kernel-Version", Cell::Made(kernel)),
    wide(
        "Container-Runtime",
        Cell::Made(|node| or_unknown(node, "/status/nodeInfo/containerRuntimeVersion")),
    ),
];

fn status(node: &Value) -> Value {
    let ready = elements(node, "/status/conditions")
        .iter()
        .find(|condition| text(condition, "/type") == "Ready");
    let status = match ready.map(|condition| text(condition, "/status")) {
        Some("True") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    };
    match node.pointer("/spec/unschedulable") {
        Some(Value::Bool(true)) => format!("{status},SchedulingDisabled").into(),
        _ => status.into(),
    }
}

/// What the labels say that begin with the prefix of roles, and the older single label.
fn roles(node: &Value) -> Value {
    let labels = node.pointer("/metadata/labels").and_then(Value::as_object);
    let roles: Vec<&str> = labels
        .into_iter()
        .flatten()
        .filter_map(
            |(key, value)| match key.strip_prefix("node-role.kubernetes.io/") {
                Some(role) => Some(role),
                None if key == "kubernetes.io/role" => value.as_str(),
                None => None,
            },
        )
        .filter(|role| !role.is_empty())
        .collect();
    or_none(&roles.join(","))
}

fn address(node: &Value, kind: &str) -> Value {
    let known = elements(node, "/status/addresses")
        .iter()
        .find(|address| text(address, "/type") == kind);
    known.map_or(NONE.into(), |address| text(address, "/address").into())
}

fn kernel(node: &Value) -> Value {
    let info = |field: &str| {
        node["status"]["nodeInfo"][field]
            .as_str()
            .unwrap_or("")
            .to_owned()
    };
    match (info("kernelVersion"), info("architecture")) {
        (version, _) if version.is_empty() => UNKNOWN.into(),
        (version, architecture) if architecture.is_empty() => version.into(),
        (version, architecture) => format!("{version} ({architecture})").into(),
    }
}

fn or_unknown(node: &Value, pointer: &str) -> Value {
    match text(node, pointer) {
        "" => UNKNOWN.into(),
        known => known.into(),
    }
}
