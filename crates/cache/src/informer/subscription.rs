//! Events as a stream.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::Stream;

use super::SharedInformer;
use super::event::Event;
use super::handler::{EventHandler, Registration};
use super::subscriber::Subscriber;

/// The events of an informer as a stream: first the present state, then every change.
///
/// It has a buffer of its own, so reading slowly delays nobody else; the buffer grows as long as more comes than is read, unless
/// [`coalescing`](Self::coalescing) bounds it. The stream ends when the informer stops, after what was told before. It keeps the
/// informer running; drop it to unsubscribe.
#[must_use = "dropping it unsubscribes"]
pub struct Subscription<K> {
    subscriber: Arc<Subscriber<K>>,
    informer: SharedInformer<K>,
}

impl<K: Send + Sync + 'static> Subscription<K> {
    pub(super) fn new(subscriber: Arc<Subscriber<K>>, informer: SharedInformer<K>) -> Self {
        Self {
            subscriber,
            informer,
        }
    }

    /// Merges the waiting events of each object into what has changed since the last one that was read, so that no more
    /// than two events wait per object: a deletion and the arrival of a successor. Every change is an event by default.
    pub fn coalescing(self) -> Self {
        self.subscriber.coalesce();
        self
    }

    /// Returns the next event, or `None` when the informer has stopped.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: an event is either returned or stays.
    pub async fn next(&mut self) -> Option<Event<K>> {
        std::future::poll_fn(|cx| self.subscriber.poll_next(cx)).await
    }

    /// Says whether the whole initial state has been read: this becomes true when the event after the last initial one is asked
    /// for.
    pub fn has_synced(&self) -> bool {
        self.subscriber.has_synced()
    }

    /// Hands the events to a handler instead, on a task of its own.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime.
    pub fn attach(self, handler: impl EventHandler<K>) -> Registration<K> {
        let shared = Arc::clone(self.informer.shared());
        let subscriber = Arc::clone(&self.subscriber);
        Registration::spawn(shared, subscriber, self, handler)
    }
}

impl<K> Stream for Subscription<K> {
    type Item = Event<K>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event<K>>> {
        self.subscriber.poll_next(cx)
    }
}

impl<K> Drop for Subscription<K> {
    fn drop(&mut self) {
        self.informer.shared().hub.unsubscribe(&self.subscriber);
    }
}

impl<K> fmt::Debug for Subscription<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("has_synced", &self.subscriber.has_synced())
            .finish_non_exhaustive()
    }
}
