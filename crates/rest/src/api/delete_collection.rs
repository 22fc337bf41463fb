//! Deleting many objects.

use std::marker::PhantomData;
use std::time::Duration;

use http::Method;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use kubekit_core::{
    Codec, DeleteOptions, FieldSelector, Json, LabelSelector, ListOptions, ObjectList,
    Preconditions, PropagationPolicy, Status,
};

use super::options::options;
use crate::api::endpoint::Endpoint;
use crate::request::Answer;
use crate::{CallFuture, Error, RequestBuilder};

/// A delete of all objects that are selected, made by [`Api::delete_collection`](crate::Api::delete_collection).
///
/// Returns the objects that the server took on, as they were then; whether they are gone they do not tell. It is never sent
/// twice unless the server said that it was turned away.
#[must_use = "a request is sent by `.await`"]
pub struct DeleteCollectionRequest<K, C = Json> {
    request: RequestBuilder,
    selection: ListOptions,
    options: DeleteOptions,
    codec: C,
    kind: PhantomData<fn() -> K>,
}

impl<K, C> DeleteCollectionRequest<K, C> {
    pub(super) fn new(endpoint: &Endpoint, codec: C) -> Self {
        Self {
            request: endpoint.collection("deletecollection", Method::DELETE),
            selection: ListOptions::default(),
            options: DeleteOptions::default(),
            codec,
            kind: PhantomData,
        }
    }

    /// Replaces all options at once that say which objects are meant. All objects by default.
    pub fn selection(mut self, selection: ListOptions) -> Self {
        self.selection = selection;
        self
    }

    /// Restricts the delete by labels. Everything by default.
    pub fn labels(mut self, selector: LabelSelector) -> Self {
        self.selection.label_selector = selector;
        self
    }

    /// Restricts the delete by fields. Everything by default.
    pub fn fields(mut self, selector: FieldSelector) -> Self {
        self.selection.field_selector = selector;
        self
    }

    /// Sets how long the request may take, for the server and for the client. The client's limit by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.selection.timeout = Some(timeout);
        self
    }

    options! { DeleteOptions;
        /// Sets the seconds before the objects go; `0` for at once. By default the kind decides.
        grace_period_seconds => grace_period_seconds(seconds: i64);
        /// Sets what becomes of the objects that these own. By default the kind decides.
        propagation => propagation_policy(policy: PropagationPolicy);
        /// Sets what must be true of each object. Nothing by default.
        preconditions => preconditions(preconditions: Preconditions);
        /// Lets the server only pretend. It acts by default.
        dry_run => dry_run();
    }
}

impl<K: 'static, C: Codec<K>> IntoFuture for DeleteCollectionRequest<K, C> {
    type Output = Result<ObjectList<K>, Error>;
    type IntoFuture = CallFuture<ObjectList<K>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self {
            mut request,
            selection,
            options,
            codec,
            ..
        } = self;
        if let Some(timeout) = selection.timeout {
            request = request.timeout(timeout);
        }
        if !options.dry_run.is_empty() {
            request = request.safe_to_repeat();
        }
        request.accept(codec.accept());
        request.extend_query(selection.query());
        request.encoded("application/json", Ok(options.body()));
        CallFuture::new(async move { deleted(&request.answer().await?, &codec) })
    }
}

/// The server answers with the objects or with a success.
fn deleted<K, C: Codec<K>>(answer: &Answer, codec: &C) -> Result<ObjectList<K>, Error> {
    match Status::from_json(&answer.body) {
        Some(status) if status.status == "Success" => Ok(ObjectList {
            metadata: ListMeta::default(),
            items: Vec::new(),
            undecodable: Vec::new(),
        }),
        _ => answer.list(codec),
    }
}

impl<K, C> std::fmt::Debug for DeleteCollectionRequest<K, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeleteCollectionRequest")
            .field("request", &self.request)
            .field("selection", &self.selection)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
