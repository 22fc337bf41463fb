//! Who owns whom.

use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;

use crate::meta;
use crate::object::Object;
use crate::registry::StorageKey;

/// Where an object is.
pub(super) type Id = (StorageKey, String);

/// What the garbage collector knows of an object.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) uid: String,
    pub(super) doomed: bool,
    pub(super) waiting: Option<Waiting>,
    owners: Vec<Owner>,
}

/// What an object that is being deleted waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiting {
    /// That the dependents are gone.
    ForDependents,
    /// That the dependents have forgotten it.
    ForOrphans,
}

/// The uids of an object's owners by what is known of them.
#[derive(Debug, Default)]
pub(super) struct Owners {
    pub(super) solid: usize,
    /// Those that wait for their dependents to be deleted.
    pub(super) waiting: Vec<String>,
    pub(super) absent: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Owner {
    #[serde(default)]
    uid: String,
    #[serde(default)]
    block_owner_deletion: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    #[serde(default)]
    uid: String,
    #[serde(default)]
    owner_references: Vec<Owner>,
    #[serde(default)]
    finalizers: Vec<String>,
}

/// All objects with their owners and dependents.
#[derive(Debug, Default)]
pub(super) struct Graph {
    nodes: HashMap<Id, Node>,
    by_uid: HashMap<String, Id>,
    dependents: HashMap<String, BTreeSet<Id>>,
}

impl Node {
    pub(super) fn of(object: &Object) -> Node {
        let mut json = vec![b'{'];
        json.extend_from_slice(&object.shared_metadata());
        // Metadata that cannot be read is that of an object without owners.
        let metadata: Metadata = serde_json::from_slice(&json).unwrap_or_default();
        let doomed = object.content().is_doomed();
        let has =
            |finalizer: &str| doomed && metadata.finalizers.iter().any(|known| known == finalizer);
        let waiting = match (has(meta::FOREGROUND), has(meta::ORPHAN)) {
            (_, true) => Some(Waiting::ForOrphans),
            (true, _) => Some(Waiting::ForDependents),
            _ => None,
        };
        Node {
            uid: metadata.uid,
            doomed,
            waiting,
            owners: metadata.owner_references,
        }
    }
}

impl Graph {
    /// Learns what an object is now. Returns the others to look at again: its owners, and its dependents if it is gone.
    pub(super) fn put(&mut self, id: &Id, node: Option<Node>) -> Vec<Id> {
        let before = self.nodes.remove(id);
        let mut concerned = Vec::new();
        if let Some(before) = &before {
            for owner in &before.owners {
                self.forget_dependent(&owner.uid, id);
                concerned.extend(self.waiting_owner(&owner.uid));
            }
            if node.as_ref().is_none_or(|node| node.uid != before.uid) {
                self.by_uid.remove(&before.uid);
                concerned.extend(self.dependents(&before.uid));
            }
        }
        if let Some(node) = node {
            for owner in &node.owners {
                let dependents = self.dependents.entry(owner.uid.clone()).or_default();
                dependents.insert(id.clone());
            }
            self.by_uid.insert(node.uid.clone(), id.clone());
            self.nodes.insert(id.clone(), node);
        }
        concerned
    }

    pub(super) fn dependents(&self, uid: &str) -> Vec<Id> {
        self.dependents
            .get(uid)
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }

    /// Whether an object is there and nobody is deleting it.
    pub(super) fn is_alive(&self, id: &Id) -> bool {
        self.nodes.get(id).is_some_and(|node| !node.doomed)
    }

    /// Whether there are dependents that an owner has to wait for.
    pub(super) fn is_blocked(&self, uid: &str) -> bool {
        let dependents = self.dependents.get(uid).into_iter().flatten();
        let mut owners = dependents
            .filter_map(|id| self.nodes.get(id))
            .flat_map(|node| &node.owners);
        owners.any(|owner| owner.uid == uid && owner.block_owner_deletion == Some(true))
    }

    /// What is known of the owners of an object. One in another namespace counts as absent.
    pub(super) fn owners(&self, id: &Id, node: &Node) -> Owners {
        let mut owners = Owners::default();
        for Owner { uid, .. } in &node.owners {
            let found = self.by_uid.get(uid).filter(|owner| may_own(owner, id));
            match found.and_then(|owner| self.nodes.get(owner)) {
                None => owners.absent.push(uid.clone()),
                Some(owner) if owner.waiting == Some(Waiting::ForDependents) => {
                    owners.waiting.push(uid.clone())
                }
                Some(_) => owners.solid += 1,
            }
        }
        owners
    }

    fn waiting_owner(&self, uid: &str) -> Option<Id> {
        let id = self.by_uid.get(uid)?;
        let waits = self.nodes.get(id)?.waiting == Some(Waiting::ForDependents);
        waits.then(|| id.clone())
    }

    fn forget_dependent(&mut self, uid: &str, id: &Id) {
        if let Some(dependents) = self.dependents.get_mut(uid) {
            dependents.remove(id);
            if dependents.is_empty() {
                self.dependents.remove(uid);
            }
        }
    }
}

/// An owner is an object of the cluster, or of the same namespace.
fn may_own(owner: &Id, dependent: &Id) -> bool {
    match owner.1.split_once('/') {
        None => true,
        Some((namespace, _)) => dependent
            .1
            .split_once('/')
            .is_some_and(|(other, _)| other == namespace),
    }
}
