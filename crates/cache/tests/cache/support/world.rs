//! A small API server for one kind: objects, their history, pages, watches and faults.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ListMeta, ObjectMeta};
use kubekit_cache::{ListWatch, ListWatchError, WatchStream};
use kubekit_core::{Bookmark, ChangeKind, ListOptions, ObjectList, WatchEvent, WatchOptions};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::State;
use super::script::{expired, refused, status};
use super::thing::{Thing, undecodable};

#[derive(Clone)]
pub(crate) struct World {
    inner: Arc<Mutex<Inner>>,
    news: Arc<Notify>,
}

#[derive(Default)]
struct Inner {
    version: u64,
    objects: BTreeMap<String, Stored>,
    history: Vec<(u64, ChangeKind, String, Stored)>,
    compacted: u64,
    /// Watches opened in an earlier epoch have been cut.
    epoch: u64,
    list_faults: VecDeque<Fault>,
    watch_faults: VecDeque<Fault>,
    open_watches: usize,
}

#[derive(Clone)]
struct Stored {
    uid: u64,
    version: u64,
    value: u64,
    /// What is on the wire cannot be decoded.
    poison: bool,
}

/// What goes wrong with the next request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Refused,
    Status(u16),
    /// The watch ends as soon as it is open.
    Empty,
    /// The watch ends after so many events.
    CutAfter(usize),
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            inner: Arc::new(Mutex::new(Inner {
                version: 10,
                ..Inner::default()
            })),
            news: Arc::new(Notify::new()),
        }
    }

    /// Creates or changes an object.
    pub(crate) fn put(&self, name: &str, value: u64) {
        self.change(name, value, false);
    }

    /// Creates or changes an object so that it cannot be decoded.
    pub(crate) fn poison(&self, name: &str) {
        self.change(name, 0, true);
    }

    pub(crate) fn delete(&self, name: &str) {
        let mut inner = self.inner.lock();
        if let Some(mut stored) = inner.objects.remove(name) {
            inner.version += 1;
            stored.version = inner.version;
            let entry = (stored.version, ChangeKind::Deleted, name.to_owned(), stored);
            inner.history.push(entry);
        }
        drop(inner);
        self.news.notify_waiters();
    }

    /// Forgets the history, so that what continues from before expires.
    pub(crate) fn compact(&self) {
        let mut inner = self.inner.lock();
        inner.compacted = inner.version;
        inner.history.clear();
    }

    /// Ends all open watches.
    pub(crate) fn cut(&self) {
        self.inner.lock().epoch += 1;
        self.news.notify_waiters();
    }

    pub(crate) fn fault_list(&self, fault: Fault) {
        self.inner.lock().list_faults.push_back(fault);
    }

    pub(crate) fn fault_watch(&self, fault: Fault) {
        self.inner.lock().watch_faults.push_back(fault);
    }

    pub(crate) fn open_watches(&self) -> usize {
        self.inner.lock().open_watches
    }

    /// What a cache should have; objects that cannot be decoded are left out.
    pub(crate) fn state(&self) -> State {
        let inner = self.inner.lock();
        let sound = inner.objects.iter().filter(|(_, stored)| !stored.poison);
        sound
            .map(|(name, stored)| stored.thing(name).entry())
            .collect()
    }

    fn change(&self, name: &str, value: u64, poison: bool) {
        let mut inner = self.inner.lock();
        inner.version += 1;
        let version = inner.version;
        let before = inner.objects.get(name);
        let kind = if before.is_some() {
            ChangeKind::Modified
        } else {
            ChangeKind::Added
        };
        let stored = Stored {
            uid: before.map_or(version, |before| before.uid),
            version,
            value,
            poison,
        };
        inner.objects.insert(name.to_owned(), stored.clone());
        inner.history.push((version, kind, name.to_owned(), stored));
        drop(inner);
        self.news.notify_waiters();
    }

    fn page(&self, options: &ListOptions) -> Result<ObjectList<Thing>, ListWatchError> {
        let mut inner = self.inner.lock();
        match inner.list_faults.pop_front() {
            Some(Fault::Refused) => return Err(refused()),
            Some(Fault::Status(code)) => return Err(status(code).into()),
            Some(Fault::Empty | Fault::CutAfter(_)) | None => {}
        }
        let after = match &options.continue_token {
            Some(token) => {
                let (version, after) = token.split_once('/').unwrap();
                // A page belongs to the state of the first one; this server keeps only the present state.
                if version.parse() != Ok(inner.version) {
                    return Err(expired().into());
                }
                after.to_owned()
            }
            None => String::new(),
        };
        Ok(inner.page(&after, options.limit))
    }
}

impl Inner {
    fn page(&self, after: &str, limit: Option<u32>) -> ObjectList<Thing> {
        let limit = limit.map_or(usize::MAX, |limit| limit as usize);
        let mut items = Vec::new();
        let mut bad = Vec::new();
        let mut last = None;
        let rest = self
            .objects
            .range(after.to_owned()..)
            .filter(|(name, _)| name.as_str() > after);
        for (name, stored) in rest.clone().take(limit) {
            last = Some(name);
            if stored.poison {
                bad.push(undecodable(name, stored.version));
            } else {
                items.push(stored.thing(name));
            }
        }
        let more = rest.count() > limit;
        ObjectList {
            metadata: ListMeta {
                resource_version: Some(self.version.to_string()),
                continue_: last
                    .filter(|_| more)
                    .map(|last| format!("{}/{last}", self.version)),
                ..ListMeta::default()
            },
            items,
            undecodable: bad,
        }
    }
}

impl Stored {
    fn thing(&self, name: &str) -> Thing {
        Thing {
            metadata: ObjectMeta {
                namespace: Some("n".into()),
                name: Some(name.into()),
                uid: Some(format!("uid-{}", self.uid)),
                resource_version: Some(self.version.to_string()),
                ..ObjectMeta::default()
            },
            value: self.value,
        }
    }

    fn event(&self, kind: ChangeKind, name: &str) -> WatchEvent<Thing> {
        if self.poison {
            return WatchEvent::Undecodable {
                change: kind,
                item: undecodable(name, self.version),
            };
        }
        match kind {
            ChangeKind::Added => WatchEvent::Added(self.thing(name)),
            ChangeKind::Modified => WatchEvent::Modified(self.thing(name)),
            ChangeKind::Deleted => WatchEvent::Deleted(self.thing(name)),
        }
    }
}

/// One open watch; it counts as open until it is dropped.
struct Watch {
    world: World,
    position: u64,
    epoch: u64,
    left: usize,
    bookmarked: bool,
}

impl Watch {
    async fn next(mut self) -> Option<(Result<WatchEvent<Thing>, ListWatchError>, Self)> {
        loop {
            let news = self.world.news.clone();
            let news = news.notified();
            tokio::pin!(news);
            news.as_mut().enable();
            {
                let inner = self.world.inner.lock();
                if self.left == 0 || inner.epoch != self.epoch {
                    drop(inner);
                    return None;
                }
                if inner.compacted > self.position {
                    drop(inner);
                    self.left = 0;
                    return Some((Ok(WatchEvent::Error(Box::new(expired()))), self));
                }
                let next = inner
                    .history
                    .iter()
                    .find(|(version, ..)| *version > self.position);
                if let Some((version, kind, name, stored)) = next {
                    let (version, event) = (*version, stored.event(*kind, name));
                    drop(inner);
                    self.position = version;
                    self.left -= 1;
                    self.bookmarked = false;
                    return Some((Ok(event), self));
                }
                if !self.bookmarked {
                    drop(inner);
                    self.bookmarked = true;
                    let bookmark = Bookmark {
                        resource_version: self.position.into(),
                        initial_events_end: false,
                    };
                    return Some((Ok(WatchEvent::Bookmark(bookmark)), self));
                }
            }
            news.await;
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.world.inner.lock().open_watches -= 1;
    }
}

impl ListWatch<Thing> for World {
    fn list(
        &self,
        options: ListOptions,
    ) -> BoxFuture<'_, Result<ObjectList<Thing>, ListWatchError>> {
        async move {
            tokio::task::yield_now().await;
            self.page(&options)
        }
        .boxed()
    }

    fn watch(
        &self,
        options: WatchOptions,
    ) -> BoxFuture<'_, Result<WatchStream<Thing>, ListWatchError>> {
        async move {
            tokio::task::yield_now().await;
            let mut inner = self.inner.lock();
            let left = match inner.watch_faults.pop_front() {
                Some(Fault::Refused) => return Err(refused()),
                Some(Fault::Status(code)) => return Err(status(code).into()),
                Some(Fault::Empty) => 0,
                Some(Fault::CutAfter(events)) => events,
                None => usize::MAX,
            };
            inner.open_watches += 1;
            let watch = Watch {
                world: self.clone(),
                position: options
                    .resource_version
                    .and_then(|version| version.as_u64())
                    .unwrap(),
                epoch: inner.epoch,
                left,
                bookmarked: false,
            };
            Ok(stream::unfold(watch, Watch::next).boxed())
        }
        .boxed()
    }
}
