//! The living objects at one moment, to come back to.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Store, Table};
use crate::object::Object;
use crate::registry::StorageKey;

/// The objects of one resource by key.
type Live = BTreeMap<Arc<str>, Object>;

/// Every object of a store at one revision. The objects themselves are shared with the store.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    pub(crate) revision: u64,
    tables: HashMap<StorageKey, Live>,
}

impl Store {
    /// Remembers all objects as they are.
    pub(crate) fn image(&self) -> Image {
        let state = self.state.read();
        let open = state.tables.iter().filter(|(_, table)| !table.is_closed());
        Image {
            revision: state.revision,
            tables: open
                .map(|(storage, table)| (storage.clone(), table.live().clone()))
                .collect(),
        }
    }

    /// Makes all objects what they were, and says which keys that concerns.
    ///
    /// The revision does not go back but on, and all history is forgotten: who watches or pages has to begin anew, and then sees objects
    /// with the versions they had.
    pub(crate) fn restore(&self, image: &Image) -> Vec<(StorageKey, Arc<str>)> {
        let mut state = self.state.write();
        state.revision += 1;
        state.compacted = state.revision;
        let revision = state.revision;
        let mut changed = Vec::new();
        let nothing = Live::new();
        for (storage, table) in &mut state.tables {
            let then = image.tables.get(storage);
            let keys = differences(table.live(), then.unwrap_or(&nothing));
            changed.extend(keys.into_iter().map(|key| (storage.clone(), key)));
            if table.is_closed() && then.is_some() {
                *table = Table::new(revision);
            }
            table.reset(then.cloned().unwrap_or_default(), revision);
            if then.is_none() {
                table.close();
            }
        }
        for (storage, then) in &image.tables {
            if !state.tables.contains_key(storage) {
                let mut table = Table::new(revision);
                table.reset(then.clone(), revision);
                state.tables.insert(storage.clone(), table);
                changed.extend(then.keys().map(|key| (storage.clone(), Arc::clone(key))));
            }
        }
        changed
    }
}

/// The keys under which something else is in one than in the other.
fn differences(now: &Live, then: &Live) -> Vec<Arc<str>> {
    let differs =
        |key: &Arc<str>| now.get(key).map(Object::revision) != then.get(key).map(Object::revision);
    let gone = then.keys().filter(|key| !now.contains_key(*key));
    now.keys()
        .chain(gone)
        .filter(|key| differs(key))
        .cloned()
        .collect()
}
