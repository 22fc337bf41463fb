//! What follows from definitions: names are given, resources served, and in the end all objects deleted.

use std::cell::RefCell;
use std::sync::Arc;

use parking_lot::ReentrantMutex;

use super::conditions::{Condition, status_mut};
use super::definition::{Definition, Names};
use super::known::Known;
use super::names::{self, Decision};
use super::{GROUP, PLURAL, storage};
use crate::clock::Clock;
use crate::fields::{Schemas, Writer};
use crate::meta::{self, Doom};
use crate::object::Object;
use crate::registry::{Resource, StorageKey};
use crate::request::Document;
use crate::store::Range;
use crate::world::{Controller, World};

/// Holds a definition until its objects are gone.
const FINALIZER: &str = "customresourcecleanup.apiextensions.k8s.io";

/// Looks after definitions, and after the objects of those that are being deleted.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    /// Definitions compete for names, so they are looked at one after the other. What one change brings about comes back
    /// on the same thread.
    turn: ReentrantMutex<RefCell<Known>>,
}

impl Controller for Definitions {
    fn looks_after(&self, world: &World, storage: &StorageKey) -> bool {
        (storage.group() == GROUP && storage.plural() == PLURAL)
            || world.registry.snapshot().is_ending(storage)
    }

    fn reconcile(&self, world: &World, changed: &StorageKey, key: &str) {
        let turn = self.turn.lock();
        let load = || turn.borrow_mut().load(world);
        let definitions = load();
        let concerned = |definition: &&Arc<Definition>| match changed.group() {
            GROUP => definition.metadata.name == key,
            _ => definition.storage() == *changed,
        };
        match definitions.iter().find(concerned) {
            Some(definition) => accept_names(world, definition, &definitions),
            // One is gone; its names may be what others wait for.
            None => {
                let waiting = definitions
                    .iter()
                    .filter(|other| !other.has_condition("NamesAccepted", "True"));
                waiting.for_each(|other| accept_names(world, other, &definitions));
            }
        }
        let definitions = load();
        publish(world, &definitions);
        if let Some(definition) = definitions.iter().find(concerned)
            && definition.is_terminating()
        {
            finish(world, definition);
        }
    }
}

/// What the deletion of a definition begins with: it is held, and says why.
pub(crate) fn begin_deletion(clock: &Clock, document: &mut Document) {
    let metadata = meta::of_mut(document);
    let mut finalizers: Vec<String> = meta::finalizers(metadata).map(str::to_owned).collect();
    if !finalizers.iter().any(|finalizer| finalizer == FINALIZER) {
        finalizers.push(FINALIZER.to_owned());
    }
    meta::set_finalizers(metadata, finalizers);
    let terminating = Condition {
        kind: "Terminating",
        holds: true,
        reason: "InstanceDeletionPending",
        message: "CustomResourceDefinition marked for deletion; CustomResource deletion will be initiated soon",
    };
    terminating.set(document, clock.now());
}

/// The resource of definitions themselves.
fn resource(world: &World) -> Option<Arc<Resource>> {
    world
        .registry
        .snapshot()
        .resource(GROUP, "v1", PLURAL)
        .cloned()
}

/// Gives a definition its names, or says why it cannot have them, and establishes it once it has them.
fn accept_names(world: &World, definition: &Definition, all: &[Arc<Definition>]) {
    let others: Vec<&Names> = all
        .iter()
        .filter(|other| {
            other.spec.group == definition.spec.group
                && other.metadata.name != definition.metadata.name
        })
        .map(|other| &other.status.accepted_names)
        .collect();
    let decision = names::decide(definition, &others);
    let Some(resource) = resource(world) else {
        return;
    };
    let schemas = Schemas::of(&resource, &world.registry.snapshot());
    world.revise(&resource, &definition.metadata.name, |document| {
        let old = document.clone();
        record(
            document,
            &decision,
            definition.has_condition("Established", "True"),
            &world.clock,
        );
        Writer::of_server(&schemas, "status", &world.clock).note(Some(&old), document);
        true
    });
}

fn record(document: &mut Document, decision: &Decision, was_established: bool, clock: &Clock) {
    let now = clock.now();
    status_mut(document).insert("acceptedNames".to_owned(), decision.accepted.to_json());
    let accepted = match &decision.conflict {
        Some(conflict) => Condition {
            kind: "NamesAccepted",
            holds: false,
            reason: conflict.reason,
            message: &conflict.message,
        },
        None => Condition {
            kind: "NamesAccepted",
            holds: true,
            reason: "NoConflicts",
            message: "no conflicts found",
        },
    };
    accepted.set(document, now);
    // What has been established stays so.
    if was_established {
        return;
    }
    let established = match accepted.holds {
        true => Condition {
            kind: "Established",
            holds: true,
            reason: "InitialNamesAccepted",
            message: "the initial names have been accepted",
        },
        false => Condition {
            kind: "Established",
            holds: false,
            reason: "NotAccepted",
            message: "not all names are accepted",
        },
    };
    established.set(document, now);
}

/// Serves what is established. Watches of a new resource can begin from here on.
fn publish(world: &World, definitions: &[Arc<Definition>]) {
    let established = definitions
        .iter()
        .filter(|definition| definition.has_condition("Established", "True"));
    let resources: Vec<Arc<Resource>> = established
        .flat_map(|definition| definition.resources())
        .map(Arc::new)
        .collect();
    for resource in &resources {
        world.store.open(&resource.storage);
    }
    world.registry.serve_custom(resources);
}

/// Deletes the objects of a definition that is being deleted, and lets it go when there are none left.
fn finish(world: &World, definition: &Definition) {
    if !definition
        .metadata
        .finalizers
        .iter()
        .any(|finalizer| finalizer == FINALIZER)
    {
        return;
    }
    let objects = definition.storage();
    let page = world.store.page(&objects, Range::default(), |_| true);
    let remaining = page.map_or_else(|_| Vec::new(), |page| page.items);
    let catalog = world.registry.snapshot();
    let served = catalog
        .stored()
        .find(|resource| resource.storage == objects);
    let held = remaining
        .iter()
        .filter(|object| !delete(world, served, &objects, object))
        .count();
    // Deleting the last one may have come back here and let the definition go.
    if held == 0
        && world
            .store
            .get(&storage(), &definition.metadata.name)
            .is_some()
    {
        release(world, definition);
    }
}

/// Deletes an object, or marks it where finalizers hold it. Says whether it is gone.
fn delete(
    world: &World,
    served: Option<&Arc<Resource>>,
    storage: &StorageKey,
    object: &Object,
) -> bool {
    let key = object.content().key();
    let document = object.document();
    let is_held = meta::finalizers(meta::of(&document)).next().is_some();
    match served {
        Some(resource) if is_held => {
            world.revise(resource, key, |document| {
                let metadata = meta::of_mut(document);
                let marks = !meta::is_doomed(metadata);
                if marks {
                    meta::doom(metadata, Doom::Grace(0), &world.clock);
                }
                marks
            });
            false
        }
        _ => {
            world.erase(storage, key);
            true
        }
    }
}

/// Takes the finalizer away, and the definition with it if nothing else holds it.
fn release(world: &World, definition: &Definition) {
    let Some(resource) = resource(world) else {
        return;
    };
    let name = &definition.metadata.name;
    let only_ours = definition
        .metadata
        .finalizers
        .iter()
        .all(|finalizer| finalizer == FINALIZER);
    if only_ours {
        world.erase(&storage(), name);
        world.store.close(&definition.storage());
        return;
    }
    world.revise(&resource, name, |document| {
        let finished = Condition {
            kind: "Terminating",
            holds: false,
            reason: "InstanceDeletionCompleted",
            message: "removed all instances",
        };
        finished.set(document, world.clock.now());
        let metadata = meta::of_mut(document);
        let others = meta::finalizers(metadata).filter(|finalizer| *finalizer != FINALIZER);
        let others = others.map(str::to_owned).collect();
        meta::set_finalizers(metadata, others);
        true
    });
}
