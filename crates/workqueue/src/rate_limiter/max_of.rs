//! Two limiters at once.

use std::time::Duration;

use tokio::time::Instant;

use super::RateLimiter;

/// Asks two limiters and waits for as long as the stricter one demands.
///
/// For more than two, nest them. Upstream: `TypedMaxOfRateLimiter`.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kubekit_workqueue::{ItemExponential, MaxOf, TokenBucket, WorkQueue};
///
/// let queue: WorkQueue<String> = WorkQueue::builder()
///     .rate_limiter(MaxOf::new(
///         ItemExponential::new(Duration::from_secs(1), Duration::from_secs(60)),
///         TokenBucket::new(Duration::from_millis(20), 500),
///     ))
///     .build();
/// ```
#[derive(Debug, Default)]
pub struct MaxOf<A, B> {
    first: A,
    second: B,
}

impl<A, B> MaxOf<A, B> {
    /// Makes a limiter of two.
    pub fn new(first: A, second: B) -> Self {
        Self { first, second }
    }
}

impl<K, A: RateLimiter<K>, B: RateLimiter<K>> RateLimiter<K> for MaxOf<A, B> {
    fn when(&mut self, key: &K, now: Instant) -> Duration {
        self.first.when(key, now).max(self.second.when(key, now))
    }

    fn forget(&mut self, key: &K) {
        self.first.forget(key);
        self.second.forget(key);
    }

    fn num_requeues(&self, key: &K) -> u32 {
        self.first
            .num_requeues(key)
            .max(self.second.num_requeues(key))
    }
}
