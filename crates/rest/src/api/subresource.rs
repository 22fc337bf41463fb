//! Parts of objects that have paths of their own.

use std::fmt;
use std::marker::PhantomData;

use kubekit_core::{Codec, Json, Patch};

use crate::api::endpoint::Endpoint;
use crate::error::Kind;
use crate::{CreateRequest, GetRequest, PatchRequest, UpdateRequest};

/// A subresource of objects: what is sent is a `T`, what comes back an `R`, which is the same for most.
///
/// Made by [`Api::subresource`](crate::Api::subresource) and [`Api::status`](crate::Api::status).
///
/// # Examples
///
/// ```no_run
/// use k8s_openapi::api::apps::v1::Deployment;
/// use k8s_openapi::api::autoscaling::v1::Scale;
/// use k8s_openapi::api::core::v1::Pod;
/// use k8s_openapi::api::policy::v1::Eviction;
/// use kubekit_core::{Namespace, Patch, Status};
/// use serde_json::json;
///
/// # async fn example(client: kubekit_rest::RestClient) -> Result<(), Box<dyn std::error::Error>> {
/// let deployments = client.api::<Deployment, _>(Namespace::new("shop"));
/// let three = Patch::merge(&json!({ "spec": { "replicas": 3 } }))?;
/// deployments.subresource::<Scale>("scale").patch("web", three).await?;
///
/// let pods = client.api::<Pod, _>(Namespace::new("shop"));
/// let eviction = Eviction::default();
/// pods.subresource::<Eviction>("eviction").returns::<Status>().create("web-0", &eviction).await?;
/// # Ok(())
/// # }
/// ```
pub struct Subresource<T, R = T, C = Json> {
    endpoint: Endpoint,
    codec: C,
    kind: PhantomData<fn() -> (T, R)>,
}

impl<T, R, C> Subresource<T, R, C> {
    pub(super) fn new(endpoint: Endpoint, codec: C) -> Self {
        Self {
            endpoint,
            codec,
            kind: PhantomData,
        }
    }

    /// Expects answers of another kind. They are of the kind that is sent by default.
    pub fn returns<Q>(self) -> Subresource<T, Q, C> {
        Subresource::new(self.endpoint, self.codec)
    }
}

impl<T, R, C: Codec<T> + Codec<R>> Subresource<T, R, C> {
    /// Reads the subresource of an object.
    pub fn get(&self, name: &str) -> GetRequest<R, C> {
        GetRequest::new(&self.endpoint, name, self.codec.clone())
    }

    /// Posts to the subresource of an object. What is posted is encoded now.
    pub fn create(&self, name: &str, object: &T) -> CreateRequest<R, C> {
        let body = self.codec.encode(object).map_err(Kind::Encode);
        let content_type = Codec::<T>::content_type(&self.codec);
        CreateRequest::of_object(&self.endpoint, name, content_type, body, self.codec.clone())
    }

    /// Replaces the subresource of an object. What is put is encoded now.
    pub fn update(&self, name: &str, object: &T) -> UpdateRequest<R, C> {
        let body = self.codec.encode(object).map_err(Kind::Encode);
        let content_type = Codec::<T>::content_type(&self.codec);
        UpdateRequest::new(&self.endpoint, name, content_type, body, self.codec.clone())
    }

    /// Changes parts of the subresource of an object.
    pub fn patch(&self, name: &str, patch: Patch) -> PatchRequest<R, C> {
        PatchRequest::new(&self.endpoint, name, &patch, self.codec.clone())
    }
}

impl<T, R, C: Clone> Clone for Subresource<T, R, C> {
    fn clone(&self) -> Self {
        Self::new(self.endpoint.clone(), self.codec.clone())
    }
}

impl<T, R, C> fmt::Debug for Subresource<T, R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subresource")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}
