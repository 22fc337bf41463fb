//! A kind of object that cannot be cloned.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{Metadata, NamespaceResourceScope, Resource};
use kubekit_core::{DecodeError, ObjectKey, Undecodable};

/// Has no `Clone`, so that nothing between the wire and a handler can copy it.
#[derive(Debug, Default)]
pub(crate) struct Thing {
    pub(crate) metadata: ObjectMeta,
    pub(crate) value: u64,
}

impl Resource for Thing {
    const API_VERSION: &'static str = "test/v1";
    const GROUP: &'static str = "test";
    const KIND: &'static str = "Thing";
    const VERSION: &'static str = "v1";
    const URL_PATH_SEGMENT: &'static str = "things";
    type Scope = NamespaceResourceScope;
}

impl Metadata for Thing {
    type Ty = ObjectMeta;

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

impl Thing {
    /// The key, and uid, version and value.
    pub(crate) fn entry(&self) -> (String, (String, String, u64)) {
        let key = ObjectKey::of(&self.metadata).unwrap().to_string();
        let uid = self.metadata.uid.clone().unwrap_or_default();
        let version = self.metadata.resource_version.clone().unwrap_or_default();
        (key, (uid, version, self.value))
    }

    pub(crate) fn label(mut self, key: &str, value: &str) -> Self {
        let labels = self.metadata.labels.get_or_insert_default();
        labels.insert(key.into(), value.into());
        self
    }

    pub(crate) fn uid(mut self, uid: &str) -> Self {
        self.metadata.uid = Some(uid.into());
        self
    }
}

/// Makes `n/<name>` at a version; its uid follows from its name.
pub(crate) fn thing(name: &str, version: u64) -> Thing {
    thing_in("n", name, version)
}

pub(crate) fn thing_in(namespace: &str, name: &str, version: u64) -> Thing {
    Thing {
        metadata: ObjectMeta {
            namespace: Some(namespace.into()),
            name: Some(name.into()),
            uid: Some(format!("uid-{name}")),
            resource_version: Some(version.to_string()),
            ..ObjectMeta::default()
        },
        value: version,
    }
}

pub(crate) fn key(name: &str) -> ObjectKey {
    ObjectKey::namespaced("n", name)
}

/// An object `n/<name>` that cannot be decoded.
pub(crate) fn undecodable(name: &str, version: u64) -> Undecodable {
    Undecodable {
        key: Some(key(name)),
        resource_version: Some(version.into()),
        error: DecodeError::new("object", 0, "unknown variant"),
        raw: bytes::Bytes::from_static(b"{}"),
    }
}
