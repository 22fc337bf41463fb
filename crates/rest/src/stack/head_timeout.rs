//! A limit on how long an answer may take to begin.

use std::fmt;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use http::{Request, Response};
use tokio::time::timeout;
use tower::{BoxError, Layer, Service};

use crate::Body;

/// Asks for a limit on one request, in its extensions. Used for watches, whose bodies have no end to wait for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadLimit(pub(crate) Duration);

/// Says that no answer began in time.
#[derive(Debug)]
pub(crate) struct HeadTimeout {
    pub(crate) limit: Duration,
}

impl fmt::Display for HeadTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no answer began within {:?}", self.limit)
    }
}

impl std::error::Error for HeadTimeout {}

/// Enforces [`HeadLimit`]s, for each attempt by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HeadTimeoutLayer;

impl<S> Layer<S> for HeadTimeoutLayer {
    type Service = HeadTimeoutService<S>;

    fn layer(&self, inner: S) -> HeadTimeoutService<S> {
        HeadTimeoutService { inner }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct HeadTimeoutService<S> {
    inner: S,
}

impl<S, B> Service<Request<Body>> for HeadTimeoutService<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error = BoxError, Future: Send + 'static>,
{
    type Response = Response<B>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<B>, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let limit = request.extensions().get::<HeadLimit>().copied();
        let answer = self.inner.call(request);
        match limit {
            None => Box::pin(answer),
            Some(HeadLimit(limit)) => Box::pin(async move {
                match timeout(limit, answer).await {
                    Ok(answer) => answer,
                    Err(_) => Err(HeadTimeout { limit }.into()),
                }
            }),
        }
    }
}
