//! The reader's side of a cache.

use std::fmt;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_core::{LabelSelector, ObjectKey};

use crate::store::{Cached, Snapshot, Store};

/// Reads the objects of a cache; a clone reads the same cache.
///
/// What it returns is shared with the cache; nothing is copied. A lister of an informer keeps that informer running: it
/// cannot outlive what keeps its answers fresh. Matches client-go's listers.
///
/// # Examples
///
/// ```
/// # use k8s_openapi::api::core::v1::Pod;
/// # use kubekit_cache::Lister;
/// use kubekit_core::{LabelSelector, ObjectKey};
///
/// # fn read(pods: &Lister<Pod>) -> Result<(), Box<dyn std::error::Error>> {
/// let one = pods.get(&ObjectKey::namespaced("default", "web-0"));
/// let web = pods.namespace("default").list(&"app=web".parse()?);
/// let all = pods.list(&LabelSelector::all());
/// # Ok(())
/// # }
/// ```
pub struct Lister<K> {
    store: Store<K>,
}

impl<K> Lister<K> {
    pub(crate) fn new(store: Store<K>) -> Self {
        Self { store }
    }

    /// Returns the object with this key, if there is one.
    pub fn get(&self, key: &ObjectKey) -> Option<Cached<K>> {
        self.store.get(key)
    }

    /// Narrows the reader to a namespace.
    pub fn namespace<'a>(&'a self, namespace: &'a str) -> NamespaceLister<'a, K> {
        NamespaceLister {
            lister: self,
            namespace,
        }
    }

    /// Returns the present state, which then stays as it is: for reads that must agree with each other, or that need not
    /// collect what they find.
    pub fn snapshot(&self) -> Snapshot<K> {
        self.store.snapshot()
    }
}

impl<K: Metadata<Ty = ObjectMeta>> Lister<K> {
    /// Returns the objects whose labels match, in the order of their keys.
    pub fn list(&self, selector: &LabelSelector) -> Vec<Cached<K>> {
        matching(self.snapshot().iter(), selector)
    }
}

impl<K> Clone for Lister<K> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
        }
    }
}

impl<K> fmt::Debug for Lister<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lister").field(&self.snapshot()).finish()
    }
}

/// Reads the objects of one namespace; made by [`Lister::namespace`].
pub struct NamespaceLister<'a, K> {
    lister: &'a Lister<K>,
    namespace: &'a str,
}

impl<K> NamespaceLister<'_, K> {
    /// Returns the object of this name, if there is one.
    pub fn get(&self, name: &str) -> Option<Cached<K>> {
        self.lister
            .get(&ObjectKey::namespaced(self.namespace, name))
    }
}

impl<K: Metadata<Ty = ObjectMeta>> NamespaceLister<'_, K> {
    /// Returns the objects of the namespace whose labels match, in the order of their keys.
    pub fn list(&self, selector: &LabelSelector) -> Vec<Cached<K>> {
        matching(self.lister.snapshot().namespace(self.namespace), selector)
    }
}

impl<K> fmt::Debug for NamespaceLister<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamespaceLister")
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}

fn matching<'a, K: Metadata<Ty = ObjectMeta> + 'a>(
    objects: impl Iterator<Item = &'a Cached<K>>,
    selector: &LabelSelector,
) -> Vec<Cached<K>> {
    objects
        .filter(|object| selector.matches(&object.metadata().labels))
        .cloned()
        .collect()
}
