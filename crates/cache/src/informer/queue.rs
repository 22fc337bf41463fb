//! What waits for a handler: every event, or the latest per object.

use std::collections::{HashMap, VecDeque, hash_map};

use kubekit_core::ObjectKey;

use super::event::Event;
use crate::store::Cached;

/// Events that wait for a handler.
pub(super) enum Queue<K> {
    Every(VecDeque<Entry<K>>),
    Latest(Latest<K>),
}

pub(super) enum Entry<K> {
    Event(Event<K>),
    /// All events before this are of the initial state.
    InitialEnd,
}

impl<K> Queue<K> {
    pub(super) fn new() -> Self {
        Self::Every(VecDeque::new())
    }

    pub(super) fn push(&mut self, entry: Entry<K>) {
        match self {
            Self::Every(entries) => entries.push_back(entry),
            Self::Latest(latest) => latest.push(entry),
        }
    }

    pub(super) fn pop(&mut self) -> Option<Entry<K>> {
        match self {
            Self::Every(entries) => entries.pop_front(),
            Self::Latest(latest) => latest.pop(),
        }
    }

    /// Merges from now on, and what is there, the events of each object.
    pub(super) fn coalesce(&mut self) {
        if let Self::Every(entries) = self {
            let mut latest = Latest::new();
            entries.drain(..).for_each(|entry| latest.push(entry));
            *self = Self::Latest(latest);
        }
    }
}

/// Events merged per object, in the order in which the objects were first told of.
///
/// Merging keeps what the handler needs to follow the store: an object that came and went is not told of at all, and one that was
/// deleted and came again is told of as two events, because it is another object. So at most two events wait per object.
pub(super) struct Latest<K> {
    order: VecDeque<Turn>,
    pending: HashMap<ObjectKey, Pending<K>>,
    /// Tells the turn of an object from an earlier one that was merged away.
    next_turn: u64,
}

enum Turn {
    Object(ObjectKey, u64),
    InitialEnd,
}

/// What the handler has yet to be told of an object: that it is gone, that it is there, or first one and then the other.
struct Pending<K> {
    turn: u64,
    deleted: Option<Event<K>>,
    present: Option<Present<K>>,
}

enum Present<K> {
    Added { object: Cached<K>, initial: bool },
    Updated { old: Cached<K>, new: Cached<K> },
}

impl<K> Latest<K> {
    fn new() -> Self {
        Self {
            order: VecDeque::new(),
            pending: HashMap::new(),
            next_turn: 0,
        }
    }

    fn push(&mut self, entry: Entry<K>) {
        let event = match entry {
            Entry::Event(event) => event,
            Entry::InitialEnd => return self.order.push_back(Turn::InitialEnd),
        };
        let key = event.key().clone();
        let pending = match self.pending.entry(key.clone()) {
            hash_map::Entry::Occupied(entry) => entry.into_mut(),
            hash_map::Entry::Vacant(entry) => {
                self.order
                    .push_back(Turn::Object(key.clone(), self.next_turn));
                self.next_turn += 1;
                entry.insert(Pending::new(self.next_turn - 1))
            }
        };
        pending.merge(event);
        if pending.is_empty() {
            self.pending.remove(&key);
            self.forget_empty_turns();
        }
    }

    fn pop(&mut self) -> Option<Entry<K>> {
        while let Some(turn) = self.order.front() {
            let Turn::Object(key, turn) = turn else {
                self.order.pop_front();
                return Some(Entry::InitialEnd);
            };
            let pending = self
                .pending
                .get_mut(key)
                .filter(|pending| pending.turn == *turn);
            let event = match pending {
                Some(pending) if pending.deleted.is_some() && pending.present.is_some() => {
                    return pending.deleted.take().map(Entry::Event);
                }
                Some(_) => self.pending.remove(key).and_then(Pending::into_event),
                None => None,
            };
            self.order.pop_front();
            if event.is_some() {
                return event.map(Entry::Event);
            }
        }
        None
    }

    /// Keeps objects that come and go, while the handler does nothing, from filling the order with turns of nothing.
    fn forget_empty_turns(&mut self) {
        let Self { order, pending, .. } = self;
        if order.len() > 64 + 2 * pending.len() {
            order.retain(|turn| match turn {
                Turn::Object(key, turn) => pending
                    .get(key)
                    .is_some_and(|pending| pending.turn == *turn),
                Turn::InitialEnd => true,
            });
        }
    }
}

impl<K> Pending<K> {
    fn new(turn: u64) -> Self {
        Self {
            turn,
            deleted: None,
            present: None,
        }
    }

    fn is_empty(&self) -> bool {
        self.deleted.is_none() && self.present.is_none()
    }

    fn merge(&mut self, event: Event<K>) {
        self.present = match (self.present.take(), event) {
            (None, Event::Added { object, initial }) => Some(Present::Added { object, initial }),
            (None, Event::Updated { old, new }) => Some(Present::Updated { old, new }),
            (
                Some(Present::Added { initial, .. }),
                Event::Added { object, .. } | Event::Updated { new: object, .. },
            ) => Some(Present::Added { object, initial }),
            (
                Some(Present::Updated { old, .. }),
                Event::Added { object: new, .. } | Event::Updated { new, .. },
            ) => Some(Present::Updated { old, new }),
            // The handler has not been told that it was there.
            (Some(Present::Added { .. }), Event::Deleted { .. }) => None,
            (Some(Present::Updated { .. }) | None, event @ Event::Deleted { .. }) => {
                self.deleted = Some(event);
                None
            }
        };
    }

    fn into_event(self) -> Option<Event<K>> {
        if self.deleted.is_some() {
            return self.deleted;
        }
        Some(match self.present? {
            Present::Added { object, initial } => Event::Added { object, initial },
            Present::Updated { old, new } => Event::Updated { old, new },
        })
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::ConfigMap;

    use super::*;

    fn object(name: &str) -> Cached<ConfigMap> {
        let mut map = ConfigMap::default();
        map.metadata.name = Some(name.to_owned());
        Cached::new(map).expect("it has a name")
    }

    #[test]
    fn objects_that_come_and_go_leave_nothing_behind() {
        let mut latest = Latest::new();
        for number in 0..10_000 {
            let object = object(&number.to_string());
            let added = Event::Added {
                object: object.clone(),
                initial: false,
            };
            let deleted = Event::Deleted {
                object,
                observed: true,
            };
            latest.push(Entry::Event(added));
            latest.push(Entry::Event(deleted));
        }
        assert!(latest.pending.is_empty());
        assert!(latest.order.len() <= 65, "{}", latest.order.len());
        assert!(latest.pop().is_none());
    }
}
