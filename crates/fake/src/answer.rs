//! What a request is answered with, before it is encoded.
//!
//! `verbs` makes an [`Answer`], `http` encodes it in what the client accepts. Objects in it are shared with the store and with every
//! other reader.

use std::fmt;
use std::sync::Arc;

use futures::stream::BoxStream;
use http::StatusCode;
use kubekit_core::Status;

use crate::object::{Object, Types};
use crate::registry::Resource;

/// A successful answer. Failures are the error of a `Result`.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: StatusCode,
    /// Texts for `Warning` headers, in order.
    pub(crate) warnings: Vec<String>,
    pub(crate) payload: Payload,
}

#[derive(Debug)]
pub(crate) enum Payload {
    /// One object. Its types are those it is served under, which for some subresources are not those of the resource.
    Object { types: Types, object: Object },
    /// A collection.
    List(List),
    /// A `Status` of success, as most deletions give.
    Status(Box<Status>),
    /// Changes as they happen.
    Watch(Watch),
}

/// A collection, or a page of it.
#[derive(Debug)]
pub(crate) struct List {
    /// The resource as served: the list's kind, and for custom resources the types of each item, which built-in ones go without.
    pub(crate) resource: Arc<Resource>,
    pub(crate) resource_version: u64,
    /// The token for the next page. Custom resources have `continue: ""` in the answer when there is none.
    pub(crate) continue_token: Option<String>,
    pub(crate) remaining_item_count: Option<u64>,
    pub(crate) items: Vec<Object>,
}

/// The changes of a collection.
pub(crate) struct Watch {
    /// The resource as served; its kind and version are those of every event's object.
    pub(crate) resource: Arc<Resource>,
    /// Ends when the watch times out, falls too far behind, or after an error. Dropping it ends the watch.
    pub(crate) events: BoxStream<'static, WatchItem>,
}

/// One frame of a watch.
#[derive(Clone, Debug)]
pub(crate) enum WatchItem {
    Event {
        change: Change,
        object: Object,
    },
    /// The watch has seen everything up to this revision.
    Bookmark {
        revision: u64,
        /// Whether this ends the initial events (annotation `k8s.io/initial-events-end`).
        initial_events_end: bool,
    },
    /// The watch ends with this.
    Error(Box<Status>),
}

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Added,
    Modified,
    Deleted,
}

impl Answer {
    /// 200 with an object.
    pub(crate) fn object(types: Types, object: Object) -> Answer {
        Answer::new(StatusCode::OK, Payload::Object { types, object })
    }

    /// 201 with an object.
    pub(crate) fn created(types: Types, object: Object) -> Answer {
        Answer::new(StatusCode::CREATED, Payload::Object { types, object })
    }

    /// 201 with a `Status` of success, for what is done when it is created.
    pub(crate) fn created_status() -> Answer {
        let mut status = Box::new(Status::success());
        status.code = StatusCode::CREATED.as_u16();
        Answer::new(StatusCode::CREATED, Payload::Status(status))
    }

    /// 200 with anything else.
    pub(crate) fn ok(payload: Payload) -> Answer {
        Answer::new(StatusCode::OK, payload)
    }

    /// The same with these warnings after those it has.
    pub(crate) fn warned(mut self, warnings: Vec<String>) -> Answer {
        self.warnings.extend(warnings);
        self
    }

    fn new(code: StatusCode, payload: Payload) -> Answer {
        Answer {
            code,
            warnings: Vec::new(),
            payload,
        }
    }
}

impl Change {
    /// The event type on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Change::Added => "ADDED",
            Change::Modified => "MODIFIED",
            Change::Deleted => "DELETED",
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}
