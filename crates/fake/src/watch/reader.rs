//! The one who reads the log for a watch.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::transition::seen;
use super::{Begin, Watch};
use crate::answer::{Change, WatchItem};
use crate::failure;
use crate::store::{Batch, Behind, Range};

/// How many events are taken from the log at a time.
const BATCH: usize = 256;
/// How long before its end a watch gets a last bookmark.
const LAST_BOOKMARK: Duration = Duration::from_secs(2);

/// A watch in progress. It holds no lock while it waits, and nothing but a revision of what it has seen.
#[derive(Debug)]
pub(super) struct Reader {
    watch: Watch,
    /// Everything up to here has been seen.
    revision: u64,
    /// What the watch begins with; taken when it has been handed out.
    initial: Option<Vec<WatchItem>>,
    signal: watch::Receiver<u64>,
    next_bookmark: Option<Instant>,
    end: Instant,
    ended: bool,
}

impl Reader {
    pub(super) fn start(watch: Watch) -> Reader {
        let now = Instant::now();
        let end = now + watch.timeout;
        let signal = watch.world.store.signal(&watch.storage);
        let mut reader = Reader {
            revision: 0,
            initial: None,
            signal,
            next_bookmark: None,
            end,
            ended: false,
            watch,
        };
        reader.schedule_bookmark(now);
        match reader.watch.begin {
            Begin::After(revision) => reader.revision = revision,
            Begin::Now => reader.revision = reader.watch.world.store.revision(),
            Begin::State => reader.read_state(),
        }
        reader
    }

    /// The next frames, at least one; `None` when the watch has ended.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped: the reader moves on only when it returns frames.
    pub(super) async fn next_batch(&mut self) -> Option<Vec<WatchItem>> {
        if let Some(initial) = self.initial.take()
            && !initial.is_empty()
        {
            return Some(initial);
        }
        while !self.ended {
            // Marks the signal as seen before reading, so that what happens in between wakes the reader again.
            self.signal.borrow_and_update();
            match self.read() {
                Err(behind) => return self.fall_behind(behind),
                Ok(items) if !items.is_empty() => return Some(items),
                Ok(_) if self.ended => return None,
                Ok(_) => {}
            }
            if let Some(bookmark) = self.wait().await {
                return Some(vec![bookmark]);
            }
        }
        None
    }

    /// Reads what has happened, as far as a batch goes. Empty if there was nothing to see, and when the watch ends without a word:
    /// because the resource is gone, or because the client does not keep up.
    fn read(&mut self) -> Result<Vec<WatchItem>, Behind> {
        loop {
            let store = &self.watch.world.store;
            let batch = store.events_after(&self.watch.storage, self.revision, BATCH)?;
            if batch.left > self.watch.world.settings.watch_lag {
                self.ended = true;
                return Ok(Vec::new());
            }
            let items = self.take(&batch);
            if !items.is_empty() {
                return Ok(items);
            }
            if batch.left == 0 {
                self.ended |= batch.closed;
                return Ok(items);
            }
        }
    }

    fn take(&mut self, batch: &Batch) -> Vec<WatchItem> {
        self.revision = batch.revision;
        let events = batch.events.iter();
        events
            .filter_map(|event| seen(event, &self.watch.selection))
            .collect()
    }

    /// Waits until something happens; gives a bookmark if it is time for one.
    async fn wait(&mut self) -> Option<WatchItem> {
        let now = Instant::now();
        if now >= self.end {
            self.ended = true;
            return None;
        }
        if self.next_bookmark.is_some_and(|at| now >= at) {
            self.schedule_bookmark(now);
            return Some(self.bookmark(false));
        }
        let next = self.next_bookmark.unwrap_or(self.end).min(self.end);
        tokio::select! {
            changed = self.signal.changed() => self.ended |= changed.is_err(),
            () = sleep_until(next) => {}
        }
        None
    }

    /// The next bookmark is due after the interval, the last one shortly before the end.
    fn schedule_bookmark(&mut self, now: Instant) {
        if !self.watch.bookmarks {
            return;
        }
        let last = self.end - LAST_BOOKMARK.min(self.watch.timeout);
        let next = now + self.watch.world.settings.bookmark_interval;
        self.next_bookmark = match next {
            next if next < last => Some(next),
            _ if now < last => Some(last),
            _ => None,
        };
    }

    fn bookmark(&self, initial_events_end: bool) -> WatchItem {
        WatchItem::Bookmark {
            revision: self.revision,
            initial_events_end,
        }
    }

    fn read_state(&mut self) {
        let selection = &self.watch.selection;
        let range = Range {
            prefix: selection.prefix(),
            ..Range::default()
        };
        let store = &self.watch.world.store;
        // The current revision can always be read.
        let Ok(page) = store.page(&self.watch.storage, range, |object| {
            selection.matches(&selection.view(object))
        }) else {
            return;
        };
        self.revision = page.revision;
        let items = page.items.into_iter();
        let mut items: Vec<_> = items
            .map(|object| WatchItem::Event {
                change: Change::Added,
                object: selection.view(&object),
            })
            .collect();
        if self.watch.bookmarks {
            items.push(self.bookmark(true));
        }
        self.initial = Some(items);
    }

    /// Says why the watch cannot go on, if the client is to know, and ends it.
    fn fall_behind(&mut self, behind: Behind) -> Option<Vec<WatchItem>> {
        self.ended = true;
        let status = match behind {
            Behind::Compacted(oldest) => failure::expired(format!(
                "too old resource version: {} ({oldest})",
                self.revision
            )),
            Behind::Future(current) => failure::too_large_resource_version(self.revision, current),
            Behind::Closed => return None,
        };
        Some(vec![WatchItem::Error(status)])
    }
}
