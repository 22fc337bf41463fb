//! Indexes: objects found by values computed from them.

use std::any::Any;
use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use kubekit_core::ObjectKey;

use super::sorted_map::SortedMap;
use super::{Cached, Store};

/// Finds the objects of a store by a value computed from them.
///
/// Made by [`Store::index`] or [`SharedInformer::index`](crate::SharedInformer::index). The value has a type of its own, so
/// a lookup with the wrong kind of value does not compile. A clone refers to the same index. This is an index function and its
/// part of client-go's `Indexer` in one.
///
/// # Examples
///
/// ```
/// use k8s_openapi::api::core::v1::Pod;
/// use kubekit_cache::Store;
///
/// # let mut pod = Pod::default();
/// # pod.metadata.name = Some("web-0".into());
/// # pod.spec = Some(Default::default());
/// # pod.spec.as_mut().unwrap().node_name = Some("node-1".into());
/// let store = Store::<Pod>::new();
/// let by_node = store.index(|pod: &Pod| pod.spec.as_ref()?.node_name.clone());
///
/// store.insert(pod);
/// assert_eq!(by_node.get("node-1").len(), 1);
/// assert!(by_node.get("node-2").is_empty());
/// ```
pub struct Index<K, V> {
    store: Store<K>,
    pub(super) slot: usize,
    pub(super) extract: Extract<K, V>,
}

/// Hands each value of an object to the sink.
pub(super) type Extract<K, V> = Arc<dyn Fn(&K, &mut dyn FnMut(V)) + Send + Sync>;

impl<K, V> Index<K, V>
where
    K: Send + Sync + 'static,
    V: Ord + Clone + Send + Sync + 'static,
{
    pub(super) fn new(store: Store<K>, slot: usize, extract: Extract<K, V>) -> Self {
        Self {
            store,
            slot,
            extract,
        }
    }

    /// Returns the objects that have this value, in the order of their keys.
    ///
    /// Where several lookups must agree with each other, use [`Snapshot::by_index`](super::Snapshot::by_index).
    pub fn get<Q>(&self, value: &Q) -> Vec<Cached<K>>
    where
        V: Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.store.snapshot().by_index(self, value)
    }

    /// Returns the values that at least one object has, each once, in order.
    ///
    /// Walks the whole index. Matches client-go's `ListIndexFuncValues`.
    pub fn values(&self) -> Vec<V> {
        let snapshot = self.store.snapshot();
        let Some(entries) = snapshot.version.entries(self) else {
            return Vec::new();
        };
        let mut values: Vec<V> = Vec::new();
        for ((value, _), _) in entries.map.iter() {
            if values.last() != Some(value) {
                values.push(value.clone());
            }
        }
        values
    }
}

impl<K, V> Clone for Index<K, V> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            slot: self.slot,
            extract: Arc::clone(&self.extract),
        }
    }
}

impl<K, V> fmt::Debug for Index<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index")
            .field("slot", &self.slot)
            .finish_non_exhaustive()
    }
}

/// The entries of one index in one state of the store, whatever its type of value.
pub(crate) trait IndexEntries<K>: Send + Sync {
    fn boxed_clone(&self) -> Box<dyn IndexEntries<K>>;
    fn insert(&mut self, object: &Cached<K>);
    fn remove(&mut self, object: &Cached<K>);
    fn as_any(&self) -> &dyn Any;
}

/// Entries sorted by value, then by key: those of one value lie side by side, and each value is stored as it was computed.
pub(super) struct Entries<K, V> {
    pub(super) map: SortedMap<(V, ObjectKey), Cached<K>>,
    pub(super) extract: Extract<K, V>,
}

impl<K, V> IndexEntries<K> for Entries<K, V>
where
    K: Send + Sync + 'static,
    V: Ord + Clone + Send + Sync + 'static,
{
    fn boxed_clone(&self) -> Box<dyn IndexEntries<K>> {
        Box::new(Self {
            map: self.map.clone(),
            extract: Arc::clone(&self.extract),
        })
    }

    fn insert(&mut self, object: &Cached<K>) {
        let Self { map, extract } = self;
        extract(object, &mut |value| {
            map.insert((value, object.key().clone()), object.clone());
        });
    }

    fn remove(&mut self, object: &Cached<K>) {
        let Self { map, extract } = self;
        extract(object, &mut |value| {
            map.remove(|(probe, key)| probe.cmp(&value).then_with(|| key.cmp(object.key())));
        });
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
