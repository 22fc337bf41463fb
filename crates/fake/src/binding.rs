//! The binding subresource of pods: how a scheduler says which node runs a pod.

use std::sync::Arc;

use serde_json::Value;

use crate::answer::Answer;
use crate::clock::Clock;
use crate::failure::{self, Failure};
use crate::kinds::pod;
use crate::meta;
use crate::registry::Resource;
use crate::request::{ApiRequest, Document, Operation};
use crate::world::World;

/// Gives a pod its node. `pods` is the resource of pods, whatever the resource of the request is.
///
/// # Errors
///
/// 404 for a pod that does not exist, 409 for one that is not the one that is meant, has a node, is not to have one yet or is being
/// deleted, 500 for a target that is no node.
pub(crate) fn execute(
    world: &Arc<World>,
    request: &ApiRequest,
    pods: &Resource,
) -> Result<Answer, Failure> {
    let Operation::Create { options, body } = &request.operation else {
        return Err(failure::method_not_allowed());
    };
    if meta::text(meta::of(body), "name") != request.name {
        let why = "name in URL does not match name in Binding object";
        return Err(failure::bad_request(why));
    }
    let node = node(body)?;
    let namespace = request.namespace.as_deref().unwrap_or("");
    let key = format!("{namespace}/{}", request.name);
    let mut refused = None;
    let bound = world.revise(pods, &key, |pod| {
        refused = another(body, pod).or_else(|| obstacle(&request.name, pod));
        if refused.is_some() || options.dry_run {
            return false;
        }
        bind(pod, node, meta::of(body), &world.clock);
        true
    });
    match (bound, refused) {
        (None, _) => Err(failure::not_found(pods, &request.name)),
        (Some(_), Some(why)) => Err(failure::binding_conflict(&request.name, why)),
        (Some(_), None) => Ok(Answer::created_status()),
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
    let catalog = world.registry.snapshot();
    let pods = catalog.resource("", "v1", "pods");
    execute(
        world,
        &request,
        pods.ok_or_else(failure::resource_not_found)?,
    )
}

/// The name of the node that a binding is to.
fn node(body: &Document) -> Result<&str, Failure> {
    let target = body.get("target").unwrap_or(&Value::Null);
    match target["kind"].as_str().unwrap_or("") {
        "" | "Minion" | "Node" => {}
        kind => {
            return Err(failure::unexpected(format!(
                "target.kind: Unsupported value: \"{kind}\": supported values: \"Node\", \"<empty>\""
            )));
        }
    }
    match target["name"].as_str().unwrap_or("") {
        "" => Err(failure::unexpected("target.name: Required value")),
        name => Ok(name),
    }
}

/// Why a pod is not the one that the binding means.
fn another(body: &Document, pod: &Document) -> Option<String> {
    for (field, what) in [("uid", "UID"), ("resourceVersion", "ResourceVersion")] {
        let wanted = meta::text(meta::of(body), field);
        let found = meta::text(meta::of(pod), field);
        if !wanted.is_empty() && wanted != found {
            return Some(format!(
                "Precondition failed: {what} in precondition: {wanted}, {what} in object meta: {found}"
            ));
        }
    }
    None
}

/// Why a pod cannot be bound.
fn obstacle(name: &str, pod: &Document) -> Option<String> {
    if meta::is_doomed(meta::of(pod)) {
        return Some(format!(
            "pod {name} is being deleted, cannot be assigned to a host"
        ));
    }
    let spec = pod.get("spec").unwrap_or(&Value::Null);
    if let Some(node) = spec["nodeName"].as_str().filter(|node| !node.is_empty()) {
        return Some(format!("pod {name} is already assigned to node \"{node}\""));
    }
    let gates = spec["schedulingGates"].as_array();
    gates
        .is_some_and(|gates| !gates.is_empty())
        .then(|| format!("pod {name} has non-empty .spec.schedulingGates"))
}

fn bind(pod: &mut Document, node: &str, binding: &meta::Metadata, clock: &Clock) {
    meta::member(pod, "spec").insert("nodeName".to_owned(), node.into());
    if let Some(Value::Object(annotations)) = binding.get("annotations") {
        meta::member(meta::of_mut(pod), "annotations").extend(annotations.clone());
    }
    pod::set_condition(pod, "PodScheduled", None, clock);
}
