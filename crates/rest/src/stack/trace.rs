//! One span per request.

use std::task::{Context, Poll};

use futures::future::BoxFuture;
use http::{Request, Response};
use tower::{BoxError, Layer, Service};
use tracing::field::{Empty, display};
use tracing::{Instrument, Span, debug_span};

use crate::{Body, RequestInfo};

/// Opens a span at debug level with the verb, resource, namespace and name of the request, and notes the status code and the
/// number of attempts when the answer begins. Neither queries nor headers nor bodies are recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TraceLayer;

impl<S> Layer<S> for TraceLayer {
    type Service = Trace<S>;

    fn layer(&self, inner: S) -> Trace<S> {
        Trace { inner }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Trace<S> {
    inner: S,
}

impl<S> Service<Request<Body>> for Trace<S>
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
        let info = request.extensions().get::<RequestInfo>().cloned();
        let span = span(&request, info.as_ref());
        let answer = span.in_scope(|| self.inner.call(request));
        let observed = span.clone();
        Box::pin(
            async move {
                let answer = answer.await;
                if let Some(info) = info {
                    observed.record("attempts", info.attempts());
                }
                match &answer {
                    Ok(answer) => drop(observed.record("status", answer.status().as_u16())),
                    Err(error) => tracing::debug!(error = %error, "no answer"),
                }
                answer
            }
            .instrument(span),
        )
    }
}

fn span(request: &Request<Body>, info: Option<&RequestInfo>) -> Span {
    let span = debug_span!(
        "kubernetes_request",
        verb = Empty,
        resource = Empty,
        subresource = Empty,
        namespace = Empty,
        name = Empty,
        path = Empty,
        status = Empty,
        attempts = Empty,
    );
    if span.is_disabled() {
        return span;
    }
    let Some(info) = info else {
        span.record("verb", request.method().as_str());
        span.record("path", request.uri().path());
        return span;
    };
    span.record("verb", info.verb());
    match info.resource() {
        Some(resource) => drop(span.record("resource", display(resource))),
        None => drop(span.record("path", request.uri().path())),
    }
    for (field, value) in [
        ("subresource", info.subresource()),
        ("namespace", info.namespace()),
        ("name", info.name()),
    ] {
        if let Some(value) = value {
            span.record(field, value);
        }
    }
    span
}
