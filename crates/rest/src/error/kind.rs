//! The ways to fail, and how a failure of the stack is told to be one of them.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use kubekit_core::{DecodeError, EncodeError, FrameError, PathSegmentError, Status};
use tower::BoxError;

use crate::stack::auth::CredentialError;
use crate::stack::head_timeout::HeadTimeout;
use crate::transport_error::{self, Lost};

#[derive(Debug)]
pub(crate) enum Kind {
    /// The configuration makes no sense.
    Config {
        problem: String,
        source: Option<BoxError>,
    },
    /// The configuration asks for what this version cannot do.
    Unsupported(&'static str),
    /// The request makes no sense and was not sent.
    Refused {
        problem: String,
        source: Option<BoxError>,
    },
    Encode(EncodeError),
    Decode(DecodeError),
    Frame(FrameError),
    /// The server answered with a failure.
    Status {
        status: Box<Status>,
        retry_after: Option<Duration>,
    },
    /// There are no credentials to send.
    Credential(CredentialError),
    Connect(BoxError),
    ConnectionLost(Option<BoxError>),
    Timeout(Phase, Duration),
    TooLarge {
        limit: usize,
    },
    /// The transport or a layer failed in a way of its own.
    Transport(BoxError),
}

/// What took too long.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Phase {
    Request,
    Head,
}

impl Kind {
    pub(crate) fn config(problem: impl Into<String>) -> Self {
        Self::Config {
            problem: problem.into(),
            source: None,
        }
    }

    pub(crate) fn config_because(problem: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self::Config {
            problem: problem.into(),
            source: Some(source.into()),
        }
    }

    pub(crate) fn refused(problem: impl Into<String>) -> Self {
        Self::Refused {
            problem: problem.into(),
            source: None,
        }
    }

    pub(crate) fn refused_because(problem: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self::Refused {
            problem: problem.into(),
            source: Some(source.into()),
        }
    }

    /// Tells what a failure of the stack or of a body is.
    pub(crate) fn of_transport(error: BoxError) -> Self {
        let error = match error.downcast::<CredentialError>() {
            Ok(error) => return Self::Credential(*error),
            Err(error) => error,
        };
        if let Some(timeout) = error.downcast_ref::<HeadTimeout>() {
            return Self::Timeout(Phase::Head, timeout.limit);
        }
        if error.is::<http::Error>() || error.is::<http::uri::InvalidUri>() {
            return Self::refused_because("it has no valid URL", error);
        }
        match transport_error::classify(&*error) {
            Lost::BeforeSending => Self::Connect(error),
            Lost::AfterSending => Self::ConnectionLost(Some(error)),
            Lost::Otherwise => Self::Transport(error),
        }
    }

    pub(crate) fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Config { source, .. } | Self::Refused { source, .. } => {
                source.as_deref().map(|source| source as _)
            }
            Self::Encode(error) => Some(error),
            Self::Decode(error) => Some(error),
            Self::Frame(error) => Some(error),
            Self::Credential(error) => Some(error),
            Self::Connect(error) | Self::Transport(error) => Some(&**error),
            Self::ConnectionLost(error) => error.as_deref().map(|error| error as _),
            Self::Unsupported(_)
            | Self::Status { .. }
            | Self::Timeout(..)
            | Self::TooLarge { .. } => None,
        }
    }
}

impl From<PathSegmentError> for Kind {
    fn from(error: PathSegmentError) -> Self {
        Self::refused_because("it would have no valid path", error)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config { problem, .. } | Self::Refused { problem, .. } => f.write_str(problem),
            Self::Unsupported(what) => write!(f, "{what} is not supported yet"),
            Self::Encode(_) => f.write_str("the object cannot be written"),
            Self::Decode(_) | Self::Frame(_) => f.write_str("the answer cannot be understood"),
            Self::Status { status, .. } => status.fmt(f),
            Self::Credential(_) => f.write_str("there are no credentials to send"),
            Self::Connect(_) => f.write_str("the server cannot be reached"),
            Self::ConnectionLost(_) => f.write_str("the connection was lost"),
            Self::Timeout(Phase::Request, limit) => write!(f, "it took longer than {limit:?}"),
            Self::Timeout(Phase::Head, limit) => write!(f, "no answer began within {limit:?}"),
            Self::TooLarge { limit } => write!(f, "the answer is larger than {limit} bytes"),
            Self::Transport(_) => f.write_str("the request failed on its way"),
        }
    }
}
