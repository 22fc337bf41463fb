//! A delay for each key that doubles from failure to failure.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::time::Duration;

use tokio::time::Instant;

use super::RateLimiter;
use crate::shrink::Shrink;

/// Doubles the delay of a key from failure to failure.
///
/// Remembers each key that has failed until the key is forgotten. Upstream: `TypedItemExponentialFailureRateLimiter`.
pub struct ItemExponential<K> {
    base: Duration,
    max: Duration,
    failures: HashMap<K, Failures>,
}

struct Failures {
    count: u32,
    next_delay: Duration,
}

impl<K> ItemExponential<K> {
    /// Makes a limiter whose delays begin with `base` and end with `max`.
    pub fn new(base: Duration, max: Duration) -> Self {
        Self {
            base,
            max,
            failures: HashMap::new(),
        }
    }
}

impl<K: Clone + Eq + Hash + Send> RateLimiter<K> for ItemExponential<K> {
    fn when(&mut self, key: &K, _now: Instant) -> Duration {
        let max = self.max;
        if let Some(failures) = self.failures.get_mut(key) {
            return failures.add(max);
        }
        let mut failures = Failures {
            count: 0,
            next_delay: self.base.min(max),
        };
        let delay = failures.add(max);
        self.failures.insert(key.clone(), failures);
        delay
    }

    fn forget(&mut self, key: &K) {
        self.failures.remove(key);
        self.failures.shrink_if_sparse();
    }

    fn num_requeues(&self, key: &K) -> u32 {
        self.failures.get(key).map_or(0, |failures| failures.count)
    }
}

/// From 5 ms to 1000 s.
impl<K> Default for ItemExponential<K> {
    fn default() -> Self {
        Self::new(Duration::from_millis(5), Duration::from_secs(1000))
    }
}

impl<K> fmt::Debug for ItemExponential<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemExponential")
            .field("base", &self.base)
            .field("max", &self.max)
            .field("keys", &self.failures.len())
            .finish()
    }
}

impl Failures {
    fn add(&mut self, max: Duration) -> Duration {
        let delay = self.next_delay;
        self.count = self.count.saturating_add(1);
        self.next_delay = delay.saturating_mul(2).min(max);
        delay
    }
}
