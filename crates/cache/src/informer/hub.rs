//! All handlers of an informer, and the moment at which they and the readers of the store learn of a change.

use std::sync::Arc;

use parking_lot::Mutex;

use super::event::Event;
use super::subscriber::Subscriber;
use crate::store::{Edit, Store};

/// All handlers of an informer.
///
/// A change is published to the store and put into every handler's buffer under one lock, and a new handler is given the state of
/// the store under the same lock. So each handler gets every change either in its first state or after it, never twice.
pub(super) struct Hub<K> {
    handlers: Mutex<Handlers<K>>,
}

struct Handlers<K> {
    subscribers: Vec<Arc<Subscriber<K>>>,
    synced: bool,
    closed: bool,
}

impl<K> Hub<K> {
    pub(super) fn new() -> Self {
        Self {
            handlers: Mutex::new(Handlers {
                subscribers: Vec::new(),
                synced: false,
                closed: false,
            }),
        }
    }

    /// Adds a handler, which is told the present state first if there is one.
    pub(super) fn subscribe(&self, store: &Store<K>) -> Arc<Subscriber<K>> {
        let mut handlers = self.handlers.lock();
        let start = handlers.synced.then(|| store.snapshot());
        let subscriber = Arc::new(Subscriber::new(start));
        if handlers.closed {
            subscriber.close();
        } else {
            handlers.subscribers.push(Arc::clone(&subscriber));
        }
        subscriber
    }

    pub(super) fn unsubscribe(&self, subscriber: &Arc<Subscriber<K>>) {
        let mut handlers = self.handlers.lock();
        handlers
            .subscribers
            .retain(|other| !Arc::ptr_eq(other, subscriber));
    }

    /// Lets readers and handlers see a change at once. `list` says that it came of a complete list.
    pub(super) fn publish(&self, edit: Edit<'_, K>, events: &[Event<K>], source: Source) {
        let mut handlers = self.handlers.lock();
        edit.publish();
        let initial_end = source == Source::List && !handlers.synced;
        handlers.synced |= initial_end;
        if events.is_empty() && !initial_end {
            return;
        }
        for subscriber in &handlers.subscribers {
            subscriber.push(events, initial_end);
        }
    }

    pub(super) fn has_synced(&self) -> bool {
        self.handlers.lock().synced
    }

    /// Ends all handlers' events, and those of handlers to come.
    pub(super) fn close(&self) {
        let mut handlers = self.handlers.lock();
        handlers.closed = true;
        for subscriber in handlers.subscribers.drain(..) {
            subscriber.close();
        }
    }
}

/// Where a change comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A complete list.
    List,
    /// A watch.
    Watch,
}
