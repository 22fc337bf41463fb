//! A change of the store, from its preparation to its publication.

use std::fmt;
use std::sync::Arc;

use kubekit_core::{ObjectKey, ResourceVersion};
use parking_lot::{MutexGuard, RwLock};

use super::Cached;
use super::index::IndexEntries;
use super::version::Version;

/// A change of a [`Store`](super::Store) in preparation.
///
/// Readers see nothing of it until [`publish`](Self::publish), and then all of it at once. Dropped without that, it leaves the
/// store as it was.
pub struct Edit<'a, K> {
    _turn: MutexGuard<'a, ()>,
    current: &'a RwLock<Arc<Version<K>>>,
    next: Version<K>,
}

impl<'a, K> Edit<'a, K> {
    pub(super) fn new(
        turn: MutexGuard<'a, ()>,
        current: &'a RwLock<Arc<Version<K>>>,
        next: Version<K>,
    ) -> Self {
        Self {
            _turn: turn,
            current,
            next,
        }
    }

    /// Returns the object with this key, as this change leaves it so far.
    pub fn get(&self, key: &ObjectKey) -> Option<&Cached<K>> {
        self.next.get(key.as_str())
    }

    /// Adds or replaces an object and returns the one that was there.
    pub fn insert(&mut self, object: Cached<K>) -> Option<Cached<K>> {
        self.next.insert(object)
    }

    /// Removes an object and returns it.
    pub fn remove(&mut self, key: &ObjectKey) -> Option<Cached<K>> {
        self.next.remove(key.as_str())
    }

    /// Sets the resource version of the state that comes of this change. That of the state before by default.
    pub fn resource_version(&mut self, version: ResourceVersion) {
        self.next.resource_version = Some(version);
    }

    /// Lets readers see the change.
    pub fn publish(self) {
        let next = Arc::new(self.next);
        let before = std::mem::replace(&mut *self.current.write(), next);
        // Objects and chunks that only the former state had are freed here, when readers no longer wait.
        drop(before);
    }

    pub(super) fn add_index(&mut self, mut index: Box<dyn IndexEntries<K>>) -> usize {
        for (_, object) in self.next.objects.iter() {
            index.insert(object);
        }
        self.next.indexes.push(index);
        self.next.indexes.len() - 1
    }
}

impl<K> fmt::Debug for Edit<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edit").finish_non_exhaustive()
    }
}
