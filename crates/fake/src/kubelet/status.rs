//! What the status of a running pod says.

use serde_json::{Map, Value, json};

use crate::clock::Clock;
use crate::meta;
use crate::request::Document;

const HOST_IP: &str = "192.0.2.1";

const CONDITIONS: [&str; 5] = [
    "PodReadyToStartContainers",
    "Initialized",
    "Ready",
    "ContainersReady",
    "PodScheduled",
];

/// Makes the status that of a pod whose containers have all started.
pub(super) fn run(pod: &mut Document, clock: &Clock) {
    let now = meta::time(clock.now());
    let generation = meta::generation(meta::of(pod));
    let ip = address(meta::text(meta::of(pod), "uid"));
    let spec = pod.get("spec").cloned().unwrap_or_default();
    let status = meta::member(pod, "status");
    let conditions = CONDITIONS.map(|kind| condition(kind, generation, &now));
    let mut put = |field: &str, value: Value| drop(status.insert(field.to_owned(), value));
    put("phase", "Running".into());
    put("observedGeneration", generation.into());
    put("conditions", conditions.into_iter().collect());
    put("hostIP", HOST_IP.into());
    put("hostIPs", json!([{"ip": HOST_IP}]));
    put("podIP", ip.as_str().into());
    put("podIPs", json!([{ "ip": ip }]));
    put("startTime", now.clone());
    put(
        "containerStatuses",
        containers(&spec["containers"], |_| running(&now)),
    );
    if let Value::Array(_) = spec["initContainers"] {
        let state = |container: &Value| match container["restartPolicy"] == "Always" {
            true => running(&now),
            false => completed(&now),
        };
        put(
            "initContainerStatuses",
            containers(&spec["initContainers"], state),
        );
    }
}

fn condition(kind: &str, generation: i64, now: &Value) -> Value {
    json!({
        "type": kind,
        "status": "True",
        "observedGeneration": generation,
        "lastProbeTime": null,
        "lastTransitionTime": now,
    })
}

fn containers(containers: &Value, state: impl Fn(&Value) -> Map<String, Value>) -> Value {
    let containers = containers.as_array().into_iter().flatten();
    let status = |container: &Value| {
        let mut status = state(container);
        status.extend([
            ("name".to_owned(), container["name"].clone()),
            ("image".to_owned(), container["image"].clone()),
            ("imageID".to_owned(), "".into()),
            ("lastState".to_owned(), json!({})),
            ("ready".to_owned(), true.into()),
            ("restartCount".to_owned(), 0.into()),
        ]);
        Value::Object(status)
    };
    containers.map(status).collect()
}

fn running(now: &Value) -> Map<String, Value> {
    let state = json!({"running": {"startedAt": now}});
    Map::from_iter([
        ("state".to_owned(), state),
        ("started".to_owned(), true.into()),
    ])
}

fn completed(now: &Value) -> Map<String, Value> {
    let ended = json!({"exitCode": 0, "reason": "Completed", "startedAt": now, "finishedAt": now});
    let state = json!({ "terminated": ended });
    Map::from_iter([
        ("state".to_owned(), state),
        ("started".to_owned(), false.into()),
    ])
}

/// An address of the pod network that follows from the uid, so that it is the same in every run with a seed.
fn address(uid: &str) -> String {
    let hash = uid.bytes().fold(0_u32, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(byte.into())
    });
    let [_, a, b, c] = hash.to_be_bytes();
    format!("10.{a}.{b}.{}", c.clamp(1, 254))
}
