//! Hands the server's warnings to whoever wants them.

mod parse;

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::future::{BoxFuture, TryFutureExt};
use http::header::WARNING;
use http::{HeaderMap, Request, Response};
use tower::{BoxError, Layer, Service};
use tracing::warn;

use crate::{Body, RequestInfo};

/// A warning that came with an answer: the API server tells of deprecated APIs, unknown fields and the like.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Warning<'a> {
    /// The text, for people.
    pub text: &'a str,
    /// Who warns; `-` when the server does not say.
    pub agent: &'a str,
    /// The request whose answer carried the warning, unless it was made without this crate.
    pub request: Option<&'a RequestInfo>,
}

type Handler = dyn Fn(Warning<'_>) + Send + Sync;

/// Calls a handler for each `Warning` header with code 299 of the final answer to a request.
#[derive(Clone)]
pub(crate) struct WarningsLayer {
    handler: Arc<Handler>,
}

impl WarningsLayer {
    pub(crate) fn new(handler: impl Fn(Warning<'_>) + Send + Sync + 'static) -> Self {
        Self {
            handler: Arc::new(handler),
        }
    }
}

impl Default for WarningsLayer {
    fn default() -> Self {
        Self::new(|warning| warn!(agent = warning.agent, "{}", warning.text))
    }
}

impl fmt::Debug for WarningsLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WarningsLayer").finish_non_exhaustive()
    }
}

impl<S> Layer<S> for WarningsLayer {
    type Service = Warnings<S>;

    fn layer(&self, inner: S) -> Warnings<S> {
        Warnings {
            handler: Arc::clone(&self.handler),
            inner,
        }
    }
}

#[derive(Clone)]
pub(crate) struct Warnings<S> {
    handler: Arc<Handler>,
    inner: S,
}

impl<S> Service<Request<Body>> for Warnings<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = BoxError, Future: Send + 'static>,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let handler = Arc::clone(&self.handler);
        let info = request.extensions().get::<RequestInfo>().cloned();
        Box::pin(self.inner.call(request).map_ok(move |answer| {
            hand_out(answer.headers(), info.as_ref(), &*handler);
            answer
        }))
    }
}

fn hand_out(headers: &HeaderMap, request: Option<&RequestInfo>, handler: &Handler) {
    for header in headers.get_all(WARNING) {
        // Go writes UTF-8 into headers.
        let Ok(header) = std::str::from_utf8(header.as_bytes()) else {
            continue;
        };
        for warning in parse::warnings(header).filter(|warning| warning.code == 299) {
            handler(Warning {
                text: &warning.text,
                agent: warning.agent,
                request,
            });
        }
    }
}
