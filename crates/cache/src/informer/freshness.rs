//! How fresh a cache is.

use std::sync::Arc;

use kubekit_core::ResourceVersion;
use tokio::time::Instant;

use super::hub::Source;
use crate::list_watch::ListWatchError;
use crate::reflector::ReflectorState;

/// How fresh a cache is, and what its informer has been through; returned by
/// [`SharedInformer::freshness`](crate::SharedInformer::freshness).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Freshness {
    /// What the informer is at.
    pub state: ReflectorState,
    /// Since when it is at that.
    pub since: Instant,
    /// The version up to which the cache has seen everything.
    pub resource_version: Option<ResourceVersion>,
    /// When the last list was complete.
    pub last_list: Option<Instant>,
    /// When the last change of an object arrived.
    pub last_event: Option<Instant>,
    /// When the last bookmark arrived: nothing was missed up to then.
    pub last_bookmark: Option<Instant>,
    /// How many lists were complete.
    pub lists: u64,
    /// How many objects could not be decoded, in lists and watches; each time that one was met counts.
    pub undecodable: u64,
    /// What went wrong last, if anything has since the last complete list.
    pub last_error: Option<Arc<ListWatchError>>,
}

impl Freshness {
    pub(super) fn new(state: ReflectorState, now: Instant) -> Self {
        Self {
            state,
            since: now,
            resource_version: None,
            last_list: None,
            last_event: None,
            last_bookmark: None,
            lists: 0,
            undecodable: 0,
            last_error: None,
        }
    }

    /// Returns when the server was last heard to say something of the objects: by a list, an event or a bookmark.
    pub fn last_heard(&self) -> Option<Instant> {
        self.last_list.max(self.last_event).max(self.last_bookmark)
    }

    pub(super) fn took_in(
        &mut self,
        source: Source,
        changed: bool,
        version: Option<&ResourceVersion>,
        now: Instant,
    ) {
        self.resource_version = version.cloned();
        if source == Source::List {
            self.lists += 1;
            self.last_list = Some(now);
            self.last_error = None;
        } else if changed {
            self.last_event = Some(now);
        }
    }

    pub(super) fn entered(&mut self, state: ReflectorState, now: Instant) {
        if self.state != state {
            self.state = state;
            self.since = now;
        }
    }
}
