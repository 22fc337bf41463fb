//! Columns of pods.

use serde_json::Value;

use super::super::cells::{NONE, elements, integer, or_none, text};
use super::{AGE, Cell, Column, NAME, made, wide};

pub(super) const COLUMNS: &[Column] = &[
    NAME,
    made("Ready", ready),
    made("Status", status),
    made("Restarts", restarts),
    AGE,
    wide("IP", Cell::Made(|pod| or_none(text(pod, "/status/podIP")))),
    wide(
        "Node",
        Cell::Made(|pod| or_none(text(pod, "/spec/nodeName"))),
    ),
    wide(
        "Nominated Node",
        Cell::Made(|pod| or_none(text(pod, "/status/nominatedNodeName"))),
    ),
    wide("Readiness Gates", Cell::Made(gates)),
];

fn ready(pod: &Value) -> Value {
    let running = elements(pod, "/status/containerStatuses")
        .iter()
        .filter(|status| is_running(status) && status.pointer("/ready") == Some(&Value::Bool(true)))
        .count();
    format!("{running}/{}", elements(pod, "/spec/containers").len()).into()
}

fn is_running(status: &Value) -> bool {
    status.pointer("/state/running").is_some()
}

/// One word for the state: of the pod, unless one of its containers has something worse to tell.
fn status(pod: &Value) -> Value {
    let phase = text(pod, "/status/phase");
    let going = pod.pointer("/metadata/deletionTimestamp").is_some();
    if going && text(pod, "/status/reason") == "NodeLost" {
        return "Unknown".into();
    }
    if going && !matches!(phase, "Succeeded" | "Failed") {
        return "Terminating".into();
    }
    let of_pod = match text(pod, "/status/reason") {
        "" => phase,
        reason => reason,
    };
    let state = initializing(pod)
        .or_else(|| worst(pod))
        .unwrap_or_else(|| of_pod.to_owned());
    let any_running = elements(pod, "/status/containerStatuses")
        .iter()
        .any(is_running);
    match state.as_str() {
        "Completed" if any_running && is_ready(pod) => "Running".into(),
        "Completed" if any_running => "NotReady".into(),
        _ => state.into(),
    }
}

fn is_ready(pod: &Value) -> bool {
    elements(pod, "/status/conditions").iter().any(|condition| {
        text(condition, "/type") == "Ready" && text(condition, "/status") == "True"
    })
}

/// What the first init container tells that has not finished.
fn initializing(pod: &Value) -> Option<String> {
    let all = elements(pod, "/spec/initContainers").len();
    let statuses = elements(pod, "/status/initContainerStatuses");
    let (done, status) = statuses
        .iter()
        .enumerate()
        .find(|(_, status)| !is_finished(status))?;
    let trouble = trouble(status).filter(|trouble| trouble != "PodInitializing");
    Some(match trouble {
        Some(trouble) => format!("Init:{trouble}"),
        None => format!("Init:{done}/{all}"),
    })
}

/// An init container has finished when it ended well, or when it is one that goes on beside the others and has started.
fn is_finished(status: &Value) -> bool {
    let ended = status.pointer("/state/terminated").is_some()
        && integer(status, "/state/terminated/exitCode") == 0;
    ended || (is_running(status) && status.pointer("/started") == Some(&Value::Bool(true)))
}

/// What the first container tells that does not run.
fn worst(pod: &Value) -> Option<String> {
    elements(pod, "/status/containerStatuses")
        .iter()
        .find_map(trouble)
}

fn trouble(status: &Value) -> Option<String> {
    let waiting = text(status, "/state/waiting/reason");
    if !waiting.is_empty() {
        return Some(waiting.to_owned());
    }
    let terminated = status.pointer("/state/terminated")?;
    Some(
        match (text(terminated, "/reason"), integer(terminated, "/signal")) {
            ("", 0) => format!("ExitCode:{}", integer(terminated, "/exitCode")),
            ("", signal) => format!("Signal:{signal}"),
            (reason, _) => reason.to_owned(),
        },
    )
}

fn restarts(pod: &Value) -> Value {
    let all = elements(pod, "/status/containerStatuses").iter();
    all.map(|status| integer(status, "/restartCount"))
        .sum::<i64>()
        .to_string()
        .into()
}

fn gates(pod: &Value) -> Value {
    let gates = elements(pod, "/spec/readinessGates");
    if gates.is_empty() {
        return NONE.into();
    }
    let conditions = elements(pod, "/status/conditions");
    let open = gates.iter().filter(|gate| {
        let wanted = text(gate, "/conditionType");
        conditions.iter().any(|condition| {
            text(condition, "/type") == wanted && text(condition, "/status") == "True"
        })
    });
    format!("{}/{}", open.count(), gates.len()).into()
}
