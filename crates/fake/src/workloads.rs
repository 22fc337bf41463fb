//! A stand-in for the controllers of workloads: says that all replicas are there, for servers that were asked to.

use serde_json::{Map, Value, json};

use crate::clock::Clock;
use crate::meta;
use crate::registry::{Resource, StorageKey};
use crate::request::Document;
use crate::world::{Controller, World};

const GROUP: &str = "apps";

/// The resources it looks after, and the fields of their status that tell a number of replicas.
const COUNTS: [(&str, &[&str]); 3] = [
    (
        "deployments",
        &[
            "replicas",
            "updatedReplicas",
            "readyReplicas",
            "availableReplicas",
        ],
    ),
    (
        "replicasets",
        &[
            "replicas",
            "fullyLabeledReplicas",
            "readyReplicas",
            "availableReplicas",
        ],
    ),
    (
        "statefulsets",
        &[
            "replicas",
            "updatedReplicas",
            "currentReplicas",
            "readyReplicas",
            "availableReplicas",
        ],
    ),
];

/// Makes the status of workloads that of workloads whose pods are all ready. There are no pods.
#[derive(Debug)]
pub(crate) struct Workloads;

impl Controller for Workloads {
    fn looks_after(&self, _: &World, storage: &StorageKey) -> bool {
        storage.group() == GROUP && counts(storage.plural()).is_some()
    }

    fn reconcile(&self, world: &World, storage: &StorageKey, key: &str) {
        let catalog = world.registry.snapshot();
        if let Some(resource) = catalog.resource(GROUP, "v1", storage.plural()) {
            world.revise(resource, key, |document| {
                let stale = !meta::is_doomed(meta::of(document)) && is_stale(resource, document);
                if stale {
                    settle(resource, document, &world.clock);
                }
                stale
            });
        }
    }
}

fn counts(plural: &str) -> Option<&'static [&'static str]> {
    let found = COUNTS.iter().find(|(known, _)| *known == plural);
    found.map(|(_, counts)| *counts)
}

fn replicas(document: &Document) -> i64 {
    let replicas = document.get("spec").map(|spec| &spec["replicas"]);
    replicas.and_then(Value::as_i64).unwrap_or(1)
}

/// Whether the status is not about the object as it is now.
fn is_stale(resource: &Resource, document: &Document) -> bool {
    let nothing = Value::Null;
    let status = document.get("status").unwrap_or(&nothing);
    let generation = meta::generation(meta::of(document));
    let mut counts = counts(&resource.plural).unwrap_or_default().iter();
    status["observedGeneration"].as_i64() != Some(generation)
        || counts.any(|count| status[count].as_i64().unwrap_or(0) != replicas(document))
}

fn settle(resource: &Resource, document: &mut Document, clock: &Clock) {
    let replicas = replicas(document);
    let generation = meta::generation(meta::of(document));
    let name = meta::text(meta::of(document), "name").to_owned();
    let status = meta::member(document, "status");
    status.insert("observedGeneration".to_owned(), generation.into());
    status.remove("unavailableReplicas");
    for count in counts(&resource.plural).unwrap_or_default() {
        // A number of none is left out, but for the one that is required.
        if replicas == 0 && *count != "replicas" {
            status.remove(*count);
        } else {
            status.insert((*count).to_owned(), replicas.into());
        }
    }
    if resource.plural == "deployments" {
        put_conditions(status, &name, &meta::time(clock.now()));
    }
}

fn put_conditions(status: &mut Map<String, Value>, name: &str, now: &Value) {
    let available = (
        "Available",
        "MinimumReplicasAvailable",
        "Deployment has minimum availability.".to_owned(),
    );
    let progressing = (
        "Progressing",
        "NewReplicaSetAvailable",
        format!("Deployment {name:?} has successfully progressed."),
    );
    let conditions = [available, progressing].map(|(kind, reason, message)| {
        let since = status
            .get("conditions")
            .and_then(|known| since(known, kind));
        json!({
            "type": kind,
            "status": "True",
            "reason": reason,
            "message": message,
            "lastTransitionTime": since.unwrap_or_else(|| now.clone()),
            "lastUpdateTime": now,
        })
    });
    status.insert("conditions".to_owned(), conditions.into_iter().collect());
}

/// Since when a condition holds.
fn since(conditions: &Value, kind: &str) -> Option<Value> {
    let mut conditions = conditions.as_array()?.iter();
    let condition =
        conditions.find(|condition| condition["type"] == kind && condition["status"] == "True")?;
    Some(condition["lastTransitionTime"].clone())
}
