//! The keys that are not due yet.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use tokio::time::Instant;

use crate::shrink::Shrink;

/// A key's place among the delayed keys: by time, and by arrival where the time is the same.
type Place = (Instant, u64);

/// Keys by the time they are due, each key once, with its earliest time.
///
/// A tree and not a heap, because a key that becomes due sooner must give up its old place at once: entries left behind in a
/// heap would pile up under a key that is delayed again and again.
#[derive(Debug)]
pub(crate) struct Delayed<K> {
    schedule: BTreeMap<Place, K>,
    places: HashMap<K, Place>,
    arrivals: u64,
}

impl<K: Clone + Eq + Hash> Delayed<K> {
    pub(crate) fn insert(&mut self, key: K, due: Instant) {
        let place = (due, self.arrivals);
        match self.places.entry(key) {
            Entry::Vacant(slot) => {
                self.schedule.insert(place, slot.key().clone());
                slot.insert(place);
            }
            Entry::Occupied(mut slot) if due < slot.get().0 => {
                let former = slot.insert(place);
                if let Some(key) = self.schedule.remove(&former) {
                    self.schedule.insert(place, key);
                }
            }
            Entry::Occupied(_) => return,
        }
        self.arrivals += 1;
    }

    /// Takes out the first key if it is due, with the time it was due.
    pub(crate) fn pop_due(&mut self, now: Instant) -> Option<(K, Instant)> {
        let first = self.schedule.first_entry()?;
        let (due, _) = *first.key();
        if due > now {
            return None;
        }
        let key = first.remove();
        self.places.remove(&key);
        self.places.shrink_if_sparse();
        Some((key, due))
    }

    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.schedule.first_key_value().map(|((due, _), _)| *due)
    }

    pub(crate) fn len(&self) -> usize {
        self.schedule.len()
    }
}

impl<K> Default for Delayed<K> {
    fn default() -> Self {
        Self {
            schedule: BTreeMap::new(),
            places: HashMap::new(),
            arrivals: 0,
        }
    }
}
