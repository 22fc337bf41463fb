//! The indexed store: objects in shared memory, read by snapshot.
//!
//! A state of the store is an immutable value: a sorted map of objects and one for each index, all of which share their unchanged
//! parts with the state before. A writer prepares the next state aside, without a lock that readers take, and publishes it
//! by exchanging one pointer. Hence:
//!
//! * A reader sees one moment across objects and indexes, for as long as it likes, and holds no lock while it looks around:
//!   label predicates and iteration never delay the writer.
//! * The writer never waits for readers longer than it takes them to copy a pointer or to find one object, and readers never
//!   wait longer than it takes to exchange the pointer, even when a relist replaces everything.
//! * Index functions run outside the locks that readers take; one that panics leaves the published state as it was.
//!
//! The price is that a change copies the list of chunks (a hundredth of the number of objects, as pointers) and the chunks it
//! touches. The informer changes the store in batches, which share that price. A lock around one large hash map would make single
//! changes cheaper, but a list of everything would hold up the writer, and a relist all readers; sharding it would give up the
//! one moment that a reader sees.
//!
//! Objects are sorted by their key, which begins with the namespace, so listing a namespace is a walk over neighbours: this is
//! the namespace index, and it costs no memory.

mod cached;
mod edit;
mod index;
mod snapshot;
mod sorted_map;
mod version;

pub use cached::Cached;
pub use edit::Edit;
pub use index::Index;
pub use snapshot::Snapshot;
pub(crate) use sorted_map::Cursor;

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_core::ObjectKey;
use parking_lot::{Mutex, RwLock};

use crate::Lister;
use index::Entries;
use sorted_map::SortedMap;
use version::Version;

/// Keeps objects of one kind, indexed; a clone refers to the same store.
///
/// A [`SharedInformer`](crate::SharedInformer) keeps one up to date. On its own it serves tests of code that takes a
/// [`Lister`], and caches that are filled by other means. Matches client-go's `Indexer`.
///
/// # Examples
///
/// ```
/// use k8s_openapi::api::core::v1::Namespace;
/// use kubekit_cache::Store;
/// use kubekit_core::ObjectKey;
///
/// let store = Store::<Namespace>::new();
/// let mut namespace = Namespace::default();
/// namespace.metadata.name = Some("default".into());
/// store.insert(namespace);
///
/// assert!(store.lister().get(&ObjectKey::cluster("default")).is_some());
/// ```
pub struct Store<K> {
    shared: Arc<Shared<K>>,
    /// Keeps alive what keeps the store up to date.
    upkeep: Option<Arc<dyn Any + Send + Sync>>,
}

struct Shared<K> {
    /// Held by whoever prepares the next state.
    writer: Mutex<()>,
    current: RwLock<Arc<Version<K>>>,
}

impl<K> Store<K> {
    /// Makes an empty store.
    pub fn new() -> Self {
        Self {
            shared: Arc::new(Shared {
                writer: Mutex::new(()),
                current: RwLock::new(Arc::new(Version::new())),
            }),
            upkeep: None,
        }
    }

    /// Returns a reader of this store.
    pub fn lister(&self) -> Lister<K> {
        Lister::new(self.clone())
    }

    /// Returns the present state, which then stays as it is.
    pub fn snapshot(&self) -> Snapshot<K> {
        Snapshot::new(Arc::clone(&self.shared.current.read()))
    }

    /// Begins a change of the store; others that want to change it wait until it has ended.
    pub fn edit(&self) -> Edit<'_, K> {
        let turn = self.shared.writer.lock();
        let next = Version::clone(&self.shared.current.read().clone());
        Edit::new(turn, &self.shared.current, next)
    }

    /// Adds an index over what the function computes: the values under which an object is to be found, none, one (an `Option`)
    /// or several.
    ///
    /// An index may be added at any time. It serves for as long as the store, even if the returned value is dropped. The function must be
    /// pure: it is also asked under which values an object that leaves is to be found.
    ///
    /// # Panics
    ///
    /// If the function panics; the store then stays without the index. A panic while an object enters or leaves passes through
    /// whoever changes the store, and the change is not made.
    pub fn index<V, I>(&self, values: impl Fn(&K) -> I + Send + Sync + 'static) -> Index<K, V>
    where
        K: Send + Sync + 'static,
        I: IntoIterator<Item = V>,
        V: Ord + Clone + Send + Sync + 'static,
    {
        let extract: index::Extract<K, V> =
            Arc::new(move |object, sink| values(object).into_iter().for_each(sink));
        let mut edit = self.edit();
        let slot = edit.add_index(Box::new(Entries {
            map: SortedMap::new(),
            extract: Arc::clone(&extract),
        }));
        edit.publish();
        Index::new(self.clone(), slot, extract)
    }

    /// Looks an object up without taking a snapshot.
    pub(crate) fn get(&self, key: &ObjectKey) -> Option<Cached<K>> {
        self.shared.current.read().get(key.as_str()).cloned()
    }

    /// Returns this store as a handle that keeps something alive.
    pub(crate) fn kept_up_by(&self, upkeep: Arc<dyn Any + Send + Sync>) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            upkeep: Some(upkeep),
        }
    }
}

impl<K: Metadata<Ty = ObjectMeta>> Store<K> {
    /// Adds or replaces an object and returns the one that was there.
    ///
    /// An object without a name has no place in a store and is dropped.
    pub fn insert(&self, object: K) -> Option<Cached<K>> {
        let object = Cached::new(object)?;
        let mut edit = self.edit();
        let old = edit.insert(object);
        edit.publish();
        old
    }

    /// Removes an object and returns it.
    pub fn remove(&self, key: &ObjectKey) -> Option<Cached<K>> {
        let mut edit = self.edit();
        let old = edit.remove(key);
        edit.publish();
        old
    }
}

impl<K> Clone for Store<K> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            upkeep: self.upkeep.clone(),
        }
    }
}

impl<K> Default for Store<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> fmt::Debug for Store<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.snapshot()).finish()
    }
}
