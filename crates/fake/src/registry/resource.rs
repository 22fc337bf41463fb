//! One resource in one version.

use std::fmt;
use std::sync::Arc;

use crate::conversion;
use crate::crd::ServedVersion;
use crate::object::{Content, Object, Types};
use crate::request::Document;
use crate::strategy::Strategy;

/// A resource as served under one version. Shared as `Arc<Resource>`; a changed definition makes a new one.
#[derive(Debug)]
pub(crate) struct Resource {
    /// Empty for the core group.
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) plural: String,
    pub(crate) singular: String,
    pub(crate) kind: String,
    pub(crate) list_kind: String,
    pub(crate) scope: ResourceScope,
    /// As in discovery, in its order.
    pub(crate) verbs: Vec<String>,
    pub(crate) short_names: Vec<String>,
    pub(crate) categories: Vec<String>,
    pub(crate) subresources: Vec<Subresource>,
    pub(crate) origin: Origin,
    /// Where its objects are stored. Versions of a resource share it, and so do resources that are two views of the same objects
    /// (`events` of the core group and of `events.k8s.io`).
    pub(crate) storage: StorageKey,
    /// The version its objects are stored in, which discovery tells by a hash.
    pub(crate) storage_version: String,
    /// `kind` and `apiVersion` of its objects.
    pub(crate) types: Types,
    /// How its kind differs from others. Versions of a resource share it.
    pub(crate) strategy: Arc<Strategy>,
}

/// A subresource and the types and verbs that discovery gives it.
#[derive(Clone, Debug)]
pub(crate) struct Subresource {
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) verbs: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResourceScope {
    Cluster,
    Namespaced,
}

/// Where a resource comes from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// It comes with the server.
    BuiltIn,
    /// A version of a custom resource definition.
    Custom(Arc<ServedVersion>),
}

/// The identity of a resource's objects: group and plural name. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct StorageKey(Arc<str>);

impl Resource {
    pub(crate) fn is_namespaced(&self) -> bool {
        self.scope == ResourceScope::Namespaced
    }

    pub(crate) fn is_custom(&self) -> bool {
        self.custom().is_some()
    }

    /// What its definition says beyond what every resource has; `None` for a built-in one.
    pub(crate) fn custom(&self) -> Option<&Arc<ServedVersion>> {
        match &self.origin {
            Origin::BuiltIn => None,
            Origin::Custom(version) => Some(version),
        }
    }

    /// Encodes an object of the resource for the store.
    pub(crate) fn content(&self, document: Document) -> Content {
        match self.custom() {
            Some(version) => version.content(self, document),
            None => match conversion::of(&self.group, &self.plural) {
                Some(conversion) => conversion.content(document),
                None => {
                    let fields = self.strategy.field_values(&document);
                    Content::new(document, fields)
                }
            },
        }
    }

    /// An object from the store as the resource shows it.
    pub(crate) fn view(&self, object: &Object) -> Object {
        match self.custom() {
            Some(version) => version.view(self, object),
            None => match conversion::of(&self.group, &self.plural) {
                Some(conversion) => conversion.view(self, object),
                None => object.clone(),
            },
        }
    }

    pub(crate) fn subresource(&self, name: &str) -> Option<&Subresource> {
        self.subresources.iter().find(|sub| sub.name == name)
    }

    /// `plural` or `plural.group`, as messages name the resource.
    pub(crate) fn qualified(&self) -> String {
        match self.group.as_str() {
            "" => self.plural.clone(),
            group => format!("{}.{group}", self.plural),
        }
    }
}

impl StorageKey {
    pub(crate) fn new(group: &str, plural: &str) -> StorageKey {
        StorageKey(format!("{group}/{plural}").into())
    }

    pub(crate) fn group(&self) -> &str {
        self.0.split_once('/').map_or("", |(group, _)| group)
    }

    pub(crate) fn plural(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(_, plural)| plural)
    }
}

impl fmt::Display for StorageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
