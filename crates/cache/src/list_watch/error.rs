//! Why a list or a watch failed, and what that means for the one who asked.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use kubekit_core::Status;

/// Reports that a list or a watch failed.
///
/// Its [`kind`](Self::kind) decides how a reflector goes on.
pub struct ListWatchError {
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    kind: ListWatchErrorKind,
    status: Option<Status>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What a failure means for the one who lists and watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ListWatchErrorKind {
    /// The resource version or the continue token is too old (410).
    Expired,
    /// The resource version lies in the server's future.
    TooLargeResourceVersion,
    /// The server asks for fewer requests (429).
    Throttled,
    /// The server cannot be reached, or the connection was lost.
    Connection,
    /// The server or something before it is overloaded or not ready (502, 503, 504), or did not answer in time.
    Unavailable,
    /// There are no credentials, or the server does not accept them (401).
    Unauthorized,
    /// The server does not allow it (403).
    Forbidden,
    /// The server does not have the resource, or not the verb (404, 405).
    NotServed,
    /// The server does not accept the request as it is (any other 4xx).
    Rejected,
    /// The answer as a whole cannot be understood, or is too large to be read.
    Undecodable,
    /// The server failed (500), or anything else.
    Other,
}

impl ListWatchError {
    /// Reports a failure of this kind, and its cause.
    pub fn new(kind: ListWatchErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::build(kind, None, Some(source.into()))
    }

    /// Reports that the server answered with a status; the kind is read off it, and the source is the error that brought it.
    pub fn answered(status: Status, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::build(
            ListWatchErrorKind::of(&status),
            Some(status),
            Some(source.into()),
        )
    }

    /// Sets how long the server asks to wait. By default what its status says, if anything.
    pub fn delay(mut self, delay: Option<Duration>) -> Self {
        self.inner.retry_after = delay.or(self.inner.retry_after);
        self
    }

    /// Returns what the failure means.
    pub fn kind(&self) -> ListWatchErrorKind {
        self.inner.kind
    }

    /// Returns the server's account, if it gave one.
    pub fn status(&self) -> Option<&Status> {
        self.inner.status.as_ref()
    }

    /// Returns how long the server asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    fn build(
        kind: ListWatchErrorKind,
        status: Option<Status>,
        source: Option<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        let retry_after = status.as_ref().and_then(Status::suggests_client_delay);
        Self {
            inner: Box::new(Inner {
                kind,
                status,
                retry_after,
                source,
            }),
        }
    }
}

/// The server's answer, or the error event that ended a watch.
impl From<Status> for ListWatchError {
    fn from(status: Status) -> Self {
        Self::build(ListWatchErrorKind::of(&status), Some(status), None)
    }
}

impl fmt::Display for ListWatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.kind.fmt(f)
    }
}

impl fmt::Debug for ListWatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListWatchError")
            .field("kind", &self.inner.kind)
            .field("status", &self.inner.status)
            .field("source", &self.inner.source)
            .finish_non_exhaustive()
    }
}

impl Error for ListWatchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match (&self.inner.source, &self.inner.status) {
            (Some(source), _) => Some(&**source),
            (None, Some(status)) => Some(status),
            (None, None) => None,
        }
    }
}

impl ListWatchErrorKind {
    /// Reads the kind off the server's account.
    pub fn of(status: &Status) -> Self {
        match status.code {
            // Before the code, since this comes as 504.
            _ if status.is_too_large_resource_version() => Self::TooLargeResourceVersion,
            _ if status.is_expired() || status.is_gone() => Self::Expired,
            _ if status.is_too_many_requests() => Self::Throttled,
            _ if status.is_unauthorized() => Self::Unauthorized,
            _ if status.is_forbidden() => Self::Forbidden,
            _ if status.is_not_found() || status.is_method_not_supported() => Self::NotServed,
            _ if status.is_timeout() || status.is_server_timeout() => Self::Unavailable,
            502..=504 => Self::Unavailable,
            400..=499 => Self::Rejected,
            _ => Self::Other,
        }
    }

    /// Says whether waiting alone will not help: somebody has to change something first.
    pub fn is_definite(self) -> bool {
        matches!(
            self,
            Self::Unauthorized
                | Self::Forbidden
                | Self::NotServed
                | Self::Rejected
                | Self::Undecodable
        )
    }
}

impl fmt::Display for ListWatchErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "the resource version is too old",
            Self::TooLargeResourceVersion => "the resource version lies in the server's future",
            Self::Throttled => "the server asks for fewer requests",
            Self::Connection => "the connection to the server failed",
            Self::Unavailable => "the server is not available",
            Self::Unauthorized => "there are no credentials that the server accepts",
            Self::Forbidden => "the server forbids to list or watch",
            Self::NotServed => "the server does not serve the resource",
            Self::Rejected => "the server does not accept the request",
            Self::Undecodable => "the server's answer cannot be understood",
            Self::Other => "the server failed",
        })
    }
}
