//! The delta queue between reflector and store.

mod fifo;
mod replacement;

pub use fifo::DeltaFifo;
pub use replacement::Replacement;

use std::fmt;

use crate::store::Cached;

/// One change of an object, as in client-go's `Delta`.
#[non_exhaustive]
pub enum Delta<K> {
    /// A watch told that the object came to be.
    Added(Cached<K>),
    /// A watch told that the object changed.
    Updated(Cached<K>),
    /// The object is gone.
    Deleted {
        /// Its last known state.
        object: Cached<K>,
        /// Whether the deletion was observed, so that this is the object's final state. Otherwise a list lacked the object, and it
        /// may have changed before it went.
        observed: bool,
    },
    /// A list has the object in a state that was not known.
    Replaced(Cached<K>),
    /// The object has not changed; it is told of again.
    Sync(Cached<K>),
}

impl<K> Delta<K> {
    /// Returns the object, in its last known state if it is gone.
    pub fn object(&self) -> &Cached<K> {
        match self {
            Self::Added(object)
            | Self::Updated(object)
            | Self::Deleted { object, .. }
            | Self::Replaced(object)
            | Self::Sync(object) => object,
        }
    }

    /// Says whether the object is gone.
    pub fn is_deleted(&self) -> bool {
        matches!(self, Self::Deleted { .. })
    }

    /// A deletion that was observed.
    pub(crate) fn observed(object: Cached<K>) -> Self {
        Self::Deleted {
            object,
            observed: true,
        }
    }
}

impl<K> Clone for Delta<K> {
    fn clone(&self) -> Self {
        match self {
            Self::Added(object) => Self::Added(object.clone()),
            Self::Updated(object) => Self::Updated(object.clone()),
            Self::Deleted { object, observed } => Self::Deleted {
                object: object.clone(),
                observed: *observed,
            },
            Self::Replaced(object) => Self::Replaced(object.clone()),
            Self::Sync(object) => Self::Sync(object.clone()),
        }
    }
}

impl<K> fmt::Debug for Delta<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Added(_) => "Added",
            Self::Updated(_) => "Updated",
            Self::Deleted { observed: true, .. } => "Deleted",
            Self::Deleted {
                observed: false, ..
            } => "Deleted (not observed)",
            Self::Replaced(_) => "Replaced",
            Self::Sync(_) => "Sync",
        };
        f.debug_tuple(name).field(self.object().key()).finish()
    }
}
