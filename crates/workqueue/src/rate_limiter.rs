//! How long a key waits after a failure.

mod item_exponential;
mod max_of;
mod token_bucket;

use std::time::Duration;

use tokio::time::Instant;

pub use self::item_exponential::ItemExponential;
pub use self::max_of::MaxOf;
pub use self::token_bucket::TokenBucket;

/// Decides how long a key waits before it is tried again.
///
/// The queue calls one method at a time. A limiter has no clock, it is told the time. Upstream: `TypedRateLimiter`.
///
/// # Examples
///
/// A limiter that waits a second for every failure:
///
/// ```
/// use std::collections::HashMap;
/// use std::time::Duration;
///
/// use kubekit_workqueue::{RateLimiter, WorkQueue};
/// use tokio::time::Instant;
///
/// #[derive(Default)]
/// struct Linear(HashMap<String, u32>);
///
/// impl RateLimiter<String> for Linear {
///     fn when(&mut self, key: &String, _now: Instant) -> Duration {
///         let failures = self.0.entry(key.clone()).or_default();
///         *failures += 1;
///         Duration::from_secs(u64::from(*failures))
///     }
///     fn forget(&mut self, key: &String) {
///         self.0.remove(key);
///     }
///     fn num_requeues(&self, key: &String) -> u32 {
///         self.0.get(key).copied().unwrap_or(0)
///     }
/// }
///
/// let queue = WorkQueue::builder().rate_limiter(Linear::default()).build();
/// assert_eq!(queue.add_rate_limited("default/blog".to_owned()), Duration::from_secs(1));
/// assert_eq!(queue.add_rate_limited("default/blog".to_owned()), Duration::from_secs(2));
/// ```
pub trait RateLimiter<K>: Send {
    /// Counts a failure of `key` and says how long the key is to wait, from `now` on.
    fn when(&mut self, key: &K, now: Instant) -> Duration;

    /// Forgets the failures of `key`, and with them all memory that is kept for it.
    fn forget(&mut self, key: &K);

    /// Says how many failures of `key` have been counted since it was last forgotten.
    fn num_requeues(&self, key: &K) -> u32;
}

/// The limiter that controllers use unless they choose another: the delay of a key doubles from failure to failure (5 ms to
/// 1000 s), and all keys together come back at 10 a second once 100 have come back at once.
///
/// Upstream: `DefaultTypedControllerRateLimiter`.
pub type ControllerRateLimiter<K> = MaxOf<ItemExponential<K>, TokenBucket>;
