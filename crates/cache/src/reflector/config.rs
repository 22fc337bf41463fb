//! What a reflector can be told.

use std::time::Duration;

use kubekit_core::{FieldSelector, LabelSelector};

/// What a [`Reflector`](super::Reflector) lists and watches, and how.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReflectorConfig {
    /// Restricts list and watch by labels.
    pub labels: LabelSelector,
    /// Restricts list and watch by fields.
    pub fields: FieldSelector,
    /// The most objects of a page.
    pub page_size: u32,
    /// How long one list request may take.
    pub list_timeout: Duration,
    /// How long a watch may take to open.
    pub open_timeout: Duration,
    /// The least time after which the server is asked to end a watch; the most is twice that.
    pub min_watch_timeout: Duration,
}

impl ReflectorConfig {
    /// Restricts list and watch by labels. Everything by default.
    pub fn labels(mut self, selector: LabelSelector) -> Self {
        self.labels = selector;
        self
    }

    /// Restricts list and watch by fields. Everything by default.
    pub fn fields(mut self, selector: FieldSelector) -> Self {
        self.fields = selector;
        self
    }

    /// Sets the most objects of a page. 500 by default, as in client-go.
    pub fn page_size(mut self, objects: u32) -> Self {
        self.page_size = objects;
        self
    }

    /// Sets how long one list request may take, after which it is given up and repeated. 5 minutes by default.
    pub fn list_timeout(mut self, timeout: Duration) -> Self {
        self.list_timeout = timeout;
        self
    }

    /// Sets how long a watch may take to open, after which it is given up and repeated. 1 minute by default.
    pub fn open_timeout(mut self, timeout: Duration) -> Self {
        self.open_timeout = timeout;
        self
    }

    /// Sets the least time after which the server is asked to end a watch; the time is drawn anew for each watch, up to twice
    /// this. 5 minutes by default, as in client-go.
    pub fn min_watch_timeout(mut self, timeout: Duration) -> Self {
        self.min_watch_timeout = timeout;
        self
    }
}

impl Default for ReflectorConfig {
    fn default() -> Self {
        Self {
            labels: LabelSelector::default(),
            fields: FieldSelector::default(),
            page_size: 500,
            list_timeout: Duration::from_secs(300),
            open_timeout: Duration::from_secs(60),
            min_watch_timeout: Duration::from_secs(300),
        }
    }
}
