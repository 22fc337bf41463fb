//! The guard that a worker holds while it works on a key.

use std::fmt;
use std::hash::Hash;
use std::time::Duration;

use crate::queue::WorkQueue;

/// A key that has been handed out to a worker; dropping it marks the key as done.
///
/// While the item exists, no other worker gets the same key. If the key is added meanwhile, it is queued again when the item
/// is dropped. An item keeps its queue alive and can be sent to other tasks and threads.
///
/// A plain drop says nothing about success: the key is not retried, and its failures are not forgotten.
#[must_use = "dropping an item marks its key as done"]
pub struct Item<K: Clone + Eq + Hash> {
    key: K,
    queue: WorkQueue<K>,
}

impl<K: Clone + Eq + Hash> Item<K> {
    pub(crate) fn new(key: K, queue: WorkQueue<K>) -> Self {
        Self { key, queue }
    }

    /// Returns the key to work on.
    pub fn key(&self) -> &K {
        &self.key
    }

    /// Says how often the key has been retried since it was last forgotten.
    ///
    /// # Examples
    ///
    /// Giving up after five attempts:
    ///
    /// ```
    /// # async fn example(item: kubekit_workqueue::Item<String>) {
    /// if item.num_requeues() < 5 {
    ///     item.retry();
    /// } else {
    ///     item.forget();
    /// }
    /// # }
    /// ```
    pub fn num_requeues(&self) -> u32 {
        self.queue.num_requeues(&self.key)
    }

    /// Ends the work as a failure: the key comes back after the delay that the rate limiter demands, which is returned.
    pub fn retry(self) -> Duration {
        self.queue.add_rate_limited(self.key.clone())
    }

    /// Ends the work for now: the key comes back after `delay`, or sooner if it is added sooner.
    ///
    /// This neither counts as a failure nor forgets earlier ones. To look again after a success, forget them first:
    ///
    /// ```
    /// # fn example(queue: kubekit_workqueue::WorkQueue<String>, item: kubekit_workqueue::Item<String>) {
    /// # use std::time::Duration;
    /// queue.forget(item.key());
    /// item.retry_after(Duration::from_secs(600));
    /// # }
    /// ```
    pub fn retry_after(self, delay: Duration) {
        self.queue.add_after(self.key.clone(), delay);
    }

    /// Ends the work as a success: the failures of the key are forgotten.
    pub fn forget(self) {
        self.queue.forget(&self.key);
    }
}

impl<K: Clone + Eq + Hash> Drop for Item<K> {
    fn drop(&mut self) {
        self.queue.done(&self.key);
    }
}

impl<K: Clone + Eq + Hash + fmt::Debug> fmt::Debug for Item<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
