//! Options of a watch.

use std::time::Duration;

use super::read::{ResourceVersionMatch, push_selectors, whole_seconds};
use crate::{FieldSelector, LabelSelector, Query, ResourceVersion};

/// Options of a watch, as in `metav1.ListOptions`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WatchOptions {
    /// Restricts the watch by labels.
    pub label_selector: LabelSelector,
    /// Restricts the watch by fields; which fields work depends on the kind.
    pub field_selector: FieldSelector,
    /// The version after which changes are wanted: unset to start with the most recent state, `0` with any state.
    pub resource_version: Option<ResourceVersion>,
    /// How `resource_version` is to be understood; only together with `send_initial_events`.
    pub resource_version_match: Option<ResourceVersionMatch>,
    /// How long the server keeps the watch open; whole seconds, rounded up.
    pub timeout: Option<Duration>,
    /// Whether bookmarks may be sent between changes.
    pub bookmarks: bool,
    /// Whether the state at the start is sent as events, ended by a bookmark: a streaming list.
    pub send_initial_events: Option<bool>,
    /// Restricts the watch to a shard, such as `shardRange(object.metadata.uid,'0x0','0x8000000000000000')`.
    pub shard_selector: Option<String>,
}

impl Default for WatchOptions {
    fn default() -> Self {
        Self {
            label_selector: LabelSelector::default(),
            field_selector: FieldSelector::default(),
            resource_version: None,
            resource_version_match: None,
            timeout: None,
            bookmarks: true,
            send_initial_events: None,
            shard_selector: None,
        }
    }
}

impl WatchOptions {
    /// Restricts the watch by labels. Everything by default.
    pub fn label_selector(mut self, selector: LabelSelector) -> Self {
        self.label_selector = selector;
        self
    }

    /// Restricts the watch by fields. Everything by default.
    pub fn field_selector(mut self, selector: FieldSelector) -> Self {
        self.field_selector = selector;
        self
    }

    /// Sets the version after which changes are wanted. By default the watch starts with the most recent state.
    pub fn resource_version(mut self, version: impl Into<ResourceVersion>) -> Self {
        self.resource_version = Some(version.into());
        self
    }

    /// Sets how long the server keeps the watch open. The server's own choice by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Asks for no bookmarks. They are asked for by default.
    pub fn without_bookmarks(mut self) -> Self {
        self.bookmarks = false;
        self
    }

    /// Asks for the state at the start as a stream of events, not older than `resource_version`, ended by a bookmark: a
    /// streaming list. Off by default.
    pub fn streaming_list(mut self) -> Self {
        self.send_initial_events = Some(true);
        self.resource_version_match = Some(ResourceVersionMatch::NotOlderThan);
        self.bookmarks = true;
        self
    }

    /// Restricts the watch to a shard. Everything by default.
    pub fn shard_selector(mut self, selector: impl Into<String>) -> Self {
        self.shard_selector = Some(selector.into());
        self
    }

    /// Returns the query parameters, `watch=true` among them.
    pub fn query(&self) -> Query {
        let mut query = Query::new();
        query.push_some("allowWatchBookmarks", self.bookmarks.then_some(true));
        push_selectors(&mut query, &self.label_selector, &self.field_selector);
        query.push_some("resourceVersion", self.resource_version.as_ref());
        query.push_some("resourceVersionMatch", self.resource_version_match);
        query.push_some("sendInitialEvents", self.send_initial_events);
        query.push_some("timeoutSeconds", self.timeout.map(whole_seconds));
        query.push_some("shardSelector", self.shard_selector.as_ref());
        query.push("watch", "true");
        query
    }
}
