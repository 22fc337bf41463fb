//! Bodies that end when the server does.

use std::pin::Pin;
use std::task::{Context, Poll};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

pin_project! {
    /// A body that is cut short properly when the server shuts down, if its length was open.
    ///
    /// Such are watches, and long lists, which always have something to send. One that has a length is let through to its end.
    pub(super) struct UntilShutdown<B> {
        #[pin]
        inner: B,
        shutdown: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
        ended: bool,
    }
}

impl<B: Body> UntilShutdown<B> {
    pub(super) fn new(inner: B, shutdown: &CancellationToken) -> Self {
        let open = inner.size_hint().exact().is_none();
        Self {
            inner,
            shutdown: open.then(|| Box::pin(shutdown.clone().cancelled_owned())),
            ended: false,
        }
    }
}

impl<B: Body> Body for UntilShutdown<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let this = self.project();
        if *this.ended {
            return Poll::Ready(None);
        }
        // An event may come in several pieces, all there at once. So the end is due only when there is nothing to send.
        let frame = this.inner.poll_frame(context);
        if frame.is_pending()
            && let Some(shutdown) = this.shutdown
            && shutdown.as_mut().poll(context).is_ready()
        {
            *this.ended = true;
            return Poll::Ready(None);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
