//! What a watch tells.

use bytes::Bytes;

use crate::{DecodeError, ObjectKey, ResourceVersion, Status};

/// One event of a watch, as in `watch.Event`.
#[derive(Debug)]
#[non_exhaustive]
pub enum WatchEvent<K> {
    /// An object came to be, or began to be selected.
    Added(K),
    /// An object changed.
    Modified(K),
    /// An object is gone, or is not selected any more; this is its last state with the version of the deletion.
    Deleted(K),
    /// Nothing was missed up to a resource version.
    Bookmark(Bookmark),
    /// The watch is over, for this reason.
    Error(Box<Status>),
    /// An object changed and its new state cannot be decoded.
    Undecodable {
        /// What happened to the object.
        change: ChangeKind,
        /// What can be told of the object.
        item: Undecodable,
    },
}

/// What happened to an object of which a watch tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It came to be, or began to be selected.
    Added,
    /// It changed.
    Modified,
    /// It is gone, or is not selected any more.
    Deleted,
}

/// A point in the history of the server up to which a watch has missed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bookmark {
    /// The version from which a new watch can go on.
    pub resource_version: ResourceVersion,
    /// Whether the state at the start of the watch has been sent completely, which ends a streaming list.
    pub initial_events_end: bool,
}

/// An object of a list or a watch that cannot be decoded, with as much of its identity as can be read.
#[derive(Debug)]
pub struct Undecodable {
    /// The key, if the metadata can be read.
    pub key: Option<ObjectKey>,
    /// The resource version, if the metadata can be read and has one.
    pub resource_version: Option<ResourceVersion>,
    /// Why it cannot be decoded.
    pub error: DecodeError,
    /// Its bytes, a view into the body that it came in; they may hold a secret.
    pub raw: Bytes,
}
