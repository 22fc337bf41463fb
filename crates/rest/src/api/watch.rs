//! Starting a watch.

use std::marker::PhantomData;
use std::time::Duration;

use http::Method;
use http::header::{ACCEPT_ENCODING, HeaderValue};
use kubekit_core::{Codec, FieldSelector, Json, LabelSelector, ResourceVersion, WatchOptions};

use super::options::{debug_request, options};
use crate::api::endpoint::Endpoint;
use crate::connect::Lane;
use crate::stack::head_timeout::HeadLimit;
use crate::{CallFuture, Error, RequestBuilder, Watch};

/// The start of a watch, made by [`Api::watch`](crate::Api::watch). When its future is ready, the server has accepted it.
#[must_use = "a request is sent by `.await`"]
pub struct WatchRequest<K, C = Json> {
    request: RequestBuilder,
    options: WatchOptions,
    codec: C,
    kind: PhantomData<fn() -> K>,
}

impl<K, C> WatchRequest<K, C> {
    pub(super) fn new(endpoint: &Endpoint, codec: C) -> Self {
        Self {
            request: endpoint.collection("watch", Method::GET),
            options: WatchOptions::default(),
            codec,
            kind: PhantomData,
        }
    }

    options! { WatchOptions;
        /// Restricts the watch by labels. Everything by default.
        labels => label_selector(selector: LabelSelector);
        /// Restricts the watch by fields. Everything by default.
        fields => field_selector(selector: FieldSelector);
        /// Sets the version after which changes are wanted. By default the watch starts with the most recent state.
        resource_version => resource_version(version: impl Into<ResourceVersion>);
        /// Sets how long the server keeps the watch open. Its own choice by default.
        timeout => timeout(timeout: Duration);
        /// Asks for no bookmarks. They are asked for by default.
        without_bookmarks => without_bookmarks();
        /// Asks for the state at the start as a stream of events, ended by a bookmark. Off by default.
        streaming_list => streaming_list();
        /// Restricts the watch to a shard. Everything by default.
        shard_selector => shard_selector(selector: impl Into<String>);
    }
}

impl<K: 'static, C: Codec<K>> IntoFuture for WatchRequest<K, C> {
    type Output = Result<Watch<K, C>, Error>;
    type IntoFuture = CallFuture<Watch<K, C>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self {
            mut request,
            options,
            codec,
            ..
        } = self;
        let head_limit = HeadLimit(request.client().limits().head);
        request = request
            // A proxy that compresses a watch holds events back until it has a block of them; the API server does not.
            .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"))
            .extension(head_limit)
            .extension(Lane::Watches);
        request.accept(codec.accept());
        request.extend_query(options.query());
        request.announce(options.timeout);
        CallFuture::new(async move {
            let info = request.info().clone();
            let answer = request.open().await?;
            Ok(Watch::new(answer.into_body(), codec, info))
        })
    }
}

debug_request!(WatchRequest);
