//! The store: every object at every revision since the last compaction, and the events that led from one to the next.
//!
//! There is one revision counter for all resources, as in etcd. Reads and writes hold a lock for as long as it takes to look up or to
//! put in place objects that have been encoded before; nothing waits, encodes or decodes while holding it. Watches are not told what
//! happens: they are told that something did, and read on in the log, so a slow watch costs nobody else anything.

mod commit;
mod history;
mod image;
mod page;
mod table;

use std::collections::HashMap;

use parking_lot::RwLock;
use tokio::sync::watch;

use crate::object::Object;
use crate::registry::StorageKey;

pub(crate) use commit::{Exists, Stale};
pub(crate) use history::{Batch, Behind, Event};
pub(crate) use image::Image;
pub(crate) use page::{Page, PageError, Range};
use table::Table;

/// The revision of an empty store, as in etcd.
const FIRST_REVISION: u64 = 1;

/// All objects of one server.
#[derive(Debug)]
pub(crate) struct Store {
    state: RwLock<State>,
    /// How many events are remembered at most.
    history: usize,
}

#[derive(Debug)]
struct State {
    /// The revision of the last write.
    revision: u64,
    /// The oldest revision that can still be read. Events after it are in the logs.
    compacted: u64,
    tables: HashMap<StorageKey, Table>,
}

impl Store {
    /// An empty store that remembers at most `history` events.
    pub(crate) fn new(history: usize) -> Store {
        Store {
            state: RwLock::new(State {
                revision: FIRST_REVISION,
                compacted: FIRST_REVISION,
                tables: HashMap::new(),
            }),
            history,
        }
    }

    /// The revision of the last write.
    pub(crate) fn revision(&self) -> u64 {
        self.state.read().revision
    }

    /// Begins to store objects of a resource. Its watches cannot begin before this. Does nothing for one that is stored already.
    pub(crate) fn open(&self, storage: &StorageKey) {
        self.state.write().table(storage);
    }

    /// Ceases to store objects of a resource, which must have none any more. Its watches end once they have read what happened.
    pub(crate) fn close(&self, storage: &StorageKey) {
        if let Some(table) = self.state.write().tables.get_mut(storage) {
            table.close();
        }
    }

    /// The object with this key (`namespace/name` or `name`).
    pub(crate) fn get(&self, storage: &StorageKey, key: &str) -> Option<Object> {
        let state = self.state.read();
        state.tables.get(storage)?.get(key).cloned()
    }

    /// Every object whose key begins with `prefix`, whatever its resource.
    pub(crate) fn everything_below(&self, prefix: &str) -> Vec<(StorageKey, Object)> {
        let state = self.state.read();
        let objects = state.tables.iter().flat_map(|(storage, table)| {
            let live = table.live_from(prefix, None);
            live.map(|object| (storage.clone(), object.clone()))
        });
        objects.collect()
    }

    /// Changes whenever something happens to the resource's objects, and when it is closed.
    pub(crate) fn signal(&self, storage: &StorageKey) -> watch::Receiver<u64> {
        self.state.write().table(storage).signal()
    }

    /// The revision of the last change of the resource's objects.
    pub(crate) fn last_change(&self, storage: &StorageKey) -> u64 {
        let state = self.state.read();
        let table = state.tables.get(storage);
        table.map_or(FIRST_REVISION, Table::last_change)
    }

    /// Forgets what led to `revision`: older revisions can no longer be read, nor watched from.
    pub(crate) fn compact(&self, revision: u64) {
        self.state.write().compact(revision);
    }
}

impl State {
    fn table(&mut self, storage: &StorageKey) -> &mut Table {
        let new = || Table::new(self.revision);
        let table = self.tables.entry(storage.clone()).or_insert_with(new);
        if table.is_closed() {
            *table = new();
        }
        table
    }

    fn compact(&mut self, revision: u64) {
        let revision = revision.min(self.revision);
        if revision > self.compacted {
            self.compacted = revision;
            for table in self.tables.values_mut() {
                table.compact(revision);
            }
        }
    }
}
