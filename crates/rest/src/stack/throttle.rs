//! Slows a client down that asks too much.

mod pace;

use std::sync::Arc;
use std::task::{Context, Poll};

use futures::future::BoxFuture;
use http::{Request, Response, StatusCode};
use parking_lot::Mutex;
use tokio::time::Instant;
use tower::{BoxError, Layer, Service, ServiceExt};

use crate::Body;
use crate::retry_after::retry_after;
use crate::stack::throttle::pace::Pace;

/// Spaces the requests of a client out for as long as the server turns some away with 429 and a `Retry-After`.
///
/// A 429 without it, such as that of an eviction that a disruption budget forbids, says nothing about load and changes
/// nothing. A client that has never been turned away is never delayed.
#[derive(Clone, Debug, Default)]
pub(crate) struct ThrottleLayer {
    pace: Arc<Mutex<Pace>>,
}

impl<S> Layer<S> for ThrottleLayer {
    type Service = Throttle<S>;

    fn layer(&self, inner: S) -> Throttle<S> {
        Throttle {
            pace: Arc::clone(&self.pace),
            inner,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Throttle<S> {
    pace: Arc<Mutex<Pace>>,
    inner: S,
}

impl<S> Service<Request<Body>> for Throttle<S>
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
        let mut ready = std::mem::replace(&mut self.inner, clone);
        let pace = Arc::clone(&self.pace);
        Box::pin(async move {
            let now = Instant::now();
            let turn = pace.lock().reserve(now);
            // Even a sleep of no time would cost a tick of the timer.
            if turn > now {
                tokio::time::sleep_until(turn).await;
            }
            let answer = ready.ready().await?.call(request).await?;
            if overloaded(&answer) {
                pace.lock().slow_down();
            } else {
                pace.lock().speed_up();
            }
            Ok(answer)
        })
    }
}

fn overloaded(answer: &Response<Body>) -> bool {
    answer.status() == StatusCode::TOO_MANY_REQUESTS && retry_after(answer.headers()).is_some()
}
