//! A clock that is off.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use parking_lot::RwLock;

use crate::clock::Clock;

/// How far a clock is off. Clones are about the same clock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Skew(Arc<RwLock<SignedDuration>>);

impl Skew {
    pub(crate) fn set(&self, by: SignedDuration) {
        *self.0.write() = by;
    }

    /// A clock that is off by this from another.
    pub(crate) fn of(&self, clock: Clock) -> Clock {
        let skew = self.clone();
        Clock::from_fn(move || {
            let by = *skew.0.read();
            let end = if by.is_negative() {
                Timestamp::MIN
            } else {
                Timestamp::MAX
            };
            clock.now().checked_add(by).unwrap_or(end)
        })
    }
}
