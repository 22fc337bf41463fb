//! The handle that producers and workers share.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::builder::Builder;
use crate::drain::Drain;
use crate::get::Get;
use crate::item::Item;
use crate::rate_limiter::RateLimiter;
use crate::state::State;
use crate::stats::Stats;
use crate::waiting::Wakes;

/// A queue of keys to work on: de-duplicating, delaying and rate limited.
///
/// The queue is a handle; clones are cheap and mean the same queue. The [crate documentation](crate) says what it promises.
///
/// Upstream: `TypedRateLimitingInterface` of client-go's `util/workqueue`.
pub struct WorkQueue<K> {
    shared: Arc<Shared<K>>,
}

struct Shared<K> {
    name: Arc<str>,
    state: Mutex<State<K>>,
    // Has a lock of its own, so that a limiter somebody else wrote never runs under the queue's lock.
    rate_limiter: Mutex<Box<dyn RateLimiter<K>>>,
}

impl<K: Clone + Eq + Hash + Send + 'static> WorkQueue<K> {
    /// Makes a queue without a name that limits retries as client-go's controllers do.
    ///
    /// # Examples
    ///
    /// ```
    /// use kubekit_workqueue::WorkQueue;
    ///
    /// let queue = WorkQueue::new();
    /// queue.add("default/blog");
    /// queue.add("default/blog");
    /// assert_eq!(queue.len(), 1);
    /// ```
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Starts to configure a queue.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use kubekit_workqueue::{ItemExponential, WorkQueue};
    ///
    /// let queue: WorkQueue<String> = WorkQueue::builder()
    ///     .name("websites")
    ///     .rate_limiter(ItemExponential::new(Duration::from_millis(100), Duration::from_secs(60)))
    ///     .build();
    /// assert_eq!(queue.name(), "websites");
    /// ```
    pub fn builder() -> Builder<K> {
        Builder::new()
    }
}

impl<K: Clone + Eq + Hash> WorkQueue<K> {
    pub(crate) fn from_parts(name: Arc<str>, rate_limiter: Box<dyn RateLimiter<K>>) -> Self {
        Self {
            shared: Arc::new(Shared {
                name,
                state: Mutex::new(State::default()),
                rate_limiter: Mutex::new(rate_limiter),
            }),
        }
    }

    /// Adds a key, to be handed out by [`get`](Self::get).
    ///
    /// Does nothing if the key is waiting to be handed out already, or if the queue is shutting down. If a worker has the
    /// key right now, it is handed out again after that worker is done, once, however often it is added meanwhile.
    ///
    /// Never blocks for longer than a few instructions, and needs no runtime: call it from event handlers, other threads,
    /// or anywhere else.
    pub fn add(&self, key: K) {
        self.access(|state, now| state.add(key, now));
    }

    /// Adds a key after `delay`; at once if `delay` is zero.
    ///
    /// A key waits for one time only: of several delays for one key, the one that ends first counts, whatever their order.
    /// A key that is also [added](Self::add) directly is handed out for that and, later, for the delay. Delays that have not
    /// ended when the queue shuts down are dropped. A delay costs an entry in a map, no timer.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// use std::time::Duration;
    /// use tokio::time::Instant;
    ///
    /// let queue = kubekit_workqueue::WorkQueue::new();
    /// queue.add_after("default/blog", Duration::from_secs(30));
    /// assert_eq!(queue.len(), 0);
    ///
    /// let start = Instant::now();
    /// assert_eq!(queue.get().await.unwrap().key(), &"default/blog");
    /// assert!(start.elapsed() >= Duration::from_secs(30));
    /// # }
    /// ```
    pub fn add_after(&self, key: K, delay: Duration) {
        self.access(|state, now| state.add_after(key, delay, now));
    }

    /// Adds a key after the delay that the rate limiter demands, and returns that delay.
    ///
    /// This counts as a failure of the key: its delay grows from call to call until [`forget`](Self::forget). A worker
    /// rather calls [`Item::retry`].
    pub fn add_rate_limited(&self, key: K) -> Duration {
        let delay = self.shared.rate_limiter.lock().when(&key, Instant::now());
        self.add_after(key, delay);
        delay
    }

    /// Forgets how often a key failed, so that its next delay is the shortest again.
    ///
    /// Does not take the key out of the queue. The limiter remembers every key that has failed until it is forgotten.
    pub fn forget(&self, key: &K) {
        self.shared.rate_limiter.lock().forget(key);
    }

    /// Says how often a key has been added rate limited since it was last forgotten.
    pub fn num_requeues(&self, key: &K) -> u32 {
        self.shared.rate_limiter.lock().num_requeues(key)
    }

    /// Waits for the next key and hands it out, or returns `None` when the queue is shutting down and nothing is left.
    ///
    /// Keys come in the order in which they were added; delayed keys take their place when their delay ends. No other call
    /// returns the same key until the [`Item`] is dropped. After [`shut_down`](Self::shut_down) or [`drain`](Self::drain)
    /// the keys that are still queued are handed out first.
    ///
    /// # Cancel safety
    ///
    /// A call that is dropped before it has returned has taken nothing out of the queue: if it had been woken for a key,
    /// another waiting call is woken in its stead. So `get` can be a branch of `select!`.
    ///
    /// As with every future, one that has been woken must be polled or dropped. While it is neither, the key it was woken
    /// for, or the delayed keys it watched the clock for, are left to calls of `get` that start later.
    ///
    /// # Panics
    ///
    /// If it has to wait for a delayed key outside a tokio runtime with time enabled.
    pub async fn get(&self) -> Option<Item<K>> {
        Get::new(self).await
    }

    /// Stops the queue: later adds are ignored, delays are dropped, and workers end once the queued keys are handed out.
    ///
    /// Also ends every [`drain`](Self::drain) that is waiting. Can be called again and again.
    pub fn shut_down(&self) {
        self.access(|state, _| state.shut_down());
    }

    /// Stops the queue like [`shut_down`](Self::shut_down) and waits until no key is queued or being worked on.
    ///
    /// Waits for workers to take what is queued, so it needs at least one that goes on calling [`get`](Self::get) until that
    /// returns `None`. To limit the wait use [`tokio::time::timeout`]; to end it from elsewhere call
    /// [`shut_down`](Self::shut_down).
    ///
    /// Upstream: `ShutDownWithDrain`, which waits only for the keys being worked on, and so may return while others are
    /// queued.
    ///
    /// # Cancel safety
    ///
    /// The queue is shutting down from the first poll on, and remains so when the call is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// use std::time::Duration;
    /// use tokio::time::timeout;
    ///
    /// let queue = kubekit_workqueue::WorkQueue::new();
    /// queue.add("default/blog");
    /// let item = queue.get().await;
    /// assert!(timeout(Duration::from_secs(5), queue.drain()).await.is_err());
    ///
    /// drop(item);
    /// queue.drain().await;
    /// # }
    /// ```
    pub async fn drain(&self) {
        self.access(|state, _| state.begin_drain());
        Drain::new(self).await;
    }

    /// Says whether the queue has been told to stop.
    pub fn is_shutting_down(&self) -> bool {
        self.access(|state, _| state.is_shutting_down())
    }

    /// Counts the keys that could be handed out right now.
    ///
    /// Keys that are delayed, or wait for a worker to be done with them, do not count. For information only: another thread
    /// may have changed the answer before it arrives.
    pub fn len(&self) -> usize {
        self.access(|state, _| state.ready())
    }

    /// Says whether no key could be handed out right now.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads the queue's counters and timings, all of the same moment.
    pub fn stats(&self) -> Stats {
        self.access(|state, now| state.stats(now))
    }

    /// Returns the name given to the [builder](Builder::name).
    pub fn name(&self) -> &str {
        &self.shared.name
    }

    pub(crate) fn done(&self, key: &K) {
        self.access(|state, now| state.done(key, now));
    }

    /// Does one step of the state machine: what is due becomes ready, `step` runs, and the lock is released before those
    /// are woken whom it concerns, because a waker may run code that uses the queue.
    pub(crate) fn access<R>(&self, step: impl FnOnce(&mut State<K>, Instant) -> R) -> R {
        let mut wakes = Wakes::default();
        let result = {
            let mut state = self.shared.state.lock();
            let now = Instant::now();
            state.promote(now);
            let result = step(&mut state, now);
            state.settle(&mut wakes);
            result
        };
        wakes.wake();
        result
    }
}

impl<K> Clone for WorkQueue<K> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<K: Clone + Eq + Hash + Send + 'static> Default for WorkQueue<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> fmt::Debug for WorkQueue<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkQueue")
            .field("name", &self.shared.name)
            .finish_non_exhaustive()
    }
}
