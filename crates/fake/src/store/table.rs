//! The objects of one resource: those that live, those that were, and what happened.

use std::collections::{BTreeMap, VecDeque};
use std::iter::Peekable;
use std::ops::Bound;
use std::sync::Arc;

use tokio::sync::watch;

use super::Event;
use crate::object::Object;

/// The objects of one resource, in the order of their keys.
#[derive(Debug)]
pub(super) struct Table {
    live: BTreeMap<Arc<str>, Object>,
    /// What has been replaced or deleted since the last compaction, oldest first.
    past: BTreeMap<Arc<str>, Vec<Version>>,
    /// What happened since the last compaction, oldest first.
    pub(super) log: VecDeque<Arc<Event>>,
    /// Nothing is known of what happened before this revision.
    pub(super) floor: u64,
    closed: bool,
    signal: watch::Sender<u64>,
}

/// An object as it was from its revision to before `until`.
#[derive(Debug)]
struct Version {
    object: Object,
    until: u64,
}

impl Table {
    pub(super) fn new(revision: u64) -> Table {
        Table {
            live: BTreeMap::new(),
            past: BTreeMap::new(),
            log: VecDeque::new(),
            floor: revision,
            closed: false,
            signal: watch::Sender::new(revision),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Object> {
        self.live.get(key)
    }

    /// All living objects.
    pub(super) fn live(&self) -> &BTreeMap<Arc<str>, Object> {
        &self.live
    }

    /// Puts other objects in place of all that is known, history included, and wakes the watches.
    pub(super) fn reset(&mut self, live: BTreeMap<Arc<str>, Object>, revision: u64) {
        self.live = live;
        self.past.clear();
        self.log.clear();
        self.floor = revision;
        self.signal.send_replace(revision);
    }

    pub(super) fn signal(&self) -> watch::Receiver<u64> {
        self.signal.subscribe()
    }

    /// The revision of what happened last.
    pub(super) fn last_change(&self) -> u64 {
        *self.signal.borrow()
    }

    /// Puts an object in place and says what was there.
    pub(super) fn put(&mut self, object: Object) -> Option<Object> {
        let key: Arc<str> = object.content().key().into();
        let until = object.revision();
        let previous = self.live.insert(Arc::clone(&key), object)?;
        self.retire(key, previous.clone(), until);
        Some(previous)
    }

    /// Takes an object away at `revision`.
    pub(super) fn take(&mut self, key: &str, revision: u64) -> Option<Object> {
        let (key, object) = self.live.remove_entry(key)?;
        self.retire(key, object.clone(), revision);
        Some(object)
    }

    /// Adds what happened to the log and wakes the watches.
    pub(super) fn record(&mut self, event: Event) {
        let revision = event.revision;
        self.log.push_back(Arc::new(event));
        self.signal.send_replace(revision);
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
        self.signal.send_modify(|_| {});
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// The living objects whose keys begin with `prefix`, after the key `after`.
    pub(super) fn live_from<'a>(
        &'a self,
        prefix: &'a str,
        after: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Object> {
        let range = self
            .live
            .range::<str, _>((start(prefix, after), Bound::Unbounded));
        range
            .take_while(move |(key, _)| key.starts_with(prefix))
            .map(|(_, object)| object)
    }

    /// As [`Table::live_from`], but the objects as they were at `revision`.
    pub(super) fn at<'a>(
        &'a self,
        revision: u64,
        prefix: &'a str,
        after: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Object> {
        let past = self
            .past
            .range::<str, _>((start(prefix, after), Bound::Unbounded));
        let past = past
            .take_while(move |(key, _)| key.starts_with(prefix))
            .filter_map(move |(_, versions)| version_at(versions, revision));
        let live = self.live_from(prefix, after);
        Merge {
            live: live
                .filter(move |object| object.revision() <= revision)
                .peekable(),
            past: past.peekable(),
        }
    }

    /// Forgets what ended at or before `revision`.
    pub(super) fn compact(&mut self, revision: u64) {
        let forgotten = self.log.partition_point(|event| event.revision <= revision);
        self.log.drain(..forgotten);
        self.past.retain(|_, versions| {
            versions.retain(|version| version.until > revision);
            !versions.is_empty()
        });
        self.floor = self.floor.max(revision);
    }

    fn retire(&mut self, key: Arc<str>, object: Object, until: u64) {
        let versions = self.past.entry(key).or_default();
        versions.push(Version { object, until });
    }
}

fn start<'a>(prefix: &'a str, after: Option<&'a str>) -> Bound<&'a str> {
    match after {
        Some(after) if after >= prefix => Bound::Excluded(after),
        _ => Bound::Included(prefix),
    }
}

fn version_at(versions: &[Version], revision: u64) -> Option<&Object> {
    let at = versions.partition_point(|version| version.until <= revision);
    let object = &versions.get(at)?.object;
    (object.revision() <= revision).then_some(object)
}

/// Two iterators in the order of keys, made one. A key is never in both: at any revision an object is either living or past.
struct Merge<L: Iterator, P: Iterator> {
    live: Peekable<L>,
    past: Peekable<P>,
}

impl<'a, L, P> Iterator for Merge<L, P>
where
    L: Iterator<Item = &'a Object>,
    P: Iterator<Item = &'a Object>,
{
    type Item = &'a Object;

    fn next(&mut self) -> Option<&'a Object> {
        let past_first = match (self.live.peek(), self.past.peek()) {
            (Some(live), Some(past)) => past.content().key() < live.content().key(),
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if past_first {
            self.past.next()
        } else {
            self.live.next()
        }
    }
}
