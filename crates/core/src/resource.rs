//! What a client must know about a resource to address it.

use std::borrow::Cow;
use std::fmt;

use k8s_openapi::Resource;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::names::Name;
use crate::{GroupVersion, GroupVersionKind, GroupVersionResource};

/// Describes a resource that an API server serves: its kind, its name in URLs and its scope.
///
/// For types that know these facts about themselves it comes from [`ApiResource::of`]; for all others it comes from
/// discovery or is written out.
///
/// # Examples
///
/// ```
/// use k8s_openapi::api::apps::v1::Deployment;
/// use kubekit_core::ApiResource;
///
/// let deployments = ApiResource::of::<Deployment>();
/// assert_eq!(deployments.plural, "deployments");
/// assert_eq!(deployments.path(Some("default")), "/apis/apps/v1/namespaces/default/deployments");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ApiResource {
    /// The API group; empty for the core group.
    pub group: Name,
    /// The version within the group.
    pub version: Name,
    /// The kind, as in the `kind` field.
    pub kind: Name,
    /// The plural, lower-case name used in URLs.
    pub plural: Name,
    /// Whether objects live in namespaces.
    pub namespaced: bool,
}

impl ApiResource {
    /// Describes the resource of a type that has static names.
    ///
    /// Types whose kind is only known at run time, such as [`Unstructured`](crate::Unstructured), have none: their
    /// resource must be given.
    pub fn of<K: StaticResource>() -> Self {
        Self {
            group: Cow::Borrowed(K::GROUP),
            version: Cow::Borrowed(K::VERSION),
            kind: Cow::Borrowed(K::KIND),
            plural: Cow::Borrowed(K::URL_PATH_SEGMENT),
            namespaced: K::NAMESPACED,
        }
    }

    /// Returns the group and version.
    pub fn group_version(&self) -> GroupVersion {
        GroupVersion {
            group: self.group.clone(),
            version: self.version.clone(),
        }
    }

    /// Returns the group, version and kind.
    pub fn gvk(&self) -> GroupVersionKind {
        self.group_version().with_kind(self.kind.clone())
    }

    /// Returns the group, version and plural name.
    pub fn gvr(&self) -> GroupVersionResource {
        self.group_version().with_resource(self.plural.clone())
    }

    /// Returns the path of the collection, in one namespace or across all.
    ///
    /// The namespace is used as it is; [`validate_path_segment`](crate::validate_path_segment) checks one.
    pub fn path(&self, namespace: Option<&str>) -> String {
        let mut path = self.group_version().api_path();
        if let Some(namespace) = namespace {
            path.push_str("/namespaces/");
            path.push_str(namespace);
        }
        path.push('/');
        path.push_str(&self.plural);
        path
    }
}

impl fmt::Display for ApiResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.gvr().group_resource().fmt(f)
    }
}

/// A type that knows its own kind, resource and scope and has object metadata: every built-in object kind of
/// k8s-openapi, and every user type that implements [`Resource`] with one of k8s-openapi's two object scopes.
pub trait StaticResource: k8s_openapi::Metadata<Ty = ObjectMeta> {
    /// Whether objects live in namespaces.
    const NAMESPACED: bool;
}

impl<K> StaticResource for K
where
    K: k8s_openapi::Metadata<Ty = ObjectMeta>,
    <K as Resource>::Scope: KnownScope,
{
    const NAMESPACED: bool = <<K as Resource>::Scope as KnownScope>::NAMESPACED;
}

/// The two scopes of k8s-openapi that objects can have.
pub trait KnownScope {
    /// Whether objects of this scope live in namespaces.
    const NAMESPACED: bool;
}

impl KnownScope for k8s_openapi::ClusterResourceScope {
    const NAMESPACED: bool = false;
}

impl KnownScope for k8s_openapi::NamespaceResourceScope {
    const NAMESPACED: bool = true;
}
