//! A bucket of tokens that all keys share.

use std::time::Duration;

use tokio::time::Instant;

use super::RateLimiter;

/// Limits how many keys come back in a given time, whichever they are.
///
/// The bucket holds `burst` tokens at first and gains one each `interval`, up to `burst`. Each failure takes a token, also
/// one that is not there yet, and waits until it is. Counts no failures of single keys. Upstream: `TypedBucketRateLimiter`.
#[derive(Debug)]
pub struct TokenBucket {
    interval: Duration,
    burst: u32,
    /// When the bucket will be full again, if it is not.
    full_at: Option<Instant>,
}

impl TokenBucket {
    /// Makes a limiter that lets `burst` keys pass at once, and then one each `interval`.
    ///
    /// An `interval` of zero limits nothing; a `burst` of zero delays even the first key by one interval.
    pub fn new(interval: Duration, burst: u32) -> Self {
        Self {
            interval,
            burst,
            full_at: None,
        }
    }

    fn take(&mut self, now: Instant) -> Duration {
        let missing = self
            .full_at
            .map_or(Duration::ZERO, |full| full.saturating_duration_since(now))
            .saturating_add(self.interval);
        self.full_at = now.checked_add(missing).or(self.full_at);
        missing.saturating_sub(self.interval.saturating_mul(self.burst))
    }
}

impl<K> RateLimiter<K> for TokenBucket {
    fn when(&mut self, _key: &K, now: Instant) -> Duration {
        self.take(now)
    }

    fn forget(&mut self, _key: &K) {}

    fn num_requeues(&self, _key: &K) -> u32 {
        0
    }
}

/// Ten a second after a burst of a hundred.
impl Default for TokenBucket {
    fn default() -> Self {
        Self::new(Duration::from_millis(100), 100)
    }
}
