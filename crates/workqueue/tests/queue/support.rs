//! What several of the tests need.

use std::hash::Hash;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use kubekit_workqueue::{Item, WorkQueue};

/// A future that is polled by hand and counts how often it has been woken.
pub(crate) struct ByHand<F> {
    future: Pin<Box<F>>,
    wakes: Arc<Wakes>,
    seen: usize,
}

#[derive(Default)]
struct Wakes(AtomicUsize);

impl<F: Future> ByHand<F> {
    pub(crate) fn new(future: F) -> Self {
        Self {
            future: Box::pin(future),
            wakes: Arc::default(),
            seen: 0,
        }
    }

    pub(crate) fn poll(&mut self) -> Poll<F::Output> {
        self.seen = self.wakes();
        let waker = Waker::from(Arc::clone(&self.wakes));
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }

    /// Whether it has been woken since the last poll.
    pub(crate) fn is_woken(&self) -> bool {
        self.wakes() > self.seen
    }

    /// How often it has been woken.
    pub(crate) fn wakes(&self) -> usize {
        self.wakes.0.load(Ordering::SeqCst)
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Starts `n` calls of `get`, which must all wait.
pub(crate) fn waiting_getters<K: Clone + Eq + Hash + std::fmt::Debug>(
    queue: &WorkQueue<K>,
    n: usize,
) -> Vec<ByHand<impl Future<Output = Option<Item<K>>>>> {
    (0..n)
        .map(|_| {
            let mut getter = ByHand::new(queue.get());
            assert!(getter.poll().is_pending());
            getter
        })
        .collect()
}

pub(crate) fn add_all<K: Clone + Eq + Hash>(
    queue: &WorkQueue<K>,
    keys: impl IntoIterator<Item = K>,
) {
    keys.into_iter().for_each(|key| queue.add(key));
}

/// Takes the next key if there is one; never waits.
pub(crate) fn try_get<K: Clone + Eq + Hash>(queue: &WorkQueue<K>) -> Option<Item<K>> {
    match ByHand::new(queue.get()).poll() {
        Poll::Ready(item) => item,
        Poll::Pending => None,
    }
}

/// Takes all keys that are ready, each done at once.
pub(crate) fn take_all<K: Clone + Eq + Hash>(queue: &WorkQueue<K>) -> Vec<K> {
    std::iter::from_fn(|| try_get(queue).map(|item| item.key().clone())).collect()
}

pub(crate) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Lets the paused clock go forward, and timers fire.
pub(crate) async fn pass(duration: Duration) {
    tokio::time::advance(duration).await;
    tokio::task::yield_now().await;
}
