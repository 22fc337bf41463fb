//! Where a request goes, as a type.
//!
//! A namespaced kind needs a namespace for one of its objects to be read or written; without one it can only be listed and
//! watched. The traits of this module let the compiler hold that.

use k8s_openapi::{ClusterResourceScope, NamespaceResourceScope};

mod sealed {
    pub trait Sealed {}
    pub trait SealedResource {}
    impl SealedResource for k8s_openapi::ClusterResourceScope {}
    impl SealedResource for k8s_openapi::NamespaceResourceScope {}
}

/// Says which part of the cluster a request addresses. Implemented by [`Cluster`], [`Namespace`] and [`AllNamespaces`] only.
pub trait Scope: sealed::Sealed + Clone + Send + Sync + 'static {
    /// Returns the namespace that belongs into the request's path, if any.
    fn namespace(&self) -> Option<&str>;

    /// Says whether kinds of this scope live in namespaces.
    const NAMESPACED: bool;
}

/// Marks the scopes in which a name identifies one object: [`Cluster`] and [`Namespace`].
pub trait ObjectScope: Scope {}

/// The scope of kinds that live outside namespaces, such as `Node`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cluster;

/// One namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace(std::sync::Arc<str>);

impl Namespace {
    /// Chooses a namespace by name.
    ///
    /// The name is not checked here; requests in a namespace with an empty or unusable name fail before they are sent.
    pub fn new(name: impl AsRef<str>) -> Self {
        Self(name.as_ref().into())
    }

    /// Returns the name of the namespace.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// All namespaces at once; objects can be listed and watched, and nothing else.
///
/// The API server deletes collections in one namespace only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AllNamespaces;

impl sealed::Sealed for Cluster {}
impl sealed::Sealed for Namespace {}
impl sealed::Sealed for AllNamespaces {}

impl Scope for Cluster {
    const NAMESPACED: bool = false;

    fn namespace(&self) -> Option<&str> {
        None
    }
}

impl Scope for Namespace {
    const NAMESPACED: bool = true;

    fn namespace(&self) -> Option<&str> {
        Some(&self.0)
    }
}

impl Scope for AllNamespaces {
    const NAMESPACED: bool = true;

    fn namespace(&self) -> Option<&str> {
        None
    }
}

impl ObjectScope for Cluster {}
impl ObjectScope for Namespace {}

/// Holds when kinds of this k8s-openapi scope can be addressed in the scope `S`.
///
/// A function bounded by `K::Scope: Served<S>` takes a pod in a [`Namespace`] or in [`AllNamespaces`], and a node in the
/// [`Cluster`] only.
#[diagnostic::on_unimplemented(
    message = "kinds of `{Self}` are not served in the scope `{S}`",
    note = "namespaced kinds are served in `Namespace` and `AllNamespaces`, all others in `Cluster`"
)]
pub trait Served<S: Scope>: sealed::SealedResource {}

impl Served<Cluster> for ClusterResourceScope {}
impl Served<Namespace> for NamespaceResourceScope {}
impl Served<AllNamespaces> for NamespaceResourceScope {}
