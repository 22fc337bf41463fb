//! What an informer's handles and its task share.

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::freshness::Freshness;
use super::hub::Hub;
use super::sync::Progress;
use crate::reflector::ReflectorState;
use crate::store::Store;

pub(super) struct Shared<K> {
    pub(super) store: Store<K>,
    pub(super) hub: Hub<K>,
    pub(super) progress: watch::Sender<Progress>,
    pub(super) freshness: Mutex<Freshness>,
    /// Cancelled when the informer is to stop.
    pub(super) stop: CancellationToken,
    /// The informer's task and those of its handlers.
    pub(super) tasks: TaskTracker,
}

impl<K> Shared<K> {
    pub(super) fn new(stop: CancellationToken, state: ReflectorState) -> Self {
        Self {
            store: Store::new(),
            hub: Hub::new(),
            progress: watch::Sender::new(Progress::Starting),
            freshness: Mutex::new(Freshness::new(state, Instant::now())),
            stop,
            tasks: TaskTracker::new(),
        }
    }

    /// Tells everyone that no more will come.
    pub(super) fn stopped(&self) {
        self.stop.cancel();
        self.freshness
            .lock()
            .entered(ReflectorState::Stopped, Instant::now());
        self.hub.close();
        self.progress.send_replace(Progress::Stopped);
    }
}
