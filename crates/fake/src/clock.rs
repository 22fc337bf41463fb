//! Where the time of day comes from.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

/// A source of wall-clock time, for timestamps in objects.
///
/// Only timestamps come from here. Timers (watch time-outs, bookmarks) follow `tokio::time`, so a paused test clock moves them.
///
/// # Examples
///
/// ```
/// use jiff::Timestamp;
/// use kubekit_fake::Clock;
///
/// let epoch = Clock::from_fn(|| Timestamp::UNIX_EPOCH);
/// assert_eq!(epoch.now(), Timestamp::UNIX_EPOCH);
/// ```
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Clock {
        Clock::from_fn(Timestamp::now)
    }

    /// A clock that asks `now`.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(now))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl Default for Clock {
    /// [`Clock::system`].
    fn default() -> Self {
        Clock::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
