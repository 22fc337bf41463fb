//! Events as calls.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::{CancellationToken, DropGuard};

use super::event::Event;
use super::shared::Shared;
use super::subscriber::Subscriber;
use super::subscription::Subscription;
use super::sync::{self, SyncError};

/// Is told of the changes of a cache, one after the other.
///
/// A handler has a task of its own and may take its time without delaying others, but should not block the thread: most only put
/// the key into a work queue. What is asynchronous reads a [`Subscription`] instead. A panic ends the handler and nothing
/// else. Every `FnMut(Event<K>)` is one. Matches client-go's `ResourceEventHandler`.
pub trait EventHandler<K>: Send + 'static {
    /// Takes in one event.
    fn handle(&mut self, event: Event<K>);
}

impl<K, F: FnMut(Event<K>) + Send + 'static> EventHandler<K> for F {
    fn handle(&mut self, event: Event<K>) {
        self(event);
    }
}

/// A handler that has been added to an informer; dropping it removes the handler.
///
/// The event that the handler is dealing with is its last one.
#[must_use = "dropping it removes the handler"]
pub struct Registration<K> {
    shared: Arc<Shared<K>>,
    subscriber: Arc<Subscriber<K>>,
    stop: DropGuard,
}

impl<K: Send + Sync + 'static> Registration<K> {
    pub(super) fn spawn(
        shared: Arc<Shared<K>>,
        subscriber: Arc<Subscriber<K>>,
        subscription: Subscription<K>,
        handler: impl EventHandler<K>,
    ) -> Self {
        let stop = shared.stop.child_token();
        shared
            .tasks
            .spawn(pump(subscription, handler, stop.clone()));
        Self {
            shared,
            subscriber,
            stop: stop.drop_guard(),
        }
    }

    /// Says whether the handler has dealt with the whole initial state.
    pub fn has_synced(&self) -> bool {
        self.subscriber.has_synced()
    }

    /// Waits until the handler has dealt with the whole initial state.
    ///
    /// # Errors
    ///
    /// As [`SharedInformer::wait_for_sync`](crate::SharedInformer::wait_for_sync), and if the handler has not dealt with the initial
    /// state in time.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn wait_for_sync(&self, timeout: Duration) -> Result<(), SyncError> {
        let deadline = sync::deadline(timeout);
        sync::wait_for_sync(self.shared.progress.subscribe(), deadline).await?;
        tokio::time::timeout_at(deadline, self.subscriber.synced_or_closed())
            .await
            .map_err(|_| SyncError::timed_out())?;
        if self.has_synced() {
            Ok(())
        } else {
            Err(SyncError::stopped())
        }
    }

    /// Leaves the handler in place for as long as the informer runs.
    ///
    /// A handler does not end with the last other user of the informer: it is one itself. Only
    /// [`SharedInformer::shutdown`](crate::SharedInformer::shutdown), or the informer's cancellation, ends it.
    pub fn detach(self) {
        self.stop.disarm();
    }
}

impl<K> fmt::Debug for Registration<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration")
            .field("has_synced", &self.subscriber.has_synced())
            .finish_non_exhaustive()
    }
}

async fn pump<K: Send + Sync + 'static>(
    mut subscription: Subscription<K>,
    mut handler: impl EventHandler<K>,
    stop: CancellationToken,
) {
    loop {
        let event = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            event = subscription.next() => event,
        };
        let Some(event) = event else { return };
        handler.handle(event);
        // A long backlog must not keep other tasks of this thread from running.
        tokio::task::coop::consume_budget().await;
    }
}
