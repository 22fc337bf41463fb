//! The queue's contract: in order, each key once, one worker per key.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::time::Duration;

use tokio::time::Instant;

use crate::shrink::Shrink;
use crate::stats::{Stats, Timing};

/// The keys to hand out and the keys handed out.
///
/// `ready` holds the dirty keys that are not being processed, each once. A key is cloned when it becomes ready and never
/// again: it moves from one collection to the next.
#[derive(Debug)]
pub(crate) struct Fifo<K> {
    ready: VecDeque<K>,
    /// The keys that need work, and since when.
    dirty: HashMap<K, Instant>,
    /// The keys being worked on, and since when.
    processing: HashMap<K, Instant>,
    adds: u64,
    queue_latency: Timing,
    work_duration: Timing,
}

impl<K: Clone + Eq + Hash> Fifo<K> {
    pub(crate) fn add(&mut self, key: K, at: Instant) {
        let Entry::Vacant(dirty) = self.dirty.entry(key) else {
            return;
        };
        self.adds += 1;
        if !self.processing.contains_key(dirty.key()) {
            self.ready.push_back(dirty.key().clone());
        }
        dirty.insert(at);
    }

    pub(crate) fn pop(&mut self, now: Instant) -> Option<K> {
        let key = self.ready.pop_front()?;
        self.ready.shrink_if_sparse();
        let (twin, since) = self
            .dirty
            .remove_entry(&key)
            .expect("a ready key is dirty, as long as its `Eq` and `Hash` agree");
        self.dirty.shrink_if_sparse();
        self.queue_latency
            .record(now.saturating_duration_since(since));
        self.processing.insert(twin, now);
        Some(key)
    }

    pub(crate) fn done(&mut self, key: &K, now: Instant) {
        let Some((key, since)) = self.processing.remove_entry(key) else {
            return;
        };
        self.processing.shrink_if_sparse();
        self.work_duration
            .record(now.saturating_duration_since(since));
        if self.dirty.contains_key(&key) {
            self.ready.push_back(key);
        }
    }

    pub(crate) fn ready(&self) -> usize {
        self.ready.len()
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.ready.is_empty() && self.processing.is_empty()
    }

    /// What this half of the queue knows; the rest of the fields is zero.
    pub(crate) fn stats(&self, now: Instant) -> Stats {
        let running = || {
            let since = self.processing.values();
            since.map(|since| now.saturating_duration_since(*since))
        };
        Stats {
            depth: self.dirty.len(),
            ready: self.ready.len(),
            processing: self.processing.len(),
            adds: self.adds,
            queue_latency: self.queue_latency.clone(),
            work_duration: self.work_duration.clone(),
            unfinished_work: running().fold(Duration::ZERO, Duration::saturating_add),
            longest_running: running().max().unwrap_or_default(),
            ..Stats::default()
        }
    }
}

impl<K> Default for Fifo<K> {
    fn default() -> Self {
        Self {
            ready: VecDeque::new(),
            dirty: HashMap::new(),
            processing: HashMap::new(),
            adds: 0,
            queue_latency: Timing::default(),
            work_duration: Timing::default(),
        }
    }
}
