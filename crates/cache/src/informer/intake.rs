//! How what the server sends becomes a change of the cache.

use bytes::Bytes;
use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_core::{
    ChangeKind, DecodeError, ObjectKey, ObjectList, ResourceVersion, Undecodable, WatchEvent,
};
use tokio::time::Instant;

use super::apply::Application;
use super::event::Event;
use super::hub::Source;
use super::shared::Shared;
use crate::delta::{Delta, DeltaFifo, Replacement};
use crate::store::{Cached, Snapshot, Store};

/// Is told of objects that cannot be decoded.
pub(super) type OnUndecodable = Box<dyn FnMut(&Undecodable) + Send>;

/// Takes in pages and events, and turns them into one change of the cache at a time.
pub(super) struct Intake<K> {
    queue: DeltaFifo<K>,
    listing: Option<Listing<K>>,
    on_undecodable: OnUndecodable,
}

/// A list that has begun.
struct Listing<K> {
    pages: Replacement<K>,
    known: Snapshot<K>,
}

impl<K: Metadata<Ty = ObjectMeta> + Send + Sync + 'static> Intake<K> {
    pub(super) fn new(on_undecodable: OnUndecodable) -> Self {
        Self {
            queue: DeltaFifo::new(),
            listing: None,
            on_undecodable,
        }
    }

    /// Says what a watch event means for the reflector, if it tells of an object.
    pub(super) fn identify(event: &WatchEvent<K>) -> Option<(ChangeKind, Option<ResourceVersion>)> {
        match event {
            WatchEvent::Added(object) => Some((ChangeKind::Added, version_of(object))),
            WatchEvent::Modified(object) => Some((ChangeKind::Modified, version_of(object))),
            WatchEvent::Deleted(object) => Some((ChangeKind::Deleted, version_of(object))),
            WatchEvent::Undecodable { change, item } => {
                Some((*change, item.resource_version.clone()))
            }
            _ => None,
        }
    }

    /// Forgets the pages of a list that was not completed, and begins another one.
    pub(super) fn begin_list(&mut self, store: &Store<K>) {
        self.listing = Some(Listing {
            pages: Replacement::new(),
            known: store.snapshot(),
        });
    }

    pub(super) fn page(&mut self, page: ObjectList<K>, shared: &Shared<K>) {
        let Some(listing) = &mut self.listing else {
            return;
        };
        let mut undecodable = page.undecodable;
        for object in page.items {
            if let Err(object) = listing.pages.push(object, &listing.known) {
                undecodable.push(nameless(&object));
            }
        }
        for item in &undecodable {
            if let Some(key) = &item.key {
                listing.pages.keep(key.clone());
            }
        }
        undecodable
            .iter()
            .for_each(|item| self.undecodable(item, shared));
    }

    /// Queues what a complete list changes.
    pub(super) fn end_list(&mut self) {
        if let Some(Listing { pages, known }) = self.listing.take() {
            self.queue.replace(pages, &known);
        }
    }

    /// Queues what a watch event changes.
    pub(super) fn change(&mut self, event: WatchEvent<K>, shared: &Shared<K>) {
        match event {
            WatchEvent::Added(object) => self.decoded(object, Delta::Added, shared),
            WatchEvent::Modified(object) => self.decoded(object, Delta::Updated, shared),
            WatchEvent::Deleted(object) => self.decoded(object, Delta::observed, shared),
            WatchEvent::Undecodable { change, item } => self.undecoded(change, &item, shared),
            _ => {}
        }
    }

    /// Changes the store and tells the handlers, at once.
    pub(super) fn publish(
        &mut self,
        shared: &Shared<K>,
        version: Option<&ResourceVersion>,
        source: Source,
    ) {
        let mut edit = shared.store.edit();
        let mut events: Vec<Event<K>> = Vec::with_capacity(self.queue.len());
        let mut application = Application {
            edit: &mut edit,
            events: &mut events,
            initial: source.is_initial(shared.hub.has_synced()),
        };
        while let Some((_, deltas)) = self.queue.pop() {
            deltas
                .into_iter()
                .for_each(|delta| application.apply(delta));
        }
        if let Some(version) = version {
            edit.resource_version(version.clone());
        }
        shared
            .freshness
            .lock()
            .took_in(source, !events.is_empty(), version, Instant::now());
        shared.hub.publish(edit, &events, source);
    }

    fn decoded(&mut self, object: K, delta: fn(Cached<K>) -> Delta<K>, shared: &Shared<K>) {
        match ObjectKey::of(object.metadata()) {
            Some(key) => self.queue.push(delta(Cached::keyed(key, object))),
            None => self.undecodable(&nameless(&object), shared),
        }
    }

    /// An object that changed beyond recognition stays as it was; one that was deleted goes, in its last known state.
    fn undecoded(&mut self, change: ChangeKind, item: &Undecodable, shared: &Shared<K>) {
        self.undecodable(item, shared);
        let key = item.key.as_ref().filter(|_| change == ChangeKind::Deleted);
        let Some(key) = key else { return };
        let queued = self.queue.latest(key).map(|delta| delta.object().clone());
        if let Some(object) = queued.or_else(|| shared.store.get(key)) {
            self.queue.push(Delta::Deleted {
                object,
                observed: false,
            });
        }
    }

    fn undecodable(&mut self, item: &Undecodable, shared: &Shared<K>) {
        tracing::warn!(
            kind = K::KIND,
            key = item.key.as_ref().map(ObjectKey::as_str),
            error = &item.error as &(dyn std::error::Error + 'static),
            "an object cannot be decoded and is left out",
        );
        shared.freshness.lock().undecodable += 1;
        (self.on_undecodable)(item);
    }
}

fn version_of<K: Metadata<Ty = ObjectMeta>>(object: &K) -> Option<ResourceVersion> {
    let version = object.metadata().resource_version.as_deref()?;
    (!version.is_empty()).then(|| version.into())
}

/// An object that was decoded, but has no place in a cache.
fn nameless<K: Metadata<Ty = ObjectMeta>>(object: &K) -> Undecodable {
    Undecodable {
        key: None,
        resource_version: version_of(object),
        error: DecodeError::new("object", 0, "it has no name"),
        raw: Bytes::new(),
    }
}
