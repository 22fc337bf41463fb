//! Bodies of requests and of answers.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{Stream, StreamExt};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::refusal;
use crate::failure::{self, Failure};
use crate::faults::{Break, Disconnected};

/// The most that is read of a request, in bytes. The API server's limit.
const LIMIT: usize = 3 * 1024 * 1024;

/// The body of an answer: bytes, or the events of a watch as they happen.
///
/// It fails only where a [`Fault`](crate::Fault) cuts the connection. Dropping it ends the watch.
pub struct Body(pub(super) Content);

pub(super) enum Content {
    Full(Bytes),
    /// The pieces of an answer that is long.
    Pieces(BoxStream<'static, Bytes>),
    /// What happens, when it happens. Any pieces may be followed by a cut connection.
    Events(BoxStream<'static, Result<Bytes, Disconnected>>),
}

impl Body {
    /// Makes a body without a single byte.
    pub fn empty() -> Self {
        Self::full(Bytes::new())
    }

    /// Makes a body that comes in pieces, each sent as soon as it is there. It ends when the stream does.
    pub fn from_stream(pieces: impl Stream<Item = Bytes> + Send + 'static) -> Self {
        Self::events(Box::pin(pieces))
    }

    /// A body that is there at once.
    pub(crate) fn full(bytes: impl Into<Bytes>) -> Self {
        Self(Content::Full(bytes.into()))
    }

    /// A body that is there in pieces.
    pub(crate) fn pieces(pieces: BoxStream<'static, Bytes>) -> Self {
        Self(Content::Pieces(pieces))
    }

    /// A body that comes while things happen.
    pub(crate) fn events(pieces: BoxStream<'static, Bytes>) -> Self {
        Self(Content::Events(pieces.map(Ok).boxed()))
    }

    /// The same body, but where it ends it may break off instead.
    pub(crate) fn breaking_off(self, broken: Break) -> Self {
        let pieces = match self.0 {
            Content::Full(bytes) => return Self::full(bytes),
            Content::Pieces(pieces) => pieces.map(Ok).boxed(),
            Content::Events(pieces) => pieces,
        };
        let end = async move {
            // Whoever sends the body gets a chance to send what it has.
            tokio::task::yield_now().await;
            broken.is_due().then(|| Err(Disconnected::new()))
        };
        let end = stream::once(end).filter_map(std::future::ready);
        Self(Content::Events(pieces.chain(end).boxed()))
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self::full(bytes)
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = Disconnected;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Disconnected>>> {
        match &mut self.0 {
            Content::Full(bytes) if bytes.is_empty() => Poll::Ready(None),
            Content::Full(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Content::Pieces(pieces) => Pin::new(pieces)
                .poll_next(context)
                .map(|piece| piece.map(|bytes| Ok(Frame::data(bytes)))),
            Content::Events(pieces) => Pin::new(pieces)
                .poll_next(context)
                .map(|piece| piece.map(|piece| piece.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(&self.0, Content::Full(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Content::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Pieces(_) | Content::Events(_) => SizeHint::default(),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Content::Full(bytes) => f.debug_tuple("Body").field(bytes).finish(),
            Content::Pieces(_) | Content::Events(_) => f.write_str("Body(..)"),
        }
    }
}

/// Reads the body of a request.
///
/// # Errors
///
/// 413 for more than the API server reads, 400 for a body that breaks off.
pub(crate) async fn read<B>(body: B) -> Result<Bytes, Failure>
where
    B: HttpBody,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    match Limited::new(body, LIMIT).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(refusal::too_large(LIMIT)),
        Err(error) => Err(failure::bad_request(format!(
            "the body could not be read: {error}"
        ))),
    }
}
