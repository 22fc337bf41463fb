//! Where the time of day comes from.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::time::Instant;

/// A source of wall-clock time, for timestamps in objects.
///
/// Only timestamps come from here. Timers (watch time-outs, bookmarks) follow `tokio::time`, so a paused test clock moves them;
/// [`Clock::virtual_from`] lets timestamps follow it as well.
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

    /// A virtual clock: it shows `start` now and then goes as fast as `tokio::time`, so pausing and advancing that moves it too.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use jiff::Timestamp;
    /// use kubekit_fake::Clock;
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let clock = Clock::virtual_from(Timestamp::UNIX_EPOCH);
    /// tokio::time::advance(Duration::from_secs(60)).await;
    /// assert_eq!(clock.now().as_second(), 60);
    /// # }
    /// ```
    pub fn virtual_from(start: Timestamp) -> Clock {
        let origin = Instant::now();
        Clock::from_fn(move || {
            start
                .checked_add(origin.elapsed())
                .unwrap_or(Timestamp::MAX)
        })
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
