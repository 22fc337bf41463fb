//! What has been hung into a server and can be taken out again.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::RwLock;

use crate::action::Action;
use crate::requests::Requests;

/// A reactor or a fault in a server. Dropping it changes nothing: it stays until it is used up or [removed](Hook::remove).
#[derive(Clone, Debug)]
pub struct Hook(Arc<Use>);

/// How a hook is used.
#[derive(Debug)]
struct Use {
    requests: Requests,
    hits: AtomicU64,
    /// After so many hits it is used up.
    limit: u64,
    removed: AtomicBool,
}

impl Hook {
    fn new(requests: Requests, limit: Option<u64>) -> Hook {
        Hook(Arc::new(Use {
            requests,
            hits: AtomicU64::new(0),
            limit: limit.unwrap_or(u64::MAX),
            removed: AtomicBool::new(false),
        }))
    }

    /// Returns how many requests it has been used on.
    pub fn hits(&self) -> u64 {
        self.0.hits.load(Ordering::Acquire)
    }

    /// Takes it out: it is used on no request that comes in from now on.
    pub fn remove(&self) {
        self.0.removed.store(true, Ordering::Release);
    }

    fn is_spent(&self) -> bool {
        self.0.removed.load(Ordering::Acquire) || self.hits() >= self.0.limit
    }

    /// Counts one use, unless it is used up.
    pub(crate) fn use_once(&self) -> bool {
        let next = |hits: u64| (hits < self.0.limit).then_some(hits + 1);
        let counted = self
            .0
            .hits
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, next);
        counted.is_ok()
    }
}

/// Things that have been hung in, in that order.
pub(crate) struct Hooks<T: ?Sized>(RwLock<Vec<(Hook, Arc<T>)>>);

impl<T: ?Sized> Hooks<T> {
    pub(crate) fn add(&self, requests: Requests, limit: Option<u64>, thing: Arc<T>) -> Hook {
        let hook = Hook::new(requests, limit);
        let mut hooks = self.0.write();
        hooks.retain(|(hook, _)| !hook.is_spent());
        hooks.push((hook.clone(), thing));
        hook
    }

    /// Those for a request. None of them is counted as used yet.
    pub(crate) fn on(&self, action: &Action) -> Vec<(Hook, Arc<T>)> {
        let hooks = self.0.read();
        let meant = hooks
            .iter()
            .filter(|(hook, _)| !hook.is_spent() && hook.0.requests.contain(action));
        meant.cloned().collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.read().is_empty()
    }

    /// Takes all of them out.
    pub(crate) fn clear(&self) {
        for (hook, _) in self.0.write().drain(..) {
            hook.remove();
        }
    }
}

impl<T: ?Sized> Default for Hooks<T> {
    fn default() -> Self {
        Hooks(RwLock::new(Vec::new()))
    }
}

impl<T: ?Sized> fmt::Debug for Hooks<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.read().iter().map(|(hook, _)| hook))
            .finish()
    }
}
