//! A queue of objects with their changes.

use std::collections::{HashMap, VecDeque};
use std::fmt;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_core::ObjectKey;

use super::replacement::Listed;
use super::{Delta, Replacement};
use crate::store::{Cached, Snapshot};

/// Queues objects in the order of their first change, each with all its changes in order since it was last popped.
///
/// Two deletions in a row become one. Matches client-go's `DeltaFIFO`; waiting for the next object is left to whoever owns it.
///
/// # Examples
///
/// ```
/// use k8s_openapi::api::core::v1::ConfigMap;
/// use kubekit_cache::{Cached, Delta, DeltaFifo};
///
/// # fn config(name: &str) -> Cached<ConfigMap> {
/// #     let mut config = ConfigMap::default();
/// #     config.metadata.name = Some(name.into());
/// #     Cached::new(config).unwrap()
/// # }
/// let mut queue = DeltaFifo::new();
/// queue.push(Delta::Added(config("a")));
/// queue.push(Delta::Added(config("b")));
/// queue.push(Delta::Updated(config("a")));
///
/// let (key, deltas) = queue.pop().expect("something is queued");
/// assert_eq!(key.as_str(), "a");
/// assert!(matches!(deltas[..], [Delta::Added(_), Delta::Updated(_)]));
/// ```
pub struct DeltaFifo<K> {
    order: VecDeque<ObjectKey>,
    deltas: HashMap<ObjectKey, Vec<Delta<K>>>,
    /// The objects of the first replacement that have not been popped; `None` before it.
    initial: Option<usize>,
}

impl<K> DeltaFifo<K> {
    /// Makes an empty queue.
    pub fn new() -> Self {
        Self {
            order: VecDeque::new(),
            deltas: HashMap::new(),
            initial: None,
        }
    }

    /// Adds a change.
    pub fn push(&mut self, delta: Delta<K>) {
        let key = delta.object().key();
        let Some(deltas) = self.deltas.get_mut(key) else {
            let key = key.clone();
            self.order.push_back(key.clone());
            self.deltas.insert(key, vec![delta]);
            return;
        };
        match (deltas.last(), &delta) {
            // The deletion that was observed knows the final state.
            (
                Some(Delta::Deleted { .. }),
                Delta::Deleted {
                    observed: false, ..
                },
            ) => {}
            (Some(Delta::Deleted { .. }), Delta::Deleted { observed: true, .. }) => {
                deltas.pop();
                deltas.push(delta);
            }
            _ => deltas.push(delta),
        }
    }

    /// Takes out the object that was queued first, with its changes in order; there is at least one.
    pub fn pop(&mut self) -> Option<(ObjectKey, Vec<Delta<K>>)> {
        let key = self.order.pop_front()?;
        if let Some(initial) = &mut self.initial {
            *initial = initial.saturating_sub(1);
        }
        let deltas = self.deltas.remove(&key)?;
        Some((key, deltas))
    }

    /// Returns the last queued change of an object.
    pub fn latest(&self, key: &ObjectKey) -> Option<&Delta<K>> {
        self.deltas.get(key)?.last()
    }

    /// Returns how many objects are queued.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Says whether nothing is queued.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Says whether the first replacement has happened and all that was queued then has been popped.
    pub fn has_synced(&self) -> bool {
        self.initial == Some(0)
    }
}

impl<K: Metadata<Ty = ObjectMeta>> DeltaFifo<K> {
    /// Queues what a complete list changes: what is new or has another version, and what is gone.
    ///
    /// `known` is the content of the store, which must be what the replacement's pages were compared with; an object is also known if
    /// it is queued. An object that the list shows as it is known is not queued.
    pub fn replace(&mut self, list: Replacement<K>, known: &Snapshot<K>) {
        let Replacement { listed, changed } = list;
        let gone = self.gone(&listed, known);
        let reverted = self.reverted(&listed, known);
        for object in changed.into_iter().chain(reverted) {
            if !self.shows(&object) {
                self.push(Delta::Replaced(object));
            }
        }
        for object in gone {
            self.push(Delta::Deleted {
                object,
                observed: false,
            });
        }
        let queued = self.order.len();
        self.initial.get_or_insert(queued);
    }

    /// Queues every known object that has no change queued, so that handlers are told of it again.
    pub fn resync(&mut self, known: &Snapshot<K>) {
        for object in known.iter() {
            if self.latest(object.key()).is_none() {
                self.push(Delta::Sync(object.clone()));
            }
        }
    }

    /// The last states of the objects that exist in the queue or the store, but not in the list.
    fn gone(&self, listed: &HashMap<ObjectKey, Listed>, known: &Snapshot<K>) -> Vec<Cached<K>> {
        let queued = self.order.iter().filter_map(|key| self.latest(key));
        let queued = queued
            .filter(|delta| !delta.is_deleted())
            .map(Delta::object);
        let stored = known
            .iter()
            .filter(|object| self.latest(object.key()).is_none());
        queued
            .chain(stored)
            .filter(|object| !listed.contains_key(object.key()))
            .cloned()
            .collect()
    }

    /// The objects that the list shows as the store has them, while the queue would change them.
    fn reverted(&self, listed: &HashMap<ObjectKey, Listed>, known: &Snapshot<K>) -> Vec<Cached<K>> {
        self.order
            .iter()
            .filter(|key| listed.get(*key) == Some(&Listed::AsKnown))
            .filter_map(|key| known.get(key).cloned())
            .collect()
    }

    /// Says whether the queue leaves the object in this state.
    fn shows(&self, object: &Cached<K>) -> bool {
        match self.latest(object.key()) {
            None | Some(Delta::Deleted { .. }) => false,
            Some(delta) => delta.object().is_at(object.metadata()),
        }
    }
}

impl<K> Default for DeltaFifo<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> fmt::Debug for DeltaFifo<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeltaFifo")
            .field("queued", &self.len())
            .field("has_synced", &self.has_synced())
            .finish()
    }
}
