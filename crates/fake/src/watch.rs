//! Watches: the log of a resource, read as it grows, through a selection.

mod reader;
mod transition;

use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt};

use crate::answer::WatchItem;
use crate::registry::StorageKey;
use crate::selectors::Selection;
use crate::world::World;
use reader::Reader;

/// A watch that has been accepted.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) world: Arc<World>,
    pub(crate) storage: StorageKey,
    pub(crate) selection: Selection,
    pub(crate) begin: Begin,
    /// Whether the client wants bookmarks.
    pub(crate) bookmarks: bool,
    /// After this the stream ends.
    pub(crate) timeout: Duration,
}

/// Where a watch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    /// With what there is, as if it had just been added.
    State,
    /// With what happens next.
    Now,
    /// With what happened after a revision.
    After(u64),
}

impl Watch {
    /// The frames of the watch. What there is now is read at once, so that the watch begins when the request is answered and not when
    /// its answer is read.
    pub(crate) fn events(self) -> BoxStream<'static, WatchItem> {
        let reader = Reader::start(self);
        let batches = stream::unfold(reader, |mut reader| async move {
            let items = reader.next_batch().await?;
            Some((stream::iter(items), reader))
        });
        batches.flatten().boxed()
    }
}
