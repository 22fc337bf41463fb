//! Which container of a pod is meant.

use serde_json::Value;

use crate::failure::{self, Failure};
use crate::request::Document;

/// The lists of containers, in the order in which they are named.
const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// The container of this name; without a name the only one there is.
///
/// # Errors
///
/// 400 for a container that the pod does not have, and for a pod with several when none is named.
pub(super) fn choose(pod: &Document, name: &str, asked: &str) -> Result<String, Failure> {
    let spec = pod.get("spec").unwrap_or(&Value::Null);
    let all: Vec<&str> = LISTS.iter().flat_map(|list| names(spec, list)).collect();
    if !asked.is_empty() {
        return match all.contains(&asked) {
            true => Ok(asked.to_owned()),
            false => Err(failure::bad_request(format!(
                "container {asked} is not valid for pod {name}"
            ))),
        };
    }
    let mut ordinary = names(spec, "containers");
    match (ordinary.next(), ordinary.next()) {
        (Some(only), None) => Ok(only.to_owned()),
        (None, _) => Err(failure::bad_request(format!(
            "a container name must be specified for pod {name}"
        ))),
        _ => Err(failure::bad_request(format!(
            "a container name must be specified for pod {name}, choose one of: [{}]",
            all.join(" ")
        ))),
    }
}

fn names<'a>(spec: &'a Value, list: &str) -> impl Iterator<Item = &'a str> {
    let containers = spec[list].as_array().into_iter().flatten();
    containers.filter_map(|container| container["name"].as_str())
}

/// The node that a pod is on; empty for one that has none.
pub(super) fn node_of(pod: &Document) -> &str {
    let node = pod.get("spec").and_then(|spec| spec["nodeName"].as_str());
    node.unwrap_or("")
}
