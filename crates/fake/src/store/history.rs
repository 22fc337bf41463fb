//! What happened: the log that watches read.

use std::sync::Arc;

use super::Store;
use crate::answer::Change;
use crate::object::Object;
use crate::registry::StorageKey;

/// One write.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) revision: u64,
    pub(crate) change: Change,
    /// The object as written; for a deletion as it was, under the revision of the deletion.
    pub(crate) object: Object,
    /// The object as it was before.
    pub(crate) previous: Option<Object>,
}

/// Some events in order.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) events: Vec<Arc<Event>>,
    /// All events up to this revision have been seen with this batch.
    pub(crate) revision: u64,
    /// How many events were left out because the batch was full.
    pub(crate) left: usize,
    /// Whether no more will come.
    pub(crate) closed: bool,
}

/// Why a watch cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behind {
    /// What happened since has been forgotten; the oldest revision that is known.
    Compacted(u64),
    /// The revision has not been reached; the current one.
    Future(u64),
    /// The resource is not there any more.
    Closed,
}

impl Store {
    /// At most `limit` events of a resource after a revision.
    pub(crate) fn events_after(
        &self,
        storage: &StorageKey,
        revision: u64,
        limit: usize,
    ) -> Result<Batch, Behind> {
        let state = self.state.read();
        let table = state.tables.get(storage).ok_or(Behind::Closed)?;
        if revision < table.floor {
            return Err(Behind::Compacted(table.floor));
        }
        if revision > state.revision {
            return Err(Behind::Future(state.revision));
        }
        let from = table
            .log
            .partition_point(|event| event.revision <= revision);
        let events: Vec<_> = table.log.range(from..).take(limit).cloned().collect();
        let left = table.log.len() - from - events.len();
        let revision = match events.last() {
            Some(last) if left > 0 => last.revision,
            _ => state.revision,
        };
        Ok(Batch {
            events,
            revision,
            left,
            closed: table.is_closed(),
        })
    }
}
