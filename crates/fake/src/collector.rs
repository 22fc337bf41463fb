//! The garbage collector: deletes what lost its owners, for servers that were asked to.

mod delete;
mod graph;

use std::collections::VecDeque;

use parking_lot::Mutex;
use serde_json::Value;

use self::graph::{Graph, Id, Node, Owners, Waiting};
use crate::meta;
use crate::registry::StorageKey;
use crate::world::{Controller, World};

/// Deletes the dependents of what is gone, and sees foreground deletions and orphaning through.
///
/// One change may bring about many. They are worked off one after the other and not one within the other, so a long chain of owners
/// needs no deep stack.
#[derive(Debug, Default)]
pub(crate) struct Collector(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    graph: Graph,
    /// What has changed and not been looked at.
    queue: VecDeque<Id>,
    /// Whether somebody works off the queue.
    busy: bool,
    /// Whether the objects that were there before the first change are known.
    complete: bool,
}

impl Controller for Collector {
    fn looks_after(&self, _: &World, storage: &StorageKey) -> bool {
        // Events are many, come and go by themselves, and own nothing.
        storage.plural() != "events"
    }

    fn reconcile(&self, world: &World, storage: &StorageKey, key: &str) {
        let mut state = self.0.lock();
        state.queue.push_back((storage.clone(), key.to_owned()));
        if std::mem::replace(&mut state.busy, true) {
            return;
        }
        if !std::mem::replace(&mut state.complete, true) {
            for (storage, object) in world.store.everything_below("") {
                let id = (storage, object.content().key().to_owned());
                state.graph.put(&id, Some(Node::of(&object)));
            }
        }
        while let Some(id) = state.queue.pop_front() {
            drop(state);
            self.look_at(world, &id);
            state = self.0.lock();
        }
        state.busy = false;
    }
}

impl Collector {
    fn look_at(&self, world: &World, id: &Id) {
        let object = world.store.get(&id.0, &id.1);
        let node = object.as_ref().map(Node::of);
        let owners = {
            let mut state = self.0.lock();
            let concerned = state.graph.put(id, node.clone());
            state.queue.extend(concerned);
            node.as_ref().map(|node| state.graph.owners(id, node))
        };
        let (Some(node), Some(owners)) = (node, owners) else {
            return;
        };
        match node.waiting {
            Some(Waiting::ForDependents) => self.see_through(world, id, &node.uid),
            Some(Waiting::ForOrphans) => self.orphan(world, id, &node.uid),
            None if !node.doomed => judge(world, id, &owners),
            None => {}
        }
    }

    /// Foreground: the dependents go first.
    fn see_through(&self, world: &World, id: &Id, uid: &str) {
        let blocked = {
            let mut state = self.0.lock();
            let dependents = state.graph.dependents(uid);
            let blocked = state.graph.is_blocked(uid);
            let alive = dependents
                .into_iter()
                .filter(|id| state.graph.is_alive(id))
                .collect::<Vec<_>>();
            state.queue.extend(alive);
            blocked
        };
        if !blocked {
            delete::release(world, id, meta::FOREGROUND);
        }
    }

    /// Orphaning: the dependents forget their owner.
    fn orphan(&self, world: &World, id: &Id, uid: &str) {
        let dependents = self.0.lock().graph.dependents(uid);
        for dependent in dependents {
            forget_owners(world, &dependent, &[uid.to_owned()]);
        }
        delete::release(world, id, meta::ORPHAN);
    }
}

/// Decides what becomes of an object that nobody is deleting.
fn judge(world: &World, id: &Id, owners: &Owners) {
    if owners.solid > 0 {
        let dangling = [&owners.absent[..], &owners.waiting[..]].concat();
        if !dangling.is_empty() {
            forget_owners(world, id, &dangling);
        }
    } else if !owners.waiting.is_empty() {
        delete::delete(world, id, delete::Policy::Foreground);
    } else if !owners.absent.is_empty() {
        delete::delete(world, id, delete::Policy::AsItSays);
    }
}

fn forget_owners(world: &World, id: &Id, uids: &[String]) {
    let catalog = world.registry.snapshot();
    let Some(resource) = catalog.stored().find(|resource| resource.storage == id.0) else {
        return;
    };
    world.revise(resource, &id.1, |document| {
        let metadata = meta::of_mut(document);
        let Some(Value::Array(owners)) = metadata.get_mut("ownerReferences") else {
            return false;
        };
        owners.retain(|owner| {
            let uid = owner["uid"].as_str().unwrap_or("");
            !uids.iter().any(|gone| gone == uid)
        });
        if owners.is_empty() {
            metadata.remove("ownerReferences");
        }
        true
    });
}
