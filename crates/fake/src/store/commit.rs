//! Writes. Each is one revision and one event.

use std::sync::Arc;

use super::{Event, State, Store};
use crate::answer::Change;
use crate::object::{Content, Object};
use crate::registry::StorageKey;

/// The object that a creation found in its place.
#[derive(Debug)]
pub(crate) struct Exists(pub(crate) Object);

/// The object is not the one that the write was based on.
#[derive(Debug)]
pub(crate) struct Stale;

impl Store {
    /// Stores an object that does not exist.
    pub(crate) fn create(&self, storage: &StorageKey, content: Content) -> Result<Object, Exists> {
        let content = Arc::new(content);
        let mut state = self.state.write();
        if let Some(existing) = state.table(storage).get(content.key()) {
            return Err(Exists(existing.clone()));
        }
        let object = Object::new(state.revision + 1, content);
        state.table(storage).put(object.clone());
        self.record(&mut state, storage, Change::Added, object.clone(), None);
        Ok(object)
    }

    /// Stores `content` in place of `current`, if that is still what is stored.
    pub(crate) fn replace(
        &self,
        storage: &StorageKey,
        current: &Object,
        content: Content,
    ) -> Result<Object, Stale> {
        let content = Arc::new(content);
        let mut state = self.state.write();
        state.expect(storage, current)?;
        let object = Object::new(state.revision + 1, content);
        let previous = state.table(storage).put(object.clone());
        self.record(
            &mut state,
            storage,
            Change::Modified,
            object.clone(),
            previous,
        );
        Ok(object)
    }

    /// Deletes `current`, if that is still what is stored. Gives the object back under the revision of its deletion.
    pub(crate) fn remove(&self, storage: &StorageKey, current: &Object) -> Result<Object, Stale> {
        let mut state = self.state.write();
        state.expect(storage, current)?;
        let revision = state.revision + 1;
        let previous = state.table(storage).take(current.content().key(), revision);
        let object = current.at(revision);
        self.record(
            &mut state,
            storage,
            Change::Deleted,
            object.clone(),
            previous,
        );
        Ok(object)
    }

    fn record(
        &self,
        state: &mut State,
        storage: &StorageKey,
        change: Change,
        object: Object,
        previous: Option<Object>,
    ) {
        state.revision += 1;
        let revision = state.revision;
        state.table(storage).record(Event {
            revision,
            change,
            object,
            previous,
        });
        self.forget_some(state);
    }

    /// Compacts when there is too much to remember, a quarter at a time so that it is rare.
    fn forget_some(&self, state: &mut State) {
        let history = self.history as u64;
        if state.revision - state.compacted > history {
            let keep = history - history / 4;
            state.compact(state.revision - keep);
        }
    }
}

impl State {
    fn expect(&mut self, storage: &StorageKey, current: &Object) -> Result<(), Stale> {
        let stored = self.table(storage).get(current.content().key());
        match stored {
            Some(stored) if stored.revision() == current.revision() => Ok(()),
            _ => Err(Stale),
        }
    }
}
