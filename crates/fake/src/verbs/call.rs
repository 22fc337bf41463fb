//! What every verb starts from.

use std::sync::Arc;

use serde_json::Value;

use crate::access::{self, User};
use crate::answer::Answer;
use crate::failure::{self, Failure, FieldErrors};
use crate::meta;
use crate::object::{Content, Object};
use crate::registry::{Resource, StorageKey};
use crate::request::Document;
use crate::strategy::{Part, Write};
use crate::world::World;

/// A request but for its verb.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) world: &'a Arc<World>,
    pub(super) user: Arc<User>,
    pub(super) resource: Arc<Resource>,
    pub(super) part: Part,
    /// Empty for objects of the cluster and for all namespaces.
    pub(super) namespace: String,
    /// Empty for collections.
    pub(super) name: String,
}

impl Call<'_> {
    pub(super) fn storage(&self) -> &StorageKey {
        &self.resource.storage
    }

    /// The key of an object in the namespace of the request.
    pub(super) fn key(&self, name: &str) -> String {
        match self.namespace.as_str() {
            "" => name.to_owned(),
            namespace => format!("{namespace}/{name}"),
        }
    }

    /// The object that the request names.
    pub(super) fn find(&self) -> Option<Object> {
        self.world.store.get(self.storage(), &self.key(&self.name))
    }

    /// The object that the request names, or a 404.
    pub(super) fn current(&self) -> Result<Object, Failure> {
        self.find().ok_or_else(|| self.not_found())
    }

    pub(super) fn not_found(&self) -> Failure {
        failure::not_found(&self.resource, &self.name)
    }

    /// Encodes an object of the resource.
    pub(super) fn content(&self, document: Document) -> Content {
        self.resource.content(document)
    }

    /// An object from the store as the resource shows it.
    pub(super) fn view(&self, object: &Object) -> Object {
        self.resource.view(object)
    }

    /// 200 with an object of the resource.
    pub(super) fn answer(&self, object: Object) -> Answer {
        Answer::object(self.resource.types.clone(), self.view(&object))
    }

    /// What is wrong with an object by the schema of its definition.
    pub(super) fn check_custom(&self, write: &Write<'_>, document: &Document) -> FieldErrors {
        match self.resource.custom() {
            Some(version) => version.check(&self.resource.types, write, document),
            None => FieldErrors::default(),
        }
    }

    /// What a hook is told of the write.
    pub(super) fn write<'b>(&'b self, old: Option<&'b Document>) -> Write<'b> {
        Write {
            world: self.world,
            resource: &self.resource,
            part: self.part,
            user: &self.user,
            clock: &self.world.clock,
            old,
        }
    }

    /// Refuses what would give the user, or somebody else, rights that the user does not have.
    ///
    /// # Errors
    ///
    /// 403, and 404 for a role that is not there.
    pub(super) fn guard(&self, old: Option<&Document>, new: &Document) -> Result<(), Failure> {
        access::guard(self.world, &self.user, &self.resource, self.part, old, new)
    }

    /// Compares the namespace in an object with that of the request, and fills it in.
    ///
    /// # Errors
    ///
    /// 400 if they differ.
    pub(super) fn settle_namespace(&self, document: &mut Document) -> Result<(), Failure> {
        let metadata = meta::of_mut(document);
        if !self.resource.is_namespaced() {
            metadata.remove("namespace");
            return Ok(());
        }
        let written = meta::text(metadata, "namespace");
        if !written.is_empty() && written != self.namespace {
            return Err(failure::bad_request(
                "the namespace of the provided object does not match the namespace sent on the request",
            ));
        }
        let namespace = Value::from(self.namespace.as_str());
        metadata.insert("namespace".to_owned(), namespace);
        Ok(())
    }
}
