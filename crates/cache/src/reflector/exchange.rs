//! What a reflector and the one who drives it say to each other.

use kubekit_core::{ChangeKind, ListOptions, ResourceVersion, WatchOptions};

use crate::list_watch::ListWatchError;

/// What a reflector wants done.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// Request this page of a list. A request without a continue token begins a new list: pages collected so far are void.
    List(ListOptions),
    /// Open this watch.
    Watch(WatchOptions),
    /// Read on from the open watch. After any other step the watch is to be dropped.
    Read,
    /// Do nothing until the timeout.
    Wait,
}

/// What came of a step.
#[derive(Debug)]
#[non_exhaustive]
pub enum Input<'a> {
    /// A page of the list arrived.
    Page {
        /// The version of the list.
        resource_version: Option<ResourceVersion>,
        /// The token of the next page, unless this is the last one.
        continue_token: Option<&'a str>,
    },
    /// The watch is open.
    Opened,
    /// The watch told of an object, decodable or not.
    Changed {
        /// What happened to the object.
        change: ChangeKind,
        /// The version of the object, if it can be told.
        resource_version: Option<ResourceVersion>,
    },
    /// The watch sent a bookmark.
    Bookmark(ResourceVersion),
    /// The watch ended.
    Closed,
    /// The list or the watch failed, or the watch sent an error.
    Failed(&'a ListWatchError),
    /// The timeout has passed.
    Timeout,
}

/// What is to be done with the objects that an input brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Nothing.
    None,
    /// Keep the objects of the page until the list is complete.
    Collect,
    /// The list is complete: the pages since it began replace the content of the cache.
    Replace,
    /// Apply the change.
    Apply,
}
