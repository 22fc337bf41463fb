//! How an informer is made.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_core::{FieldSelector, LabelSelector, Undecodable};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::SharedInformer;
use super::intake::{Intake, OnUndecodable};
use super::shared::Shared;
use super::task::{Driver, InformerTask, OnError};
use crate::list_watch::{ListWatch, ListWatchError};
use crate::reflector::{Reflector, ReflectorConfig};

/// Makes a [`SharedInformer`]; made by [`SharedInformer::builder`].
#[must_use = "an informer does nothing unless it is started"]
pub struct Builder<K> {
    list_watch: Box<dyn ListWatch<K>>,
    reflector: ReflectorConfig,
    cancellation: CancellationToken,
    seed: Option<u64>,
    on_error: OnError,
    on_undecodable: OnUndecodable,
}

impl<K> Builder<K> {
    pub(super) fn new(list_watch: Box<dyn ListWatch<K>>) -> Self {
        Self {
            list_watch,
            reflector: ReflectorConfig::default(),
            cancellation: CancellationToken::new(),
            seed: None,
            on_error: Box::new(|_| {}),
            on_undecodable: Box::new(|_| {}),
        }
    }

    /// Caches only objects whose labels match. Everything by default.
    pub fn labels(mut self, selector: LabelSelector) -> Self {
        self.reflector.labels = selector;
        self
    }

    /// Caches only objects whose fields match, as far as the server can select by them. Everything by default.
    pub fn fields(mut self, selector: FieldSelector) -> Self {
        self.reflector.fields = selector;
        self
    }

    /// Sets the most objects of a page. 500 by default.
    pub fn page_size(mut self, objects: u32) -> Self {
        self.reflector.page_size = objects;
        self
    }

    /// Sets the least time after which the server is asked to end a watch; the most is twice that. 5 minutes by default.
    pub fn min_watch_timeout(mut self, timeout: Duration) -> Self {
        self.reflector.min_watch_timeout = timeout;
        self
    }

    /// Sets how long one list request may take. 5 minutes by default.
    pub fn list_timeout(mut self, timeout: Duration) -> Self {
        self.reflector.list_timeout = timeout;
        self
    }

    /// Stops the informer when the token is cancelled, as well as by its own means. No token by default.
    pub fn cancellation(mut self, token: &CancellationToken) -> Self {
        self.cancellation = token.child_token();
        self
    }

    /// Sets where the random times come from, so that a test can repeat them. The system's randomness by default.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Calls a function whenever a list or a watch has failed; it must not block. They are logged in any case. Matches
    /// client-go's `SetWatchErrorHandler`.
    pub fn on_error(mut self, f: impl FnMut(&ListWatchError) + Send + 'static) -> Self {
        self.on_error = Box::new(f);
        self
    }

    /// Calls a function for every object that cannot be decoded, whenever one is met; it must not block. They are logged, without
    /// their bytes, and counted in any case.
    pub fn on_undecodable(mut self, f: impl FnMut(&Undecodable) + Send + 'static) -> Self {
        self.on_undecodable = Box::new(f);
        self
    }
}

impl<K: Metadata<Ty = ObjectMeta> + Send + Sync + 'static> Builder<K> {
    /// Starts the informer on a task of its own.
    ///
    /// # Panics
    ///
    /// Panics outside of a tokio runtime.
    pub fn start(self) -> SharedInformer<K> {
        let (informer, task) = self.build();
        tokio::spawn(task);
        informer
    }

    /// Makes the informer and the task that has to be run for it, for those who decide themselves where it runs.
    pub fn build(self) -> (SharedInformer<K>, InformerTask) {
        let seed = self.seed.unwrap_or_else(rand::random);
        let reflector = Reflector::new(self.reflector, seed, Instant::now());
        let shared = Arc::new(Shared::new(self.cancellation, reflector.state()));
        let task = InformerTask::new(Driver {
            shared: Arc::clone(&shared),
            list_watch: self.list_watch,
            reflector,
            intake: Intake::new(self.on_undecodable),
            on_error: self.on_error,
        });
        (SharedInformer::new(shared), task)
    }
}

impl<K> fmt::Debug for Builder<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("reflector", &self.reflector)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}
