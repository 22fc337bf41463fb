//! Whether the cache is complete, and if not, why.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use kubekit_core::Status;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::list_watch::{ListWatchError, ListWatchErrorKind};

/// So many failures in a row that waiting cannot mend are reported before the time is up.
const DEFINITE_FAILURES: u32 = 2;

/// How far an informer has come with its first list.
#[derive(Clone, Debug)]
pub(super) enum Progress {
    Starting,
    Failing {
        error: Arc<ListWatchError>,
        times: u32,
    },
    Synced,
    Stopped,
}

impl Progress {
    /// Notes a failure; after the first list failures are no news here.
    pub(super) fn failed(&mut self, error: &Arc<ListWatchError>) -> bool {
        let times = match self {
            Self::Starting => 1,
            Self::Failing { error: last, times } if last.kind() == error.kind() => *times + 1,
            Self::Failing { .. } => 1,
            Self::Synced | Self::Stopped => return false,
        };
        let error = Arc::clone(error);
        *self = Self::Failing { error, times };
        true
    }

    fn verdict(&self) -> Option<Result<(), SyncError>> {
        match self {
            Self::Synced => Some(Ok(())),
            Self::Stopped => Some(Err(SyncError::stopped())),
            Self::Failing { error, times }
                if error.kind().is_definite() && *times >= DEFINITE_FAILURES =>
            {
                Some(Err(SyncError::after(error)))
            }
            Self::Starting | Self::Failing { .. } => None,
        }
    }

    fn overdue(&self) -> SyncError {
        match self {
            Self::Failing { error, .. } => SyncError::after(error),
            _ => SyncError::timed_out(),
        }
    }
}

/// Waits for the first list, but no longer than until the deadline, and not for what will not come.
pub(super) async fn wait_for_sync(
    mut progress: watch::Receiver<Progress>,
    deadline: Instant,
) -> Result<(), SyncError> {
    loop {
        if let Some(verdict) = progress.borrow_and_update().verdict() {
            return verdict;
        }
        match tokio::time::timeout_at(deadline, progress.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(SyncError::stopped()),
            Err(_) => return Err(progress.borrow().overdue()),
        }
    }
}

/// Turns a duration into a deadline; one that is too long to be one means "in thirty years".
pub(super) fn deadline(timeout: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(timeout)
        .unwrap_or_else(|| now + Duration::from_secs(86_400 * 365 * 30))
}

/// Reports that a cache is not complete, and why.
///
/// The informer keeps trying all the same, until it is stopped.
pub struct SyncError {
    kind: SyncErrorKind,
    source: Option<Arc<ListWatchError>>,
}

/// Why a cache is not complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SyncErrorKind {
    /// There are no credentials, or the server does not accept them.
    Unauthorized,
    /// The server does not allow to list the resource.
    Forbidden,
    /// The server does not have the resource.
    NotServed,
    /// The server does not accept the list as it is requested, for instance because of a field selector.
    Rejected,
    /// The list as a whole cannot be decoded.
    Undecodable,
    /// The server cannot be reached, is overloaded or failing.
    Unreachable,
    /// The list, or the handler, took too long.
    TimedOut,
    /// The informer has been stopped.
    Stopped,
}

impl SyncError {
    /// Returns why the cache is not complete.
    pub fn kind(&self) -> SyncErrorKind {
        self.kind
    }

    /// Returns the server's account, if it gave one.
    pub fn status(&self) -> Option<&Status> {
        self.source.as_ref()?.status()
    }

    pub(super) fn stopped() -> Self {
        Self {
            kind: SyncErrorKind::Stopped,
            source: None,
        }
    }

    pub(super) fn timed_out() -> Self {
        Self {
            kind: SyncErrorKind::TimedOut,
            source: None,
        }
    }

    fn after(error: &Arc<ListWatchError>) -> Self {
        use ListWatchErrorKind as Cause;

        Self {
            kind: match error.kind() {
                Cause::Unauthorized => SyncErrorKind::Unauthorized,
                Cause::Forbidden => SyncErrorKind::Forbidden,
                Cause::NotServed => SyncErrorKind::NotServed,
                Cause::Rejected => SyncErrorKind::Rejected,
                Cause::Undecodable => SyncErrorKind::Undecodable,
                Cause::Connection | Cause::Unavailable | Cause::Throttled | Cause::Other => {
                    SyncErrorKind::Unreachable
                }
                Cause::Expired | Cause::TooLargeResourceVersion => SyncErrorKind::TimedOut,
            },
            source: Some(Arc::clone(error)),
        }
    }
}

impl fmt::Display for SyncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            SyncErrorKind::Unauthorized => {
                "the cache did not sync: the credentials are not accepted"
            }
            SyncErrorKind::Forbidden => "the cache did not sync: listing is forbidden",
            SyncErrorKind::NotServed => "the cache did not sync: the resource is not served",
            SyncErrorKind::Rejected => "the cache did not sync: the request is not accepted",
            SyncErrorKind::Undecodable => "the cache did not sync: the list cannot be decoded",
            SyncErrorKind::Unreachable => {
                "the cache did not sync: the server is unreachable or failing"
            }
            SyncErrorKind::TimedOut => "the cache did not sync in time",
            SyncErrorKind::Stopped => "the informer has stopped",
        })
    }
}

impl fmt::Debug for SyncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncError")
            .field("kind", &self.kind)
            .field("source", &self.source)
            .finish()
    }
}

impl Error for SyncError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}
