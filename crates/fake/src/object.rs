//! Objects as the store keeps them: encoded once, shared by everybody who reads them.

mod content;
mod encode;
mod protobuf;
mod types;

use std::sync::Arc;

pub(crate) use content::Content;
pub(crate) use types::Types;

/// An object at a revision. Cloning it copies two words.
///
/// The content is encoded without `apiVersion`, `kind` and `metadata.resourceVersion`, so that one encoding serves every version the
/// resource has, and an event that reports an old object under a new revision needs no encoding at all.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    revision: u64,
    content: Arc<Content>,
}

impl Object {
    /// An object as written at `revision`.
    pub(crate) fn new(revision: u64, content: Arc<Content>) -> Object {
        Object { revision, content }
    }

    /// An object that is not stored: what a dry run would create, or the answer of a review. It has no `resourceVersion`.
    pub(crate) fn unstored(content: Content) -> Object {
        Object::new(0, Arc::new(content))
    }

    /// The same content under another revision.
    pub(crate) fn at(&self, revision: u64) -> Object {
        Object::new(revision, Arc::clone(&self.content))
    }

    /// The revision of the last write, 0 for an object that is not stored.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn content(&self) -> &Arc<Content> {
        &self.content
    }
}
