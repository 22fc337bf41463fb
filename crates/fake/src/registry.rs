//! Which resources the server has: the built-in ones, and those that custom resource definitions add at run time.

mod resource;

pub(crate) use resource::{Origin, Resource, ResourceScope, StorageKey, Subresource};
