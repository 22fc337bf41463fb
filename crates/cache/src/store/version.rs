//! One state of a store: objects and indexes that belong together.

use std::cmp::Ordering;

use kubekit_core::{ObjectKey, ResourceVersion};

use super::Cached;
use super::index::IndexEntries;
use super::sorted_map::SortedMap;

/// One state of a store. Its clone shares everything that neither of the two changes afterwards.
pub(crate) struct Version<K> {
    pub(crate) objects: SortedMap<ObjectKey, Cached<K>>,
    pub(crate) indexes: Vec<Box<dyn IndexEntries<K>>>,
    pub(crate) resource_version: Option<ResourceVersion>,
}

impl<K> Version<K> {
    pub(crate) fn new() -> Self {
        Self {
            objects: SortedMap::new(),
            indexes: Vec::new(),
            resource_version: None,
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Cached<K>> {
        self.objects.get(by_text(key))
    }

    pub(crate) fn insert(&mut self, object: Cached<K>) -> Option<Cached<K>> {
        let old = self.objects.insert(object.key().clone(), object.clone());
        for index in &mut self.indexes {
            if let Some(old) = &old {
                index.remove(old);
            }
            index.insert(&object);
        }
        old
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Cached<K>> {
        let old = self.objects.remove(by_text(key))?;
        for index in &mut self.indexes {
            index.remove(&old);
        }
        Some(old)
    }
}

impl<K> Clone for Version<K> {
    fn clone(&self) -> Self {
        Self {
            objects: self.objects.clone(),
            indexes: self
                .indexes
                .iter()
                .map(|index| index.boxed_clone())
                .collect(),
            resource_version: self.resource_version.clone(),
        }
    }
}

/// Compares keys with a key that is given as text.
pub(crate) fn by_text(text: &str) -> impl Fn(&ObjectKey) -> Ordering {
    move |key| key.as_str().cmp(text)
}
