//! What an event is to a watch that does not see every object.

use crate::answer::{Change, WatchItem};
use crate::selectors::Selection;
use crate::store::Event;

/// The event as the selection shows it: an object that begins to be selected is added, one that ceases to be is deleted.
///
/// The object of such a deletion is the old one, the last that the watch could see, under the revision of the change.
pub(super) fn seen(event: &Event, selection: &Selection) -> Option<WatchItem> {
    let before = event.previous.as_ref().map(|object| selection.view(object));
    let was = before.filter(|object| selection.matches(object));
    let object = selection.view(&event.object);
    let is = event.change != Change::Deleted && selection.matches(&object);
    let (change, object) = match (was, is) {
        (None, false) => return None,
        (None, true) => (Change::Added, object),
        (Some(_), true) => (Change::Modified, object),
        (Some(old), false) => (Change::Deleted, old.at(event.revision)),
    };
    Some(WatchItem::Event { change, object })
}
