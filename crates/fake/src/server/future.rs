//! The response to come.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Response;

use crate::faults::Disconnected;
use crate::http::Body;

/// The future of a response of [`ApiServer`](crate::ApiServer).
///
/// # Cancel safety
///
/// A request is carried out in one step once its body has been read: a future that is dropped before has done nothing.
pub struct ResponseFuture(
    Pin<Box<dyn Future<Output = Result<Response<Body>, Disconnected>> + Send>>,
);

impl ResponseFuture {
    pub(super) fn new(
        answer: impl Future<Output = Result<Response<Body>, Disconnected>> + Send + 'static,
    ) -> Self {
        ResponseFuture(Box::pin(answer))
    }
}

impl Future for ResponseFuture {
    type Output = Result<Response<Body>, Disconnected>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for ResponseFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
