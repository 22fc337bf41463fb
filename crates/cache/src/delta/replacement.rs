//! A list on its way into the cache.

use std::collections::HashMap;
use std::fmt;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_core::ObjectKey;

use crate::store::{Cached, Snapshot};

/// Collects the pages of a list, and keeps of them only what differs from the store.
///
/// An object that the store has at the same resource version is dropped as soon as its page arrives: the store keeps the one it
/// has, and a relist needs memory only for what changed.
pub struct Replacement<K> {
    pub(super) listed: HashMap<ObjectKey, Listed>,
    pub(super) changed: Vec<Cached<K>>,
}

/// How the list shows an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listed {
    AsKnown,
    Changed,
}

impl<K> Replacement<K> {
    /// Begins a list.
    pub fn new() -> Self {
        Self {
            listed: HashMap::new(),
            changed: Vec::new(),
        }
    }

    /// Notes that the list has an object whose state cannot be told. If it is known, it stays as it is known.
    pub fn keep(&mut self, key: ObjectKey) {
        self.listed.entry(key).or_insert(Listed::AsKnown);
    }
}

impl<K: Metadata<Ty = ObjectMeta>> Replacement<K> {
    /// Adds an object of the list.
    ///
    /// # Errors
    ///
    /// Returns the object if it has no name, for then it has no place in a cache.
    pub fn push(&mut self, object: K, known: &Snapshot<K>) -> Result<(), K> {
        let Some(key) = ObjectKey::of(object.metadata()) else {
            return Err(object);
        };
        match known.get(&key) {
            Some(known) if known.is_at(object.metadata()) => self.keep(known.key().clone()),
            _ => {
                self.listed.insert(key.clone(), Listed::Changed);
                self.changed.push(Cached::keyed(key, object));
            }
        }
        Ok(())
    }
}

impl<K> Default for Replacement<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> fmt::Debug for Replacement<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replacement")
            .field("listed", &self.listed.len())
            .field("changed", &self.changed.len())
            .finish()
    }
}
