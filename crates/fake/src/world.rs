//! All that one server knows: what its requests, whatever way they came in, work on.

use crate::clock::Clock;
use crate::ids::Ids;
use crate::registry::Registry;
use crate::store::Store;

/// The state of one server. Shared as `Arc<World>` by every connection and every watch.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) registry: Registry,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) settings: Settings,
}

/// What a builder can change about a [`World`].
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// How many events the store remembers at most.
    pub(crate) history: usize,
    /// How many events a watch may be behind before it is cut.
    pub(crate) watch_lag: usize,
    /// How often a watch that wants bookmarks gets one.
    pub(crate) bookmark_interval: std::time::Duration,
}
