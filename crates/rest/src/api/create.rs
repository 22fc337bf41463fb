//! Creating objects.

use std::marker::PhantomData;

use bytes::Bytes;
use http::Method;
use kubekit_core::{Codec, CreateOptions, FieldValidation, Json};

use super::options::{debug_request, options};
use crate::api::endpoint::Endpoint;
use crate::error::Kind;
use crate::{CallFuture, Error, RequestBuilder};

/// A create, made by [`Api::create`](crate::Api::create) and [`Subresource::create`](crate::Subresource::create).
///
/// It is never sent twice unless the server said that it was turned away, so a lost connection leaves open whether the object
/// exists.
#[must_use = "a request is sent by `.await`"]
pub struct CreateRequest<K, C = Json> {
    request: RequestBuilder,
    options: CreateOptions,
    codec: C,
    kind: PhantomData<fn() -> K>,
}

impl<K, C> CreateRequest<K, C> {
    pub(super) fn of_collection(endpoint: &Endpoint, body: Result<Bytes, Kind>, codec: C) -> Self
    where
        C: Codec<K>,
    {
        let request = endpoint.collection("create", Method::POST);
        Self::new(request, codec.content_type(), body, codec)
    }

    pub(super) fn of_object(
        endpoint: &Endpoint,
        name: &str,
        content_type: &'static str,
        body: Result<Bytes, Kind>,
        codec: C,
    ) -> Self {
        let request = endpoint.object("create", Method::POST, name);
        Self::new(request, content_type, body, codec)
    }

    fn new(
        mut request: RequestBuilder,
        content_type: &'static str,
        body: Result<Bytes, Kind>,
        codec: C,
    ) -> Self {
        request.encoded(content_type, body);
        Self {
            request,
            options: CreateOptions::default(),
            codec,
            kind: PhantomData,
        }
    }

    options! { CreateOptions;
        /// Lets the server only pretend. It acts by default.
        dry_run => dry_run();
        /// Sets the name under which the server notes who set which field. Taken from the user agent by default.
        field_manager => field_manager(name: impl Into<String>);
        /// Sets what the server does about unknown and duplicate fields. It warns by default.
        field_validation => field_validation(validation: FieldValidation);
    }
}

impl<K: 'static, C: Codec<K>> IntoFuture for CreateRequest<K, C> {
    type Output = Result<K, Error>;
    type IntoFuture = CallFuture<K>;

    fn into_future(self) -> Self::IntoFuture {
        let Self {
            mut request,
            options,
            codec,
            ..
        } = self;
        if options.dry_run {
            request = request.safe_to_repeat();
        }
        request.accept(codec.accept());
        request.extend_query(options.query());
        CallFuture::new(async move { request.answer().await?.object(&codec) })
    }
}

debug_request!(CreateRequest);
