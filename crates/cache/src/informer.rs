//! Shared informers: one cache for everyone who is interested in a kind.

mod apply;
mod builder;
mod event;
mod freshness;
mod handler;
mod hub;
mod intake;
mod queue;
mod shared;
mod subscriber;
mod subscription;
mod sync;
mod task;

pub use builder::Builder;
pub use event::Event;
pub use freshness::Freshness;
pub use handler::{EventHandler, Registration};
pub use subscription::Subscription;
pub use sync::{SyncError, SyncErrorKind};
pub use task::InformerTask;

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::DropGuard;

use crate::list_watch::ListWatch;
use crate::lister::Lister;
use crate::store::{Index, Store};
use shared::Shared;

/// Keeps a cache of one kind up to date and tells handlers of its changes; a clone is the same informer.
///
/// It lists and watches by the rules of a [`Reflector`](crate::Reflector), for ever, whatever goes wrong on the way. Handlers may
/// come and go at any time: each is told the present state first, as additions, and then every change, with nothing lost or
/// doubled in between. Matches client-go's `SharedIndexInformer`.
///
/// # When it stops
///
/// It runs for as long as somebody uses it: the informer itself, a lister, an index, a stream or a handler. With the last of them it
/// stops, and earlier by [`shutdown`](Self::shutdown) or by the token given to the builder. An informer that has stopped does
/// not start again: handlers' streams end, and readers see the last state.
///
/// # Order and consistency
///
/// What the server sends together is applied together: readers see either none or all of it, in store and indexes, and before
/// a handler is told of it. The events of one object come in their order. Between objects the order is kept as far as changes
/// do not arrive together; changes of one object that do are told one after the other.
///
/// An object that was deleted and created anew while the informer looked away is told of as a deletion and an addition, where
/// client-go tells of an update between two different objects. One that is sent again without having changed is not told of.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use k8s_openapi::api::core::v1::Namespace;
/// use kubekit_cache::{Event, SharedInformer};
/// use kubekit_core::{Cluster, ObjectKey};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = kubekit_fake::ApiServer::new().client();
/// let informer = SharedInformer::builder(client.api::<Namespace, _>(Cluster)).start();
/// let (queue, mut keys) = tokio::sync::mpsc::unbounded_channel();
/// let handler = informer.add_handler(move |event: Event<Namespace>| {
///     let _ = queue.send(event.key().clone());
/// });
///
/// handler.wait_for_sync(Duration::from_secs(10)).await?;
/// assert!(informer.lister().get(&ObjectKey::cluster("default")).is_some());
/// assert_eq!(keys.recv().await, Some(ObjectKey::cluster("default")));
/// # Ok(())
/// # }
/// ```
pub struct SharedInformer<K> {
    shared: Arc<Shared<K>>,
    /// Stops the informer when the last clone goes; its own task has none.
    lifeline: Arc<DropGuard>,
}

impl<K> SharedInformer<K> {
    /// Begins to make an informer of what can be listed and watched there.
    pub fn builder(list_watch: impl ListWatch<K>) -> Builder<K> {
        Builder::new(Box::new(list_watch))
    }

    /// Returns a reader of the cache.
    pub fn lister(&self) -> Lister<K> {
        self.store().lister()
    }

    /// Says whether the cache is complete, that is, whether the first list has been.
    pub fn has_synced(&self) -> bool {
        self.shared.hub.has_synced()
    }

    /// Waits until the cache is complete.
    ///
    /// # Errors
    ///
    /// If it is not within `timeout`; sooner if something fails repeatedly that waiting cannot mend, such as a list that is forbidden; or
    /// if the informer has stopped. The informer keeps trying in any case, so it can be waited for again.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn wait_for_sync(&self, timeout: Duration) -> Result<(), SyncError> {
        sync::wait_for_sync(self.shared.progress.subscribe(), sync::deadline(timeout)).await
    }

    /// Says how fresh the cache is.
    pub fn freshness(&self) -> Freshness {
        self.shared.freshness.lock().clone()
    }

    /// Stops the informer, and waits until its task and those of its handlers have ended.
    ///
    /// A handler ends after the event that it is dealing with; one that waits for this future waits for itself.
    ///
    /// # Cancel safety
    ///
    /// The informer stops even if the future is dropped.
    pub async fn shutdown(&self) {
        self.shared.stop.cancel();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }

    fn new(shared: Arc<Shared<K>>) -> Self {
        let lifeline = Arc::new(shared.stop.clone().drop_guard());
        Self { shared, lifeline }
    }

    fn shared(&self) -> &Arc<Shared<K>> {
        &self.shared
    }

    fn store(&self) -> Store<K> {
        let upkeep: Arc<dyn Any + Send + Sync> = self.lifeline.clone();
        self.shared.store.kept_up_by(upkeep)
    }
}

impl<K: Send + Sync + 'static> SharedInformer<K> {
    /// Adds a handler that reads events as a stream.
    pub fn subscribe(&self) -> Subscription<K> {
        let subscriber = self.shared.hub.subscribe(&self.shared.store);
        Subscription::new(subscriber, self.clone())
    }

    /// Adds a handler that is called for each event, on a task of its own.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime.
    pub fn add_handler(&self, handler: impl EventHandler<K>) -> Registration<K> {
        self.subscribe().attach(handler)
    }

    /// Adds an index, as [`Store::index`] does; it may be added before the first list or later.
    pub fn index<V, I>(&self, values: impl Fn(&K) -> I + Send + Sync + 'static) -> Index<K, V>
    where
        I: IntoIterator<Item = V>,
        V: Ord + Clone + Send + Sync + 'static,
    {
        self.store().index(values)
    }
}

impl<K> Clone for SharedInformer<K> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            lifeline: Arc::clone(&self.lifeline),
        }
    }
}

impl<K> fmt::Debug for SharedInformer<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedInformer")
            .field("has_synced", &self.has_synced())
            .field("state", &self.shared.freshness.lock().state)
            .finish_non_exhaustive()
    }
}
