//! Marking an object as being deleted.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Metadata, keep::generation};
use crate::clock::Clock;

/// How an object is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doom {
    /// With the seconds it has left.
    Grace(i64),
    /// Without, as a namespace.
    Open,
}

/// Whether an object is being deleted.
pub(crate) fn is_doomed(metadata: &Metadata) -> bool {
    metadata.contains_key("deletionTimestamp")
}

/// Marks an object as being deleted; the first time its generation moves, if it has one.
pub(crate) fn doom(metadata: &mut Metadata, doom: Doom, clock: &Clock) {
    if !is_doomed(metadata) && generation(metadata) > 0 {
        let next = generation(metadata) + 1;
        metadata.insert("generation".to_owned(), next.into());
    }
    let mut end = clock.now();
    if let Doom::Grace(seconds) = doom {
        let left = SignedDuration::from_secs(seconds);
        end = end.checked_add(left).unwrap_or(Timestamp::MAX);
        metadata.insert("deletionGracePeriodSeconds".to_owned(), seconds.into());
    }
    metadata.insert("deletionTimestamp".to_owned(), time(end));
}

/// A time as objects have it, in whole seconds.
pub(crate) fn time(at: Timestamp) -> Value {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into()
}
