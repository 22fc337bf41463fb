//! The future of a request.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::Error;

/// The future of a request to an [`Api`](crate::Api).
///
/// # Cancel safety
///
/// Dropping it cancels the request and frees its connection. The server may have carried it out all the same.
#[must_use = "futures do nothing unless polled"]
pub struct CallFuture<T> {
    inner: Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>,
}

impl<T> CallFuture<T> {
    pub(crate) fn new(call: impl Future<Output = Result<T, Error>> + Send + 'static) -> Self {
        Self {
            inner: Box::pin(call),
        }
    }
}

impl<T> Future for CallFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.inner.as_mut().poll(cx)
    }
}

impl<T> fmt::Debug for CallFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture").finish_non_exhaustive()
    }
}
