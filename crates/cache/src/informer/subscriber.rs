//! One handler's side of the informer: its buffer, and who is to be woken.

use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use futures::task::AtomicWaker;
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::event::Event;
use super::queue::{Entry, Queue};
use crate::store::{Cursor, Snapshot};

/// The buffer between the informer, which fills it, and one handler, which empties it.
pub(super) struct Subscriber<K> {
    buffer: Mutex<Buffer<K>>,
    waker: AtomicWaker,
    synced: AtomicBool,
    changed: Notify,
}

struct Buffer<K> {
    /// The state at which a late handler begins, told before everything in the queue.
    start: Option<(Snapshot<K>, Cursor)>,
    queue: Queue<K>,
    closed: bool,
}

impl<K> Subscriber<K> {
    /// Makes a buffer that begins with a state, if the informer has one.
    pub(super) fn new(start: Option<Snapshot<K>>) -> Self {
        Self {
            buffer: Mutex::new(Buffer {
                start: start.map(|snapshot| (snapshot, Cursor::default())),
                queue: Queue::new(),
                closed: false,
            }),
            waker: AtomicWaker::new(),
            synced: AtomicBool::new(false),
            changed: Notify::new(),
        }
    }

    /// Adds events; `initial_end` says that with them the initial state is complete.
    pub(super) fn push(&self, events: &[Event<K>], initial_end: bool) {
        let mut buffer = self.buffer.lock();
        for event in events {
            buffer.queue.push(Entry::Event(event.clone()));
        }
        if initial_end {
            buffer.queue.push(Entry::InitialEnd);
        }
        drop(buffer);
        self.waker.wake();
    }

    /// Says that nothing will be added. What is there can still be read.
    pub(super) fn close(&self) {
        self.buffer.lock().closed = true;
        self.waker.wake();
        self.changed.notify_waiters();
    }

    pub(super) fn coalesce(&self) {
        self.buffer.lock().queue.coalesce();
    }

    pub(super) fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Option<Event<K>>> {
        self.waker.register(cx.waker());
        let mut buffer = self.buffer.lock();
        loop {
            match buffer.pop() {
                Some(Entry::Event(event)) => return Poll::Ready(Some(event)),
                // Whoever asks for the next event has dealt with the one before.
                Some(Entry::InitialEnd) => self.mark_synced(),
                None if buffer.closed => return Poll::Ready(None),
                None => return Poll::Pending,
            }
        }
    }

    pub(super) fn has_synced(&self) -> bool {
        self.synced.load(Ordering::Acquire)
    }

    /// Waits until the handler has dealt with the initial state, or the informer has stopped.
    ///
    /// Cancel safe.
    pub(super) async fn synced_or_closed(&self) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.has_synced() || self.buffer.lock().closed {
                return;
            }
            changed.await;
        }
    }

    fn mark_synced(&self) {
        self.synced.store(true, Ordering::Release);
        self.changed.notify_waiters();
    }
}

impl<K> Buffer<K> {
    fn pop(&mut self) -> Option<Entry<K>> {
        if let Some((snapshot, cursor)) = &mut self.start {
            if let Some(object) = snapshot.advance(cursor) {
                return Some(Entry::Event(Event::Added {
                    object: object.clone(),
                    initial: true,
                }));
            }
            self.start = None;
            return Some(Entry::InitialEnd);
        }
        self.queue.pop()
    }
}
