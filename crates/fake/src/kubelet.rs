//! A stand-in for scheduler and kubelet: makes pods run, for servers that were asked to.

mod status;

use serde_json::Value;

use crate::meta;
use crate::object::Object;
use crate::registry::{Resource, StorageKey};
use crate::request::Document;
use crate::world::{Controller, World};

/// Where pods run that nobody gave a node.
const NODE: &str = "fake-node";

/// Gives pods a node, makes them run, and lets them go when they are deleted.
#[derive(Debug)]
pub(crate) struct Kubelet;

impl Controller for Kubelet {
    fn looks_after(&self, _: &World, storage: &StorageKey) -> bool {
        storage.group().is_empty() && storage.plural() == "pods"
    }

    fn reconcile(&self, world: &World, storage: &StorageKey, key: &str) {
        let catalog = world.registry.snapshot();
        let Some(resource) = catalog.resource("", "v1", "pods") else {
            return;
        };
        match world.store.get(storage, key) {
            Some(pod) if pod.content().is_doomed() => stop(world, resource, &pod),
            Some(_) => start(world, resource, key),
            None => {}
        }
    }
}

/// Makes a pod run that waits for a node or for its containers. What has ended does not begin again.
fn start(world: &World, resource: &Resource, key: &str) {
    world.revise(resource, key, |pod| {
        let starts = is_pending(pod) && !is_gated(pod);
        if starts {
            let spec = meta::member(pod, "spec");
            if spec
                .get("nodeName")
                .and_then(Value::as_str)
                .is_none_or(str::is_empty)
            {
                spec.insert("nodeName".to_owned(), NODE.into());
            }
            status::run(pod, &world.clock);
        }
        starts
    });
}

/// Says that a pod has stopped. It goes away unless finalizers hold it.
fn stop(world: &World, resource: &Resource, pod: &Object) {
    let key = pod.content().key();
    let mut is_held = false;
    world.revise(resource, key, |pod| {
        let metadata = meta::of_mut(pod);
        is_held = meta::finalizers(metadata).next().is_some();
        let grace = metadata.insert("deletionGracePeriodSeconds".to_owned(), 0.into());
        is_held && grace != Some(0.into())
    });
    if !is_held {
        world.erase(&resource.storage, key);
    }
}

fn is_pending(pod: &Document) -> bool {
    let phase = pod.get("status").map(|status| &status["phase"]);
    matches!(phase.and_then(Value::as_str), None | Some("" | "Pending"))
}

fn is_gated(pod: &Document) -> bool {
    let gates = pod.get("spec").map(|spec| &spec["schedulingGates"]);
    gates
        .and_then(Value::as_array)
        .is_some_and(|gates| !gates.is_empty())
}
