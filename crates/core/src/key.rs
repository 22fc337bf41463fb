//! The key of an object within its kind.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ParseNameError;

/// Names an object within its kind: a namespace, if the kind has one, and a name.
///
/// Prints and parses as `namespace/name` or `name`, which is how client-go's `MetaNamespaceKeyFunc` and
/// `SplitMetaNamespaceKey` write it. A key is one shared string, so a clone costs no allocation, and maps keyed by it can be
/// searched with a `&str`. Keys order as their text does.
///
/// # Examples
///
/// ```
/// use kubekit_core::ObjectKey;
///
/// let key = ObjectKey::namespaced("default", "web");
/// assert_eq!(key.to_string(), "default/web");
/// assert_eq!(key.namespace(), Some("default"));
/// assert_eq!("node-1".parse::<ObjectKey>()?, ObjectKey::cluster("node-1"));
/// # Ok::<(), kubekit_core::ParseNameError>(())
/// ```
#[derive(Clone)]
pub struct ObjectKey {
    text: Arc<str>,
}

impl ObjectKey {
    /// Names an object in a namespace. An empty namespace names a cluster-scoped object.
    pub fn namespaced(namespace: &str, name: &str) -> Self {
        if namespace.is_empty() {
            return Self::cluster(name);
        }
        let mut text = String::with_capacity(namespace.len() + 1 + name.len());
        text.push_str(namespace);
        text.push('/');
        text.push_str(name);
        Self { text: text.into() }
    }

    /// Names an object of a cluster-scoped kind.
    pub fn cluster(name: &str) -> Self {
        Self { text: name.into() }
    }

    /// Returns the key of the object that has this metadata, or `None` if it has no name (yet).
    pub fn of(metadata: &ObjectMeta) -> Option<Self> {
        let name = metadata.name.as_deref().filter(|name| !name.is_empty())?;
        Some(Self::namespaced(
            metadata.namespace.as_deref().unwrap_or_default(),
            name,
        ))
    }

    /// Returns the namespace, or `None` for a cluster-scoped object.
    pub fn namespace(&self) -> Option<&str> {
        self.text.split_once('/').map(|(namespace, _)| namespace)
    }

    /// Returns the name without the namespace.
    pub fn name(&self) -> &str {
        self.text
            .split_once('/')
            .map_or(&*self.text, |(_, name)| name)
    }

    /// Returns the key as it prints.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for ObjectKey {
    type Err = ParseNameError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let well_formed = match s.split_once('/') {
            Some((namespace, name)) => {
                !namespace.is_empty() && !name.is_empty() && !name.contains('/')
            }
            None => !s.is_empty(),
        };
        if !well_formed {
            return Err(ParseNameError {
                input: s.into(),
                expected: "an object key: \"name\" or \"namespace/name\"",
            });
        }
        Ok(Self { text: s.into() })
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.text, f)
    }
}

impl PartialEq for ObjectKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.text, &other.text) || self.text == other.text
    }
}

impl Eq for ObjectKey {}

impl Hash for ObjectKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialOrd for ObjectKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ObjectKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Borrow<str> for ObjectKey {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl AsRef<str> for ObjectKey {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl Serialize for ObjectKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for ObjectKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
