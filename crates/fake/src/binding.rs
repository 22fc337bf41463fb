//! The binding subresource of pods: how a scheduler says which node runs a pod.

use std::sync::Arc;

use http::StatusCode;
use kubekit_core::Status;
use serde_json::{Value, json};

use crate::answer::{Answer, Payload};
use crate::clock::Clock;
use crate::failure::{self, Failure};
use crate::meta;
use crate::request::{ApiRequest, Document, Operation};
use crate::world::World;

/// Gives a pod its node.
///
/// # Errors
///
/// 404 for a pod that does not exist, 409 for one that has a node or is being deleted, 500 for a target without a name.
pub(crate) fn execute(world: &Arc<World>, request: &ApiRequest) -> Result<Answer, Failure> {
    let Operation::Create { options, body } = &request.operation else {
        return Err(failure::method_not_allowed());
    };
    let target = body.get("target").map(|target| &target["name"]);
    let node = target.and_then(Value::as_str).unwrap_or("");
    if node.is_empty() {
        return Err(failure::unexpected("target.name: Required value"));
    }
    let namespace = request.namespace.as_deref().unwrap_or("");
    let key = format!("{namespace}/{}", request.name);
    let mut refused = None;
    let bound = world.revise(&request.resource, &key, |pod| {
        refused = obstacle(&request.name, pod);
        if refused.is_some() || options.dry_run {
            return false;
        }
        bind(pod, node, meta::of(body), &world.clock);
        true
    });
    match (bound, refused) {
        (None, _) => Err(failure::not_found(&request.resource, &request.name)),
        (Some(_), Some(why)) => Err(failure::binding_conflict(&request.name, why)),
        (Some(_), None) => Ok(success()),
    }
}

/// Gives a pod its node in the old way: the binding is created on its own, and has the name of the pod.
///
/// # Errors
///
/// As [`execute`].
pub(crate) fn execute_collection(
    world: &Arc<World>,
    mut request: ApiRequest,
) -> Result<Answer, Failure> {
    if let Operation::Create { body, .. } = &request.operation {
        meta::text(meta::of(body), "name").clone_into(&mut request.name);
    }
    execute(world, &request)
}

/// Why a pod cannot be bound.
fn obstacle(name: &str, pod: &Document) -> Option<String> {
    if meta::is_doomed(meta::of(pod)) {
        return Some(format!(
            "pod {name} is being deleted, cannot be assigned to a host"
        ));
    }
    let node = pod.get("spec").map(|spec| &spec["nodeName"]);
    let node = node
        .and_then(Value::as_str)
        .filter(|node| !node.is_empty())?;
    Some(format!("pod {name} is already assigned to node \"{node}\""))
}

fn bind(pod: &mut Document, node: &str, binding: &meta::Metadata, clock: &Clock) {
    meta::member(pod, "spec").insert("nodeName".to_owned(), node.into());
    if let Some(Value::Object(annotations)) = binding.get("annotations") {
        meta::member(meta::of_mut(pod), "annotations").extend(annotations.clone());
    }
    let conditions = meta::member(pod, "status")
        .entry("conditions")
        .or_insert_with(|| json!([]));
    if let Value::Array(conditions) = conditions {
        conditions.retain(|condition| condition["type"] != "PodScheduled");
        conditions.push(json!({
            "type": "PodScheduled",
            "status": "True",
            "lastProbeTime": null,
            "lastTransitionTime": meta::time(clock.now()),
        }));
    }
}

fn success() -> Answer {
    let mut status = Box::new(Status::success());
    status.code = StatusCode::CREATED.as_u16();
    let mut answer = Answer::ok(Payload::Status(status));
    answer.code = StatusCode::CREATED;
    answer
}
