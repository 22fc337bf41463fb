//! All that one server knows: what its requests, whatever way they came in, work on.

use std::fmt;
use std::time::Duration;

use crate::access::{self, Access, AuthorizationMode};
use crate::allocations::Allocations;
use crate::clock::Clock;
use crate::connect::Backends;
use crate::ids::Ids;
use crate::intercept::Interception;
use crate::meta;
use crate::namespaces;
use crate::object::Object;
use crate::registry::{Registry, Resource, StorageKey};
use crate::request::Document;
use crate::store::Store;

/// The state of one server. Shared as `Arc<World>` by every connection and every watch.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) registry: Registry,
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
    pub(crate) allocations: Allocations,
    pub(crate) settings: Settings,
    pub(crate) access: Access,
    pub(crate) interception: Interception,
    controllers: Vec<Box<dyn Controller>>,
}

/// What a builder can change about a [`World`].
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// How many events the store remembers at most.
    pub(crate) history: usize,
    /// How many events a watch may be behind before it is cut.
    pub(crate) watch_lag: usize,
    /// How often a watch that wants bookmarks gets one.
    pub(crate) bookmark_interval: Duration,
    /// Makes uids and generated names the same in every run.
    pub(crate) seed: Option<u64>,
    /// How many actions are remembered at most.
    pub(crate) action_log: usize,
    /// What answers in place of nodes.
    pub(crate) backends: Backends,
}

/// A part of the server that acts on changes of a resource's objects, as a controller in a cluster does, but before the request that
/// made the change is answered.
pub(crate) trait Controller: fmt::Debug + Send + Sync {
    /// Whether it looks after these objects.
    fn looks_after(&self, world: &World, storage: &StorageKey) -> bool;

    /// Brings the world in line with the object as it is now; it may be gone. No lock is held. What it writes itself comes back to it.
    fn reconcile(&self, world: &World, storage: &StorageKey, key: &str);
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            history: 100_000,
            watch_lag: 10_000,
            bookmark_interval: Duration::from_secs(60),
            seed: None,
            action_log: 10_000,
            backends: Backends::default(),
        }
    }
}

impl World {
    /// A world with nothing but the namespaces that every cluster has.
    pub(crate) fn new(
        settings: Settings,
        clock: Clock,
        access: Access,
        controllers: Vec<Box<dyn Controller>>,
    ) -> World {
        let interception = Interception::new(settings.action_log);
        let world = World {
            store: Store::new(settings.history),
            registry: Registry::new(),
            ids: Ids::new(settings.seed),
            clock: interception.faults.skew.of(clock),
            interception,
            allocations: Allocations::default(),
            settings,
            access,
            controllers,
        };
        world.open_built_in();
        namespaces::create_system(&world);
        if world.access.mode() == AuthorizationMode::Rbac {
            access::create_roles(&world);
        }
        world
    }

    /// Lets the controllers act on a change of an object. Every write is followed by this, once no lock is held.
    pub(crate) fn changed(&self, storage: &StorageKey, key: &str) {
        for controller in &self.controllers {
            if controller.looks_after(self, storage) {
                controller.reconcile(self, storage, key);
            }
        }
    }

    /// Updates an object on the server's own account: without checks and without touching what `edit` does not touch.
    ///
    /// `edit` says whether there is anything to store; it runs again when somebody else was faster. `None` if there is no such object.
    pub(crate) fn revise(
        &self,
        resource: &Resource,
        key: &str,
        mut edit: impl FnMut(&mut Document) -> bool,
    ) -> Option<Object> {
        loop {
            let current = self.store.get(&resource.storage, key)?;
            let mut document = current.document();
            if !edit(&mut document) {
                return Some(current);
            }
            let content = resource.content(document);
            if content.is_same(current.content()) {
                return Some(current);
            }
            if let Ok(object) = self.store.replace(&resource.storage, &current, content) {
                self.changed(&resource.storage, key);
                return Some(object);
            }
        }
    }

    /// Deletes an object on the server's own account, at once and whatever finalizers it has. Does nothing if it is not there.
    pub(crate) fn erase(&self, storage: &StorageKey, key: &str) {
        while let Some(current) = self.store.get(storage, key) {
            if self.store.remove(storage, &current).is_ok() {
                self.changed(storage, key);
                return;
            }
        }
    }

    /// Removes an object that waits for nothing but finalizers which have just been taken away.
    pub(crate) fn release(&self, resource: &Resource, key: &str) {
        if let Some(current) = self.store.get(&resource.storage, key) {
            let document = current.document();
            if meta::is_doomed(meta::of(&document)) && resource.strategy.is_released(&document) {
                self.erase(&resource.storage, key);
            }
        }
    }

    /// Watches of built-in resources can begin at any revision of the server, whether or not there were objects.
    fn open_built_in(&self) {
        for resource in self.registry.snapshot().resources() {
            self.store.open(&resource.storage);
        }
    }
}
