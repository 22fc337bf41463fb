//! The namespace controller: empties namespaces that are being deleted, and lets them go.

use std::collections::BTreeSet;

use parking_lot::Mutex;
use serde_json::Value;

use super::{FINALIZER, drop_empty, spec, storage};
use crate::meta::{self, Doom};
use crate::object::Object;
use crate::registry::StorageKey;
use crate::request::Document;
use crate::world::{Controller, World};

/// Empties namespaces that are being deleted.
#[derive(Debug, Default)]
pub(crate) struct Emptier {
    /// The namespaces that are being emptied at the moment. What that changes comes back here and is not to begin it again.
    busy: Mutex<BTreeSet<String>>,
}

impl Controller for Emptier {
    fn looks_after(&self, _: &World, _: &StorageKey) -> bool {
        true
    }

    fn reconcile(&self, world: &World, changed: &StorageKey, key: &str) {
        let namespace = match key.split_once('/') {
            Some((namespace, _)) => namespace,
            None if *changed == storage() => key,
            None => return,
        };
        // Once more if the last object went away elsewhere while this was busy.
        while is_doomed(world, namespace) && self.busy.lock().insert(namespace.to_owned()) {
            empty(world, namespace);
            self.busy.lock().remove(namespace);
            if !is_empty(world, namespace) {
                return;
            }
        }
    }
}

fn is_doomed(world: &World, namespace: &str) -> bool {
    let found = world.store.get(&storage(), namespace);
    found.is_some_and(|found| found.content().is_doomed())
}

/// Deletes what is in the namespace, and when that leaves nothing, the namespace.
fn empty(world: &World, namespace: &str) {
    let prefix = format!("{namespace}/");
    for (storage, object) in world.store.everything_below(&prefix) {
        remove(world, &storage, &object);
    }
    if is_empty(world, namespace) {
        release(world, namespace);
    }
}

fn is_empty(world: &World, namespace: &str) -> bool {
    let prefix = format!("{namespace}/");
    world.store.everything_below(&prefix).is_empty()
}

fn remove(world: &World, storage: &StorageKey, object: &Object) {
    let key = object.content().key();
    let document = object.document();
    if meta::finalizers(meta::of(&document)).next().is_none() {
        return world.erase(storage, key);
    }
    let catalog = world.registry.snapshot();
    let Some(resource) = catalog
        .stored()
        .find(|resource| resource.storage == *storage)
    else {
        return;
    };
    world.revise(resource, key, |document| {
        let metadata = meta::of_mut(document);
        let begins = !meta::is_doomed(metadata);
        if begins {
            meta::doom(metadata, Doom::Grace(0), &world.clock);
        }
        begins
    });
}

/// Takes the finalizer away that holds the namespace for this controller.
fn release(world: &World, namespace: &str) {
    let catalog = world.registry.snapshot();
    let Some(resource) = catalog.resource("", "v1", "namespaces") else {
        return;
    };
    world.revise(resource, namespace, |document| {
        remove_finalizer(document);
        true
    });
    world.release(resource, namespace);
}

fn remove_finalizer(document: &mut Document) {
    if let Some(Value::Array(finalizers)) = spec(document).get_mut("finalizers") {
        finalizers.retain(|finalizer| finalizer != FINALIZER);
    }
    drop_empty(document);
}
