//! Which resources the server has: the built-in ones, and those that custom resource definitions add at run time.

mod built_in;
mod catalog;
mod resource;
mod version;

use std::sync::Arc;

use parking_lot::RwLock;

pub(crate) use catalog::{Catalog, Group, Version};
pub(crate) use resource::{Origin, Resource, ResourceScope, StorageKey, Subresource};

/// The resources of a server, as they are at the moment.
///
/// Readers take a snapshot and keep it for as long as a request lasts; a change makes a new one.
#[derive(Debug)]
pub(crate) struct Registry {
    current: RwLock<Arc<Catalog>>,
}

impl Registry {
    /// The built-in resources alone.
    pub(crate) fn new() -> Self {
        Self {
            current: RwLock::new(Arc::new(Catalog::new(Vec::new()))),
        }
    }

    /// What is served now.
    pub(crate) fn snapshot(&self) -> Arc<Catalog> {
        Arc::clone(&self.current.read())
    }

    /// Serves these custom resources, and no others, beside the built-in ones.
    pub(crate) fn serve_custom(&self, resources: Vec<Arc<Resource>>) {
        let next = Arc::new(Catalog::new(resources));
        *self.current.write() = next;
    }
}
