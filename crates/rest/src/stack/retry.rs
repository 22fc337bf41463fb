//! Sends a request again when that is right.

use std::task::{Context, Poll};

use futures::future::BoxFuture;
use http::{Request, Response};
use tokio::time::Instant;
use tower::{BoxError, Layer, Service, ServiceExt};
use tracing::debug;

use crate::retry::{Attempt, Decision, Outcome, Repeatability, RetryPolicy};
use crate::retry_after::retry_after;
use crate::transport_error::{self, Lost};
use crate::{Body, RequestInfo};

/// Marks a request that changes something and may be carried out twice all the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SafeToRepeat;

/// Applies a [`RetryPolicy`]. A request whose body can be read only once is sent once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryLayer {
    policy: RetryPolicy,
}

impl RetryLayer {
    pub(crate) fn new(policy: RetryPolicy) -> Self {
        Self { policy }
    }
}

impl<S> Layer<S> for RetryLayer {
    type Service = Retry<S>;

    fn layer(&self, inner: S) -> Retry<S> {
        Retry {
            policy: self.policy,
            inner,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Retry<S> {
    policy: RetryPolicy,
    inner: S,
}

impl<S> Service<Request<Body>> for Retry<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = BoxError, Future: Send>
        + Clone
        + Send
        + 'static,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let clone = self.inner.clone();
        let ready = std::mem::replace(&mut self.inner, clone);
        Box::pin(run(self.policy, ready, request))
    }
}

async fn run<S>(
    policy: RetryPolicy,
    mut service: S,
    mut request: Request<Body>,
) -> Result<Response<Body>, BoxError>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = BoxError>,
{
    let started = Instant::now();
    let info = request.extensions().get::<RequestInfo>().cloned();
    let repeatability = repeatability(&request);
    let mut number = 0;
    loop {
        let again = try_clone(&request);
        number += 1;
        if let Some(info) = &info {
            info.begin_attempt();
        }
        let answer = service.ready().await?.call(request).await;
        let attempt = Attempt {
            number,
            elapsed: started.elapsed(),
            repeatability,
            jitter: rand::random(),
        };
        let outcome = outcome(&answer);
        match (policy.decide(attempt, outcome), again) {
            (Decision::RetryIn(wait), Some(again)) => {
                debug!(attempt = number, ?wait, ?outcome, "will try again");
                drop(answer);
                tokio::time::sleep(wait).await;
                request = again;
            }
            _ => return answer,
        }
    }
}

fn repeatability(request: &Request<Body>) -> Repeatability {
    if request.method().is_safe() || request.extensions().get::<SafeToRepeat>().is_some() {
        Repeatability::Safe
    } else {
        Repeatability::Unsafe
    }
}

fn outcome(answer: &Result<Response<Body>, BoxError>) -> Outcome {
    match answer {
        Ok(answer) => Outcome::Answered {
            status: answer.status(),
            retry_after: retry_after(answer.headers()),
        },
        Err(error) => match transport_error::classify(&**error) {
            Lost::AfterSending => Outcome::ConnectionLost,
            Lost::BeforeSending | Lost::Otherwise => Outcome::Failed,
        },
    }
}

/// Copies a request, sharing its body.
pub(crate) fn try_clone(request: &Request<Body>) -> Option<Request<Body>> {
    let mut copy = Request::new(request.body().try_clone()?);
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.version_mut() = request.version();
    *copy.headers_mut() = request.headers().clone();
    *copy.extensions_mut() = request.extensions().clone();
    Some(copy)
}
