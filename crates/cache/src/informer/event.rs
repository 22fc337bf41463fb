//! What an informer tells its handlers.

use std::fmt;

use kubekit_core::ObjectKey;

use crate::store::Cached;

/// A change of the cache, told to a handler.
///
/// The events of one object come in order, each continues the state that the one before left, and together they add up
/// to what the store has.
#[non_exhaustive]
pub enum Event<K> {
    /// An object is in the cache that was not before.
    Added {
        /// The object.
        object: Cached<K>,
        /// Whether it was there when the handler began, as opposed to having come since.
        initial: bool,
    },
    /// An object has changed. Several changes may have become one.
    Updated {
        /// Its state before.
        old: Cached<K>,
        /// Its state now.
        new: Cached<K>,
    },
    /// An object is gone.
    Deleted {
        /// Its last known state.
        object: Cached<K>,
        /// Whether the deletion was observed, so that this is the object's final state. Otherwise the object was found missing,
        /// and it may have changed before it went. client-go's `DeletedFinalStateUnknown`.
        observed: bool,
    },
}

impl<K> Event<K> {
    /// Returns the object: its new state, or the last known one if it is gone.
    pub fn object(&self) -> &Cached<K> {
        match self {
            Self::Added { object, .. } | Self::Deleted { object, .. } => object,
            Self::Updated { new, .. } => new,
        }
    }

    /// Returns the key of the object.
    pub fn key(&self) -> &ObjectKey {
        self.object().key()
    }
}

impl<K> Clone for Event<K> {
    fn clone(&self) -> Self {
        match self {
            Self::Added { object, initial } => Self::Added {
                object: object.clone(),
                initial: *initial,
            },
            Self::Updated { old, new } => Self::Updated {
                old: old.clone(),
                new: new.clone(),
            },
            Self::Deleted { object, observed } => Self::Deleted {
                object: object.clone(),
                observed: *observed,
            },
        }
    }
}

impl<K> fmt::Debug for Event<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { object, initial } => f
                .debug_struct("Added")
                .field("object", object)
                .field("initial", initial)
                .finish(),
            Self::Updated { old, new } => f
                .debug_struct("Updated")
                .field("old", old)
                .field("new", new)
                .finish(),
            Self::Deleted { object, observed } => f
                .debug_struct("Deleted")
                .field("object", object)
                .field("observed", observed)
                .finish(),
        }
    }
}
