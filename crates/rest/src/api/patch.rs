//! Changing parts of objects.

use std::marker::PhantomData;

use http::Method;
use kubekit_core::{Codec, FieldValidation, Json, Patch, PatchOptions, PatchType};

use super::options::{debug_request, options};
use crate::api::endpoint::Endpoint;
use crate::{CallFuture, Error, RequestBuilder};

/// A patch of one object, made by [`Api::patch`](crate::Api::patch) and [`Subresource::patch`](crate::Subresource::patch).
///
/// A server-side apply may be sent again after a lost connection, since applying twice is applying once. Any other patch is
/// never sent twice unless the server said that it was turned away.
#[must_use = "a request is sent by `.await`"]
pub struct PatchRequest<K, C = Json> {
    request: RequestBuilder,
    patch_type: PatchType,
    options: PatchOptions,
    codec: C,
    kind: PhantomData<fn() -> K>,
}

impl<K, C> PatchRequest<K, C> {
    pub(super) fn new(endpoint: &Endpoint, name: &str, patch: &Patch, codec: C) -> Self {
        let patch_type = patch.patch_type();
        let mut request = endpoint.object("patch", Method::PATCH, name);
        request.encoded(patch_type.content_type(), Ok(patch.body().clone()));
        Self {
            request,
            patch_type,
            options: PatchOptions::default(),
            codec,
            kind: PhantomData,
        }
    }

    options! { PatchOptions;
        /// Lets the server only pretend. It acts by default.
        dry_run => dry_run();
        /// Sets the name under which the server notes who set which field. A server-side apply must have one; for other
        /// patches it is taken from the user agent by default.
        field_manager => field_manager(name: impl Into<String>);
        /// Sets what the server does about unknown and duplicate fields. It warns by default.
        field_validation => field_validation(validation: FieldValidation);
        /// Lets a server-side apply take fields from their present managers. It fails with a conflict by default.
        force => force();
    }
}

impl<K: 'static, C: Codec<K>> IntoFuture for PatchRequest<K, C> {
    type Output = Result<K, Error>;
    type IntoFuture = CallFuture<K>;

    fn into_future(self) -> Self::IntoFuture {
        let Self {
            mut request,
            patch_type,
            mut options,
            codec,
            ..
        } = self;
        let is_apply = patch_type == PatchType::Apply;
        if is_apply {
            // client-go says it either way.
            options.force.get_or_insert(false);
        }
        if is_apply || options.dry_run {
            request = request.safe_to_repeat();
        }
        request.accept(codec.accept());
        request.extend_query(options.query());
        CallFuture::new(async move { request.answer().await?.object(&codec) })
    }
}

debug_request!(PatchRequest);
