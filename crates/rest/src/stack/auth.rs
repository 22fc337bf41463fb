//! Says who is asking.

pub(crate) mod source;
mod token_file;

use std::sync::Arc;
use std::task::{Context, Poll};

use futures::future::BoxFuture;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response, StatusCode};
use tower::{BoxError, Layer, Service, ServiceExt};
use tracing::debug;

pub(crate) use source::CredentialError;

use crate::Body;
use crate::stack::auth::source::CredentialSource;
use crate::stack::retry::try_clone;

/// Adds the `Authorization` header. One that a request has already is left alone.
///
/// When the server refuses a credential with 401 and its source has a newer one, the request is sent once more with that,
/// provided its body can be.
#[derive(Clone)]
pub(crate) struct AuthLayer {
    source: Option<Arc<dyn CredentialSource>>,
}

impl AuthLayer {
    /// Chooses the source of credentials that a configuration asks for.
    pub(crate) fn new(source: Option<Arc<dyn CredentialSource>>) -> Self {
        Self { source }
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = Authenticate<S>;

    fn layer(&self, inner: S) -> Authenticate<S> {
        Authenticate {
            source: self.source.clone(),
            inner,
        }
    }
}

#[derive(Clone)]
pub(crate) struct Authenticate<S> {
    source: Option<Arc<dyn CredentialSource>>,
    inner: S,
}

impl<S, B> Service<Request<Body>> for Authenticate<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error = BoxError, Future: Send + 'static>
        + Clone
        + Send
        + 'static,
    B: Send + 'static,
{
    type Response = Response<B>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<B>, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let clone = self.inner.clone();
        let mut ready = std::mem::replace(&mut self.inner, clone);
        match &self.source {
            Some(source) if !request.headers().contains_key(AUTHORIZATION) => {
                Box::pin(authenticated(Arc::clone(source), ready, request))
            }
            _ => Box::pin(ready.call(request)),
        }
    }
}

async fn authenticated<S, B>(
    source: Arc<dyn CredentialSource>,
    mut service: S,
    mut request: Request<Body>,
) -> Result<Response<B>, BoxError>
where
    S: Service<Request<Body>, Response = Response<B>, Error = BoxError>,
{
    let credential = source.credential().await?;
    let again = if source.can_renew() {
        try_clone(&request)
    } else {
        None
    };
    authorize(&mut request, credential.clone());
    let answer = service.ready().await?.call(request).await?;
    if answer.status() != StatusCode::UNAUTHORIZED {
        return Ok(answer);
    }
    let Some(mut again) = again else {
        return Ok(answer);
    };
    let Some(renewed) = source.renew(&credential).await else {
        return Ok(answer);
    };
    debug!("the credential was refused, trying once more with a newer one");
    drop(answer);
    authorize(&mut again, renewed);
    service.ready().await?.call(again).await
}

fn authorize(request: &mut Request<Body>, credential: HeaderValue) {
    request.headers_mut().insert(AUTHORIZATION, credential);
}
