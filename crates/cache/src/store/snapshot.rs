//! A state of the store that stays as it is.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use kubekit_core::{ObjectKey, ResourceVersion};

use super::Cached;
use super::index::{Entries, Index};
use super::sorted_map::Cursor;
use super::version::{Version, by_text};

/// A state of a store: objects and indexes that belong to one moment.
///
/// Taking one costs a pointer, and reading it holds no lock: the store goes on while a snapshot stays as it is. It keeps the
/// objects of its moment in memory, so hold it no longer than it is read.
pub struct Snapshot<K> {
    pub(super) version: Arc<Version<K>>,
}

impl<K> Snapshot<K> {
    pub(super) fn new(version: Arc<Version<K>>) -> Self {
        Self { version }
    }

    /// Returns the object with this key.
    pub fn get(&self, key: &ObjectKey) -> Option<&Cached<K>> {
        self.version.get(key.as_str())
    }

    /// Walks all objects in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &Cached<K>> {
        self.version.objects.iter().map(|(_, object)| object)
    }

    /// Walks the objects of a namespace in the order of their keys.
    ///
    /// Objects are sorted by namespace and name, so this is the built-in namespace index; other namespaces are not looked at.
    pub fn namespace(&self, namespace: &str) -> impl Iterator<Item = &Cached<K>> {
        let start = format!("{namespace}/");
        self.version
            .objects
            .iter_from(by_text(&start))
            .take_while(move |(key, _)| key.as_str().starts_with(&start))
            .map(|(_, object)| object)
    }

    /// Returns the objects for which the index has this value, in the order of their keys.
    ///
    /// A snapshot older than the index, or one of another store, does not have it; then every object is asked instead, with the
    /// same answer.
    pub fn by_index<V, Q>(&self, index: &Index<K, V>, value: &Q) -> Vec<Cached<K>>
    where
        K: Send + Sync + 'static,
        V: Ord + Clone + Borrow<Q> + Send + Sync + 'static,
        Q: Ord + ?Sized,
    {
        match self.version.entries(index) {
            Some(entries) => entries
                .map
                .iter_from(|(probe, _)| probe.borrow().cmp(value))
                .take_while(|((probe, _), _)| probe.borrow() == value)
                .map(|(_, object)| object.clone())
                .collect(),
            None => self
                .iter()
                .filter(|object| has_value(index, object, value))
                .cloned()
                .collect(),
        }
    }

    /// Returns how many objects there are.
    pub fn len(&self) -> usize {
        self.version.objects.len()
    }

    /// Says whether there are no objects.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the resource version of this state: that of the last list, event or bookmark before it. `None` before the
    /// first list.
    pub fn resource_version(&self) -> Option<&ResourceVersion> {
        self.version.resource_version.as_ref()
    }

    /// Returns the object at the cursor and moves the cursor on.
    pub(crate) fn advance(&self, cursor: &mut Cursor) -> Option<&Cached<K>> {
        self.version
            .objects
            .advance(cursor)
            .map(|(_, object)| object)
    }
}

impl<K> Clone for Snapshot<K> {
    fn clone(&self) -> Self {
        Self {
            version: Arc::clone(&self.version),
        }
    }
}

impl<K> fmt::Debug for Snapshot<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("len", &self.len())
            .field("resource_version", &self.resource_version())
            .finish()
    }
}

impl<K> Version<K> {
    /// Returns the entries of an index, if this state has it.
    pub(super) fn entries<V>(&self, index: &Index<K, V>) -> Option<&Entries<K, V>>
    where
        K: Send + Sync + 'static,
        V: Ord + Clone + Send + Sync + 'static,
    {
        let entries: &Entries<K, V> = self.indexes.get(index.slot)?.as_any().downcast_ref()?;
        Arc::ptr_eq(&entries.extract, &index.extract).then_some(entries)
    }
}

fn has_value<K, V, Q>(index: &Index<K, V>, object: &K, value: &Q) -> bool
where
    V: Borrow<Q>,
    Q: Ord + ?Sized,
{
    let mut found = false;
    (index.extract)(object, &mut |probe| found |= probe.borrow() == value);
    found
}
