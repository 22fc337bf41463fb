//! The objects of one kind in one scope.

mod call;
mod create;
mod delete;
mod delete_collection;
mod endpoint;
mod get;
mod list;
mod options;
mod pages;
mod patch;
mod subresource;
mod update;
mod watch;

pub use call::CallFuture;
pub use create::CreateRequest;
pub use delete::{DeleteRequest, Deletion};
pub use delete_collection::DeleteCollectionRequest;
pub use get::GetRequest;
pub use list::ListRequest;
pub use pages::{Page, Pages};
pub use patch::PatchRequest;
pub use subresource::Subresource;
pub use update::UpdateRequest;
pub use watch::WatchRequest;

use std::fmt;
use std::marker::PhantomData;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_core::{ApiResource, Codec, Json, Name, ObjectScope, Patch, Scope, StaticResource};

use crate::api::endpoint::Endpoint;
use crate::error::Kind;
use crate::{Error, RestClient};

/// The objects of the kind `K` in the scope `S`, spoken to in the format `C`.
///
/// Each verb returns a request that takes its options by value and is sent by `.await`. What is wrong with it, such as an empty
/// name, is reported then. The future owns all it needs and can be spawned.
///
/// Verbs on one object need a scope in which a name identifies one, [`Cluster`](kubekit_core::Cluster) or
/// [`Namespace`](kubekit_core::Namespace); across [`AllNamespaces`](kubekit_core::AllNamespaces) objects can be listed and
/// watched. (The API server does not serve collection deletes across namespaces.) The wrong scope does not compile.
///
/// A clone is cheap. Matches `gentype.Client` of client-go.
///
/// # Cancel safety
///
/// When the future of a request, a [`Watch`](crate::Watch) or [`Pages`] is dropped, what is under way is cancelled and its
/// connection freed. The server may have carried out a request that changes something all the same.
///
/// # Examples
///
/// ```no_run
/// use k8s_openapi::api::core::v1::ConfigMap;
/// use kubekit_core::{Namespace, Patch, PropagationPolicy};
/// use serde_json::json;
///
/// # async fn example(client: kubekit_rest::RestClient) -> Result<(), Box<dyn std::error::Error>> {
/// let maps = client.api::<ConfigMap, _>(Namespace::new("shop"));
///
/// let map = maps.get("settings").await?;
/// maps.patch("settings", Patch::merge(&json!({ "data": { "color": "blue" } }))?)
///     .field_manager("painter")
///     .await?;
/// maps.delete("settings").propagation(PropagationPolicy::Foreground).await?;
/// maps.create(&ConfigMap { metadata: map.metadata.clone(), ..map }).dry_run().await?;
/// # Ok(())
/// # }
/// ```
pub struct Api<K, S, C = Json> {
    endpoint: Endpoint,
    codec: C,
    kind: PhantomData<fn() -> (K, S)>,
}

impl<K, S: Scope> Api<K, S> {
    /// Addresses a resource that is described by a value: one whose kind is known at run time only, or another view of a kind,
    /// such as its metadata.
    ///
    /// # Errors
    ///
    /// Fails with [`Error::is_config`] when the resource is not served in the scope, and when its group, version or plural
    /// name cannot be part of a path.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use kubekit_core::{AllNamespaces, ApiResource, Unstructured};
    /// use kubekit_rest::Api;
    ///
    /// # fn example(client: kubekit_rest::RestClient) -> Result<(), kubekit_rest::Error> {
    /// let websites = ApiResource {
    ///     group: "example.com".into(),
    ///     version: "v1".into(),
    ///     kind: "Website".into(),
    ///     plural: "websites".into(),
    ///     namespaced: true,
    /// };
    /// let websites: Api<Unstructured, _> = Api::new(&client, websites, AllNamespaces)?;
    /// # Ok(())
    /// # }
    /// ```
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a scope is a value, here as everywhere"
    )]
    pub fn new(client: &RestClient, resource: ApiResource, scope: S) -> Result<Self, Error> {
        let endpoint =
            Endpoint::checked(client, resource, &scope).map_err(Error::without_request)?;
        Ok(Self::at(endpoint))
    }

    pub(crate) fn of_static(client: &RestClient, scope: &S) -> Self
    where
        K: StaticResource,
    {
        Self::at(Endpoint::new(client, ApiResource::of::<K>(), scope))
    }

    fn at(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            codec: Json,
            kind: PhantomData,
        }
    }
}

impl<K, S, C> Api<K, S, C> {
    /// Speaks another format. JSON by default.
    pub fn codec<D: Codec<K>>(self, codec: D) -> Api<K, S, D> {
        Api {
            endpoint: self.endpoint,
            codec,
            kind: PhantomData,
        }
    }

    /// Returns the client that requests are sent with.
    pub fn client(&self) -> &RestClient {
        self.endpoint.client()
    }

    /// Returns the resource that is addressed.
    pub fn resource(&self) -> &ApiResource {
        self.endpoint.resource()
    }

    /// Returns the namespace that is addressed, if it is one.
    pub fn namespace(&self) -> Option<&str> {
        self.endpoint.namespace()
    }
}

/// Verbs on collections.
impl<K, S: Scope, C: Codec<K>> Api<K, S, C> {
    /// Lists objects, in one answer or [in pages](ListRequest::pages).
    pub fn list(&self) -> ListRequest<K, C> {
        ListRequest::new(self.endpoint.clone(), self.codec.clone())
    }

    /// Watches objects: a stream of what changes.
    pub fn watch(&self) -> WatchRequest<K, C> {
        WatchRequest::new(&self.endpoint, self.codec.clone())
    }
}

/// Verbs on objects.
impl<K, S: ObjectScope, C: Codec<K>> Api<K, S, C> {
    /// Reads an object.
    pub fn get(&self, name: &str) -> GetRequest<K, C> {
        GetRequest::new(&self.endpoint, name, self.codec.clone())
    }

    /// Creates an object and returns it as the server keeps it. It is encoded now.
    pub fn create(&self, object: &K) -> CreateRequest<K, C> {
        let body = self.codec.encode(object).map_err(Kind::Encode);
        CreateRequest::of_collection(&self.endpoint, body, self.codec.clone())
    }

    /// Replaces an object by this one, which names it, and returns it as the server keeps it. It is encoded now.
    ///
    /// The server refuses it with a [conflict](Error::is_conflict) if the object has a resource version and has changed since.
    pub fn update(&self, object: &K) -> UpdateRequest<K, C>
    where
        K: Metadata<Ty = ObjectMeta>,
    {
        let name = object.metadata().name.as_deref().unwrap_or_default();
        let body = self.codec.encode(object).map_err(Kind::Encode);
        let content_type = self.codec.content_type();
        UpdateRequest::new(&self.endpoint, name, content_type, body, self.codec.clone())
    }

    /// Changes parts of an object and returns it as the server keeps it.
    ///
    /// A [server-side apply](Patch::apply) also creates the object, and needs a
    /// [field manager](PatchRequest::field_manager).
    pub fn patch(&self, name: &str, patch: Patch) -> PatchRequest<K, C> {
        PatchRequest::new(&self.endpoint, name, &patch, self.codec.clone())
    }

    /// Deletes an object and tells whether it is gone yet.
    pub fn delete(&self, name: &str) -> DeleteRequest<K, C> {
        DeleteRequest::new(&self.endpoint, name, self.codec.clone())
    }

    /// Deletes all objects that are selected, without waiting for them to be gone.
    pub fn delete_collection(&self) -> DeleteCollectionRequest<K, C> {
        DeleteCollectionRequest::new(&self.endpoint, self.codec.clone())
    }

    /// Addresses the status of objects.
    pub fn status(&self) -> Subresource<K, K, C> {
        self.subresource("status")
    }

    /// Addresses a subresource of objects, whose kind is `T`: `scale`, `eviction`, `token`, `binding` and so on.
    pub fn subresource<T>(&self, name: impl Into<Name>) -> Subresource<T, T, C> {
        Subresource::new(self.endpoint.subresource(name.into()), self.codec.clone())
    }
}

impl<K, S, C: Clone> Clone for Api<K, S, C> {
    fn clone(&self) -> Self {
        Self {
            endpoint: self.endpoint.clone(),
            codec: self.codec.clone(),
            kind: PhantomData,
        }
    }
}

impl<K, S, C> fmt::Debug for Api<K, S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api")
            .field("resource", self.resource())
            .field("namespace", &self.namespace())
            .finish_non_exhaustive()
    }
}
