//! What can go wrong.

use std::time::Duration;

use kubekit_core::{Status, StatusDetails, StatusReason};

use crate::failure::Failure;

/// One thing that goes wrong. By default it does so on every request it is [injected](crate::ApiServer::inject) for.
///
/// Times are tokio's, so a paused clock moves them.
#[derive(Clone, Debug)]
pub struct Fault {
    pub(super) kind: Kind,
    pub(super) limit: Option<u64>,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Delay(Duration),
    /// Nothing is done, and this is said.
    Refusal(Failure),
    /// Nothing is done, and the connection is cut.
    Cut,
    /// All is done, and the connection is cut instead of saying so.
    LostResponse,
    /// Nothing is done, nothing is said, and the connection stays.
    Hang,
    Stream(StreamFault),
}

/// What goes wrong with a watch. Events count with bookmarks.
#[derive(Clone, Copy, Debug)]
pub(super) enum StreamFault {
    /// After so many events the connection is cut.
    Cut(usize),
    /// After so many events the stream ends as if it had timed out.
    End(usize),
    /// After so many events nothing comes any more.
    Silence(usize),
    /// After so many events the version is said to be too old.
    Expired(usize),
    /// The bookmark after the initial events does not come.
    NoEndBookmark,
}

impl Fault {
    /// The answer takes this much longer.
    pub fn latency(delay: Duration) -> Fault {
        Fault::new(Kind::Delay(delay))
    }

    /// The request fails with this and is not carried out.
    pub fn status(status: Status) -> Fault {
        Fault::new(Kind::Refusal(Box::new(status)))
    }

    /// The request fails with 429 and is not carried out. `Retry-After` is in whole seconds; without it for less than one.
    pub fn too_many_requests(retry_after: Duration) -> Fault {
        let mut details = StatusDetails::default();
        details.retry_after_seconds = retry_after.as_secs().try_into().unwrap_or(u32::MAX);
        let message =
            "the server has received too many requests and has asked us to try again later";
        Fault::status(Status::failure(429, StatusReason::TooManyRequests, message).details(details))
    }

    /// The request fails with 500 and is not carried out.
    pub fn internal_error() -> Fault {
        let message = "Internal error occurred: injected";
        Fault::status(Status::failure(500, StatusReason::InternalError, message))
    }

    /// The request fails with 503 and is not carried out.
    pub fn unavailable() -> Fault {
        let message = "the server is currently unable to handle the request";
        Fault::status(Status::failure(
            503,
            StatusReason::ServiceUnavailable,
            message,
        ))
    }

    /// The request fails with 410 Expired and is not carried out, as a list or a watch from a version that has been forgotten.
    pub fn expired() -> Fault {
        Fault::new(Kind::Refusal(crate::failure::expired(
            "too old resource version: injected",
        )))
    }

    /// The connection is cut before anything is done.
    pub fn cut() -> Fault {
        Fault::new(Kind::Cut)
    }

    /// The request is carried out, and the connection is cut before the client is told.
    pub fn lost_response() -> Fault {
        Fault::new(Kind::LostResponse)
    }

    /// The request is not carried out, and never answered: a server behind a half-open connection.
    pub fn hang() -> Fault {
        Fault::new(Kind::Hang)
    }

    /// A watch is cut after so many events, bookmarks included.
    pub fn stream_cut(events: usize) -> Fault {
        Fault::new(Kind::Stream(StreamFault::Cut(events)))
    }

    /// A watch ends properly after so many events, bookmarks included, as one that times out.
    pub fn stream_end(events: usize) -> Fault {
        Fault::new(Kind::Stream(StreamFault::End(events)))
    }

    /// A watch says nothing any more after so many events, bookmarks included, and does not end: half-open.
    pub fn stream_silence(events: usize) -> Fault {
        Fault::new(Kind::Stream(StreamFault::Silence(events)))
    }

    /// A watch fails with 410 Expired after so many events, bookmarks included.
    pub fn stream_expired(events: usize) -> Fault {
        Fault::new(Kind::Stream(StreamFault::Expired(events)))
    }

    /// A watch never says that its initial events are over.
    pub fn no_end_bookmark() -> Fault {
        Fault::new(Kind::Stream(StreamFault::NoEndBookmark))
    }

    /// It goes wrong only on the first request.
    pub fn once(self) -> Fault {
        self.times(1)
    }

    /// It goes wrong only on the first `times` requests. Default: on all.
    pub fn times(mut self, times: u64) -> Fault {
        self.limit = Some(times);
        self
    }

    fn new(kind: Kind) -> Fault {
        Fault { kind, limit: None }
    }
}
