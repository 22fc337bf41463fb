//! Options of get and list.

use std::fmt;
use std::time::Duration;

use crate::{FieldSelector, LabelSelector, Query, ResourceVersion};

/// Options of a get, as in `metav1.GetOptions`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GetOptions {
    /// The oldest state that will do: unset for the most recent, `0` for any.
    pub resource_version: Option<ResourceVersion>,
}

impl GetOptions {
    /// Sets the oldest state that will do. Unset by default: the most recent.
    pub fn resource_version(mut self, version: impl Into<ResourceVersion>) -> Self {
        self.resource_version = Some(version.into());
        self
    }

    /// Returns the query parameters.
    pub fn query(&self) -> Query {
        let mut query = Query::new();
        query.push_some("resourceVersion", self.resource_version.as_ref());
        query
    }
}

/// Options of a list and of a collection delete, as in `metav1.ListOptions`.
///
/// # Examples
///
/// ```
/// use kubekit_core::{LabelSelector, ListOptions};
///
/// let options = ListOptions::default().label_selector(LabelSelector::all().eq("app", "web")?).limit(500);
/// assert_eq!(options.query().to_string(), "labelSelector=app%3Dweb&limit=500");
/// # Ok::<(), kubekit_core::SelectorError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ListOptions {
    /// Restricts the list by labels.
    pub label_selector: LabelSelector,
    /// Restricts the list by fields; which fields work depends on the kind.
    pub field_selector: FieldSelector,
    /// The most items to return; more are announced by a continue token.
    pub limit: Option<u32>,
    /// The token of the page before, as the server gave it.
    pub continue_token: Option<String>,
    /// The resource version that `resource_version_match` speaks of.
    pub resource_version: Option<ResourceVersion>,
    /// How `resource_version` is to be understood.
    pub resource_version_match: Option<ResourceVersionMatch>,
    /// How long the server may take; whole seconds, rounded up.
    pub timeout: Option<Duration>,
    /// Restricts the list to a shard, such as `shardRange(object.metadata.uid,'0x0','0x8000000000000000')`.
    pub shard_selector: Option<String>,
}

impl ListOptions {
    /// Restricts the list by labels. Everything by default.
    pub fn label_selector(mut self, selector: LabelSelector) -> Self {
        self.label_selector = selector;
        self
    }

    /// Restricts the list by fields. Everything by default.
    pub fn field_selector(mut self, selector: FieldSelector) -> Self {
        self.field_selector = selector;
        self
    }

    /// Sets the most items to return. No limit by default.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Continues after the page that came with this token. Starts at the first item by default.
    pub fn continue_token(mut self, token: impl Into<String>) -> Self {
        self.continue_token = Some(token.into());
        self
    }

    /// Sets the resource version to list at. The most recent by default.
    pub fn resource_version(mut self, version: impl Into<ResourceVersion>) -> Self {
        self.resource_version = Some(version.into());
        self
    }

    /// Sets how the resource version is to be understood. By default the server treats it as "not older than".
    pub fn resource_version_match(mut self, matching: ResourceVersionMatch) -> Self {
        self.resource_version_match = Some(matching);
        self
    }

    /// Sets how long the server may take. The server's own limit by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Restricts the list to a shard. Everything by default.
    pub fn shard_selector(mut self, selector: impl Into<String>) -> Self {
        self.shard_selector = Some(selector.into());
        self
    }

    /// Returns the query parameters.
    pub fn query(&self) -> Query {
        let mut query = Query::new();
        push_selectors(&mut query, &self.label_selector, &self.field_selector);
        query.push_some("limit", self.limit);
        query.push_some("continue", self.continue_token.as_ref());
        query.push_some("resourceVersion", self.resource_version.as_ref());
        query.push_some("resourceVersionMatch", self.resource_version_match);
        query.push_some("timeoutSeconds", self.timeout.map(whole_seconds));
        query.push_some("shardSelector", self.shard_selector.as_ref());
        query
    }
}

/// Says how the resource version of a list or watch is to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResourceVersionMatch {
    /// Exactly that version.
    Exact,
    /// That version or any later one.
    NotOlderThan,
}

impl fmt::Display for ResourceVersionMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Exact => "Exact",
            Self::NotOlderThan => "NotOlderThan",
        })
    }
}

pub(super) fn push_selectors(query: &mut Query, labels: &LabelSelector, fields: &FieldSelector) {
    query.push_some("labelSelector", (!labels.is_everything()).then_some(labels));
    query.push_some("fieldSelector", (!fields.is_everything()).then_some(fields));
}

/// Rounds up, so that a wish for half a second does not become "no timeout".
pub(super) fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
