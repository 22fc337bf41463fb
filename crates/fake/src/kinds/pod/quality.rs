//! The quality of service that a pod gets, by what its containers request and are limited to.

use serde_json::{Map, Value};

/// What counts; other resources do not.
const COUNTED: [&str; 2] = ["cpu", "memory"];

/// `Guaranteed` if every container has limits of everything that counts and requests just as much, `BestEffort` if none says anything.
pub(super) fn of(spec: &Map<String, Value>) -> &'static str {
    let containers: Vec<_> = ["initContainers", "containers"]
        .iter()
        .filter_map(|field| spec.get(*field)?.as_array())
        .flatten()
        .collect();
    if containers.iter().all(|container| says_nothing(container)) {
        "BestEffort"
    } else if containers.iter().all(|container| is_guaranteed(container)) {
        "Guaranteed"
    } else {
        "Burstable"
    }
}

fn says_nothing(container: &Value) -> bool {
    let resources = &container["resources"];
    let says = |kind: &str| {
        COUNTED
            .iter()
            .any(|resource| !resources[kind][*resource].is_null())
    };
    !says("requests") && !says("limits")
}

fn is_guaranteed(container: &Value) -> bool {
    let resources = &container["resources"];
    COUNTED.iter().all(|resource| {
        let limit = &resources["limits"][*resource];
        !limit.is_null() && *limit == resources["requests"][*resource]
    })
}
