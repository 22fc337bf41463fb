//! Deleting objects.

use std::marker::PhantomData;

use http::Method;
use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_core::{Codec, DeleteOptions, Json, Preconditions, PropagationPolicy, Status};

use super::options::{debug_request, options};
use crate::api::endpoint::Endpoint;
use crate::request::Answer;
use crate::{CallFuture, Error, RequestBuilder};

/// What became of an object that was deleted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Deletion<K> {
    /// It is gone. Its last state is here if the server sent it, which depends on the kind.
    Gone(Option<K>),
    /// It is marked as deleted and stays until its finalizers are done, its grace period is over or the objects that depend on
    /// it are gone.
    Pending(K),
}

impl<K> Deletion<K> {
    /// Says whether the object is gone.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Gone(_))
    }

    /// Returns the state of the object, if the server sent it.
    pub fn into_object(self) -> Option<K> {
        match self {
            Self::Gone(object) => object,
            Self::Pending(object) => Some(object),
        }
    }
}

impl<K: Metadata<Ty = ObjectMeta>> Deletion<K> {
    /// An object that is gone was sent in its last state, which may be marked as deleted too: then without any grace. A
    /// namespace has no grace period at all while it is being emptied.
    fn of(object: K) -> Self {
        let metadata = object.metadata();
        let marked = metadata.deletion_timestamp.is_some();
        let has_finalizers = metadata
            .finalizers
            .as_ref()
            .is_some_and(|finalizers| !finalizers.is_empty());
        let ends_now = metadata.deletion_grace_period_seconds == Some(0);
        if marked && (has_finalizers || !ends_now) {
            Self::Pending(object)
        } else {
            Self::Gone(Some(object))
        }
    }
}

/// A delete of one object, made by [`Api::delete`](crate::Api::delete).
///
/// It is never sent twice unless the server said that it was turned away: the second one could hit a successor of the same
/// name.
#[must_use = "a request is sent by `.await`"]
pub struct DeleteRequest<K, C = Json> {
    request: RequestBuilder,
    options: DeleteOptions,
    codec: C,
    kind: PhantomData<fn() -> K>,
}

impl<K, C> DeleteRequest<K, C> {
    pub(super) fn new(endpoint: &Endpoint, name: &str, codec: C) -> Self {
        Self {
            request: endpoint.object("delete", Method::DELETE, name),
            options: DeleteOptions::default(),
            codec,
            kind: PhantomData,
        }
    }

    options! { DeleteOptions;
        /// Sets the seconds before the object goes; `0` for at once. By default the kind decides.
        grace_period_seconds => grace_period_seconds(seconds: i64);
        /// Sets what becomes of the objects that this one owns. By default the kind decides.
        propagation => propagation_policy(policy: PropagationPolicy);
        /// Sets what must be true of the object. Nothing by default.
        preconditions => preconditions(preconditions: Preconditions);
        /// Lets the server only pretend. It acts by default.
        dry_run => dry_run();
    }
}

impl<K, C> IntoFuture for DeleteRequest<K, C>
where
    K: Metadata<Ty = ObjectMeta> + 'static,
    C: Codec<K>,
{
    type Output = Result<Deletion<K>, Error>;
    type IntoFuture = CallFuture<Deletion<K>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self {
            mut request,
            options,
            codec,
            ..
        } = self;
        if !options.dry_run.is_empty() {
            request = request.safe_to_repeat();
        }
        request.accept(codec.accept());
        request.encoded("application/json", Ok(options.body()));
        CallFuture::new(async move { deletion(&request.answer().await?, &codec) })
    }
}

/// The server answers with the object or with a success.
fn deletion<K, C>(answer: &Answer, codec: &C) -> Result<Deletion<K>, Error>
where
    K: Metadata<Ty = ObjectMeta>,
    C: Codec<K>,
{
    match Status::from_json(&answer.body) {
        Some(status) if status.status == "Success" => Ok(Deletion::Gone(None)),
        _ => answer.object(codec).map(Deletion::of),
    }
}

debug_request!(DeleteRequest);
