//! The stream of a watch.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::BytesMut;
use futures::Stream;
use futures::stream::FusedStream;
use http_body::Body as _;
use kubekit_core::{Codec, Framer, Json, WatchEvent};

use crate::error::Kind;
use crate::{Body, Error, RequestInfo};

/// The events of a watch, as the server sends them.
///
/// The stream ends with `None` when the server ends the watch, which it does after a while in good order. When the connection
/// breaks, also in the middle of an event, the last item is an error with [`Error::is_connection_lost`]; when an event cannot
/// be understood at all, it is one with [`Error::is_decode`]. After an error there is nothing more. A
/// [`WatchEvent::Error`], which tells that the server gives up (for example because the resource version is too old), is an
/// item like any other, and the server ends the watch after it. An object that cannot be decoded is an item too,
/// [`WatchEvent::Undecodable`].
///
/// Matches `watch.Interface` of apimachinery.
///
/// # Cancel safety
///
/// `next` is cancel safe: no event is lost when its future is dropped. Dropping the watch ends it on the server and frees its
/// connection.
///
/// # Examples
///
/// ```no_run
/// use futures::StreamExt;
/// use k8s_openapi::api::core::v1::Pod;
/// use kubekit_core::{AllNamespaces, WatchEvent};
///
/// # async fn example(client: kubekit_rest::RestClient) -> Result<(), kubekit_rest::Error> {
/// let mut watch = client.api::<Pod, _>(AllNamespaces).watch().await?;
/// while let Some(event) = watch.next().await {
///     if let WatchEvent::Deleted(pod) = event? {
///         println!("{:?} is gone", pod.metadata.name);
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct Watch<K, C: Codec<K> = Json> {
    info: RequestInfo,
    codec: C,
    framer: C::Framer,
    /// What has arrived of events that are not yet complete.
    buffer: BytesMut,
    /// The rest of the answer; `None` after the end.
    body: Option<Body>,
}

impl<K, C: Codec<K>> Watch<K, C> {
    pub(crate) fn new(body: Body, codec: C, info: RequestInfo) -> Self {
        Self {
            info,
            framer: codec.framer(),
            codec,
            buffer: BytesMut::new(),
            body: Some(body),
        }
    }

    /// Takes the next event out of the buffer, if it is complete.
    fn buffered(&mut self) -> Result<Option<WatchEvent<K>>, Kind> {
        let frame = self.framer.next(&mut self.buffer).map_err(Kind::Frame)?;
        frame
            .map(|frame| self.codec.decode_event(&frame).map_err(Kind::Decode))
            .transpose()
    }

    /// Ends the stream, well or badly.
    fn end(&mut self, with: Option<Kind>) -> Option<Result<WatchEvent<K>, Error>> {
        self.body = None;
        self.buffer = BytesMut::new();
        with.map(|kind| Err(Error::of(&self.info, kind)))
    }

    /// Says whether part of an event has arrived; blanks between events are none.
    fn is_inside_event(&self) -> bool {
        !self.buffer.trim_ascii().is_empty()
    }
}

impl<K, C: Codec<K>> Stream for Watch<K, C> {
    type Item = Result<WatchEvent<K>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while this.body.is_some() {
            match this.buffered() {
                Ok(Some(event)) => return Poll::Ready(Some(Ok(event))),
                Ok(None) => {}
                Err(kind) => return Poll::Ready(this.end(Some(kind))),
            }
            let Some(body) = &mut this.body else { break };
            match ready!(Pin::new(body).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        this.buffer.extend_from_slice(data);
                    }
                }
                Some(Err(error)) => {
                    return Poll::Ready(this.end(Some(Kind::of_transport(error))));
                }
                None => {
                    let cut = this.is_inside_event().then_some(Kind::ConnectionLost(None));
                    return Poll::Ready(this.end(cut));
                }
            }
        }
        Poll::Ready(None)
    }
}

impl<K, C: Codec<K>> FusedStream for Watch<K, C> {
    fn is_terminated(&self) -> bool {
        self.body.is_none()
    }
}

impl<K, C: Codec<K>> Unpin for Watch<K, C> {}

impl<K, C: Codec<K>> fmt::Debug for Watch<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("request", &self.info)
            .field("ended", &self.body.is_none())
            .finish_non_exhaustive()
    }
}
