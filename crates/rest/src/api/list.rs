//! Listing objects.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use http::Method;
use kubekit_core::{
    Codec, FieldSelector, Json, LabelSelector, ListOptions, ObjectList, ResourceVersion,
    ResourceVersionMatch,
};

use super::options::options;
use crate::api::endpoint::Endpoint;
use crate::{CallFuture, Error, Pages};

/// A list of objects, made by [`Api::list`](crate::Api::list).
///
/// An object that cannot be decoded does not fail the list; it is in
/// [`undecodable`](ObjectList::undecodable).
#[must_use = "a request is sent by `.await`"]
pub struct ListRequest<K, C = Json> {
    endpoint: Endpoint,
    options: ListOptions,
    codec: C,
    kind: PhantomData<fn() -> K>,
}

impl<K, C> ListRequest<K, C> {
    pub(super) fn new(endpoint: Endpoint, codec: C) -> Self {
        Self {
            endpoint,
            options: ListOptions::default(),
            codec,
            kind: PhantomData,
        }
    }

    options! { ListOptions;
        /// Restricts the list by labels. Everything by default.
        labels => label_selector(selector: LabelSelector);
        /// Restricts the list by fields. Everything by default.
        fields => field_selector(selector: FieldSelector);
        /// Sets the most items to return, per page. No limit by default; [`pages`](Self::pages) takes 500.
        limit => limit(limit: u32);
        /// Continues after the page that came with this token. From the start by default.
        continue_token => continue_token(token: impl Into<String>);
        /// Sets the resource version to list at. The most recent by default.
        resource_version => resource_version(version: impl Into<ResourceVersion>);
        /// Sets how the resource version is to be understood. "Not older than" by default.
        resource_version_match => resource_version_match(matching: ResourceVersionMatch);
        /// Sets how long one answer may take, for the server and for the client. The client's limit by default.
        timeout => timeout(timeout: Duration);
        /// Restricts the list to a shard. Everything by default.
        shard_selector => shard_selector(selector: impl Into<String>);
    }

    /// Lists in pages, of 500 items unless there is a [`limit`](Self::limit).
    pub fn pages(self) -> Pages<K, C> {
        let options = self.options.clone();
        Pages::new(self, options)
    }
}

impl<K: 'static, C: Codec<K>> ListRequest<K, C> {
    /// Starts the same list with other options.
    pub(super) fn call(&self, options: &ListOptions) -> CallFuture<ObjectList<K>> {
        let mut request = self.endpoint.collection("list", Method::GET);
        if let Some(timeout) = options.timeout {
            request = request.timeout(timeout);
        }
        request.accept(self.codec.accept());
        request.extend_query(options.query());
        let codec = self.codec.clone();
        CallFuture::new(async move { request.answer().await?.list(&codec) })
    }
}

impl<K: 'static, C: Codec<K>> IntoFuture for ListRequest<K, C> {
    type Output = Result<ObjectList<K>, Error>;
    type IntoFuture = CallFuture<ObjectList<K>>;

    fn into_future(self) -> Self::IntoFuture {
        self.call(&self.options)
    }
}

impl<K, C> fmt::Debug for ListRequest<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListRequest")
            .field("resource", self.endpoint.resource())
            .field("namespace", &self.endpoint.namespace())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
