//! The choices that are made before a queue exists.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use crate::queue::WorkQueue;
use crate::rate_limiter::{ControllerRateLimiter, RateLimiter};

/// Configures a [`WorkQueue`]; made by [`WorkQueue::builder`].
#[must_use]
pub struct Builder<K> {
    name: Arc<str>,
    rate_limiter: Box<dyn RateLimiter<K>>,
}

impl<K: Clone + Eq + Hash + Send + 'static> Builder<K> {
    pub(crate) fn new() -> Self {
        Self {
            name: Arc::from(""),
            rate_limiter: Box::new(ControllerRateLimiter::default()),
        }
    }

    /// Names the queue, for people who look at it: the name appears in its `Debug` form and labels what is exported from it.
    ///
    /// Default: the empty name.
    pub fn name(self, name: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            ..self
        }
    }

    /// Replaces the limiter that decides how long a key waits after a failure.
    ///
    /// Default: [`ControllerRateLimiter::default`](ControllerRateLimiter), as in client-go.
    pub fn rate_limiter(self, rate_limiter: impl RateLimiter<K> + 'static) -> Self {
        Self {
            rate_limiter: Box::new(rate_limiter),
            ..self
        }
    }

    /// Makes the queue.
    pub fn build(self) -> WorkQueue<K> {
        WorkQueue::from_parts(self.name, self.rate_limiter)
    }
}

impl<K> fmt::Debug for Builder<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
