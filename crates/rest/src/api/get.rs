//! Reading one object.

use std::marker::PhantomData;

use http::Method;
use kubekit_core::{Codec, GetOptions, Json, ResourceVersion};

use super::options::{debug_request, options};
use crate::api::endpoint::Endpoint;
use crate::{CallFuture, Error, RequestBuilder};

/// A read of one object, made by [`Api::get`](crate::Api::get).
#[must_use = "a request is sent by `.await`"]
pub struct GetRequest<K, C = Json> {
    request: RequestBuilder,
    options: GetOptions,
    codec: C,
    kind: PhantomData<fn() -> K>,
}

impl<K, C> GetRequest<K, C> {
    pub(super) fn new(endpoint: &Endpoint, name: &str, codec: C) -> Self {
        Self {
            request: endpoint.object("get", Method::GET, name),
            options: GetOptions::default(),
            codec,
            kind: PhantomData,
        }
    }

    options! { GetOptions;
        /// Sets the oldest state that will do: `0` for any. By default the most recent.
        resource_version => resource_version(version: impl Into<ResourceVersion>);
    }
}

impl<K: 'static, C: Codec<K>> IntoFuture for GetRequest<K, C> {
    type Output = Result<K, Error>;
    type IntoFuture = CallFuture<K>;

    fn into_future(self) -> Self::IntoFuture {
        let Self {
            mut request,
            options,
            codec,
            ..
        } = self;
        request.accept(codec.accept());
        request.extend_query(options.query());
        CallFuture::new(async move { request.answer().await?.object(&codec) })
    }
}

debug_request!(GetRequest);
