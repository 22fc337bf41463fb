//! Replacing objects.

use std::marker::PhantomData;

use bytes::Bytes;
use http::Method;
use kubekit_core::{Codec, FieldValidation, Json, UpdateOptions};

use super::options::{debug_request, options};
use crate::api::endpoint::Endpoint;
use crate::error::Kind;
use crate::{CallFuture, Error, RequestBuilder};

/// A replacement of one object, made by [`Api::update`](crate::Api::update) and
/// [`Subresource::update`](crate::Subresource::update).
///
/// It is never sent twice unless the server said that it was turned away.
#[must_use = "a request is sent by `.await`"]
pub struct UpdateRequest<K, C = Json> {
    request: RequestBuilder,
    options: UpdateOptions,
    codec: C,
    kind: PhantomData<fn() -> K>,
}

impl<K, C> UpdateRequest<K, C> {
    pub(super) fn new(
        endpoint: &Endpoint,
        name: &str,
        content_type: &'static str,
        body: Result<Bytes, Kind>,
        codec: C,
    ) -> Self {
        let mut request = endpoint.object("update", Method::PUT, name);
        request.encoded(content_type, body);
        Self {
            request,
            options: UpdateOptions::default(),
            codec,
            kind: PhantomData,
        }
    }

    options! { UpdateOptions;
        /// Lets the server only pretend. It acts by default.
        dry_run => dry_run();
        /// Sets the name under which the server notes who set which field. Taken from the user agent by default.
        field_manager => field_manager(name: impl Into<String>);
        /// Sets what the server does about unknown and duplicate fields. It warns by default.
        field_validation => field_validation(validation: FieldValidation);
    }
}

impl<K: 'static, C: Codec<K>> IntoFuture for UpdateRequest<K, C> {
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

debug_request!(UpdateRequest);
