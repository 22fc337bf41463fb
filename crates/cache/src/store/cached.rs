//! An object in the cache.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_core::ObjectKey;

/// A shared, unchangeable object of the cache.
///
/// It derefs to the object; a clone shares the object and costs no allocation. Prefer [`key`](Self::key) and
/// [`metadata`](Self::metadata) where they are enough: how the object behind them is kept is the cache's own affair.
///
/// # Examples
///
/// ```
/// use k8s_openapi::api::core::v1::ConfigMap;
/// use kubekit_cache::Cached;
///
/// let mut config = ConfigMap::default();
/// config.metadata.namespace = Some("default".into());
/// config.metadata.name = Some("web".into());
///
/// let cached = Cached::new(config).expect("it has a name");
/// assert_eq!(cached.key().as_str(), "default/web");
/// assert!(cached.data.is_none());
/// ```
pub struct Cached<K> {
    shared: Arc<Shared<K>>,
}

struct Shared<K> {
    key: ObjectKey,
    object: K,
}

impl<K> Cached<K> {
    /// Returns the key of the object.
    pub fn key(&self) -> &ObjectKey {
        &self.shared.key
    }

    /// Says whether both are the very same object in memory, not merely equal ones.
    pub fn ptr_eq(a: &Self, b: &Self) -> bool {
        Arc::ptr_eq(&a.shared, &b.shared)
    }
}

impl<K: Metadata<Ty = ObjectMeta>> Cached<K> {
    /// Moves an object into shared memory. Returns `None` if it has no name, for then it has no place in a cache.
    pub fn new(object: K) -> Option<Self> {
        let key = ObjectKey::of(object.metadata())?;
        Some(Self::keyed(key, object))
    }

    /// Returns the metadata of the object.
    pub fn metadata(&self) -> &ObjectMeta {
        self.shared.object.metadata()
    }

    /// Moves an object into shared memory under the key it is known to have.
    pub(crate) fn keyed(key: ObjectKey, object: K) -> Self {
        Self {
            shared: Arc::new(Shared { key, object }),
        }
    }

    /// Says whether the other metadata is that of the same object at the same resource version.
    pub(crate) fn is_at(&self, other: &ObjectMeta) -> bool {
        let own = self.metadata();
        own.uid == other.uid
            && own.resource_version.is_some()
            && own.resource_version == other.resource_version
    }

    /// Says whether the other metadata is that of another object of the same name: one that came after this was deleted.
    pub(crate) fn is_replaced_by(&self, other: &ObjectMeta) -> bool {
        matches!((&self.metadata().uid, &other.uid), (Some(own), Some(other)) if own != other)
    }
}

impl<K> Clone for Cached<K> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<K> Deref for Cached<K> {
    type Target = K;

    fn deref(&self) -> &K {
        &self.shared.object
    }
}

impl<K> AsRef<K> for Cached<K> {
    fn as_ref(&self) -> &K {
        self
    }
}

/// Prints the key only: objects are large, and some are secret.
impl<K> fmt::Debug for Cached<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cached").field(self.key()).finish()
    }
}
