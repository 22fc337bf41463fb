//! Objects of custom resources: brought into shape when they come in, checked before they are stored, and shown as the definition is now.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use kubekit_core::CauseType;
use serde_json::Value;

use super::schema::{self, Path, Ratchet, Structural, VersionSchema};
use super::{ServedVersion, rule};
use crate::failure::{FieldError, FieldErrors, Malformed};
use crate::object::{Content, Object, Types};
use crate::registry::Resource;
use crate::request::Document;
use crate::strategy::{Part, Write};

impl ServedVersion {
    /// Brings an object that comes in into shape. Gives the paths of the fields that the schema does not have.
    ///
    /// # Errors
    ///
    /// Fails at embedded metadata of the wrong type.
    pub(crate) fn settle(&self, document: &mut Document) -> Result<Vec<String>, Malformed> {
        for (field, value) in document.iter_mut() {
            if field != "metadata" {
                schema::normalize(value);
            }
        }
        self.schema.settle(document)
    }

    /// What is wrong with an object that is about to be written.
    pub(crate) fn check(
        &self,
        types: &Types,
        write: &Write<'_>,
        document: &Document,
    ) -> FieldErrors {
        let root = &self.schema.root;
        let new = with_types(types, document);
        let old = write.old.map(|old| with_types(types, old));
        let was = old.as_ref().map_or(Ratchet::New, Ratchet::Was);
        let mut errors = match write.part {
            Part::Status => check_status(root, &new, was),
            _ => schema::check(root, &new, was),
        };
        errors.append(self.check_scale(write.part, &new));
        if write.part != Part::Status {
            schema::check_embedded(root, document, &Path::Root, &mut errors);
        }
        let lists = |document: &Document| {
            let mut errors = FieldErrors::default();
            schema::check_lists(root, document, &Path::Root, &mut errors);
            errors
        };
        // Lists that were wrong before may stay so.
        if write.old.is_none_or(|old| lists(old).is_empty()) {
            errors.append(lists(document));
        }
        if self.schema.has_rules {
            check_rules(root, &new, was, &mut errors);
        }
        errors
    }

    /// What an object is in the store, where it has the fields of the version that is stored.
    pub(crate) fn content(&self, resource: &Resource, mut document: Document) -> Content {
        if self.schema.fingerprint != self.stored.fingerprint {
            self.stored.prune(&mut document);
        }
        // A status that has been taken out may have a default, as may what only the stored version has.
        let mut again = document.clone();
        let settled = self.stored.settle(&mut again).is_ok() && again == document;
        let fields = resource.strategy.field_values(&document);
        let form = if settled { self.stored_form() } else { 0 };
        Content::new(document, fields).in_form(form)
    }

    /// The object as this version shows it: with the defaults of the version that is stored, and only the fields that both have.
    pub(crate) fn view(&self, resource: &Resource, object: &Object) -> Object {
        let content = object.content();
        let is_stored_so = content.form() == self.stored_form();
        if is_stored_so && self.schema.fingerprint == self.stored.fingerprint {
            return object.clone();
        }
        let view = content.view(self.form(), || {
            let mut document = object.document();
            if !is_stored_so {
                // Metadata that is no longer as it should be is shown as it is.
                let _ = self.stored.settle(&mut document);
            }
            if self.schema.fingerprint != self.stored.fingerprint {
                self.schema.prune(&mut document);
            }
            let fields = resource.strategy.field_values(&document);
            Arc::new(Content::new(document, fields))
        });
        Object::new(object.revision(), view)
    }

    /// Tells apart the forms in which objects may be stored.
    fn stored_form(&self) -> u64 {
        mix(self.stored.fingerprint, self.fields)
    }

    /// Tells apart the forms in which objects may be shown.
    fn form(&self) -> u64 {
        mix(self.stored_form(), self.schema.fingerprint)
    }
}

/// A schema that is the same in all versions is the same.
pub(super) fn schema_of(schema: Option<&Arc<VersionSchema>>) -> Arc<VersionSchema> {
    schema.map_or_else(|| Arc::new(VersionSchema::anything()), Arc::clone)
}

fn mix(a: u64, b: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (a, b).hash(&mut hasher);
    hasher.finish()
}

/// The object as its schema sees it.
fn with_types(types: &Types, document: &Document) -> Value {
    let mut document = document.clone();
    document.insert("apiVersion".to_owned(), types.api_version().into());
    document.insert("kind".to_owned(), types.kind().into());
    Value::Object(document)
}

/// Rules rely on the rest being right.
fn check_rules(root: &Structural, new: &Value, was: Ratchet<'_>, errors: &mut FieldErrors) {
    let blocking = [
        CauseType::FIELD_VALUE_NOT_SUPPORTED,
        CauseType::FIELD_VALUE_REQUIRED,
        CauseType::FIELD_VALUE_TYPE_INVALID,
        CauseType::new("FieldValueTooLong"),
        CauseType::new("FieldValueTooMany"),
    ];
    if errors.has_any(&blocking) {
        let detail = "some validation rules were not checked because the object was invalid; \
                      correct the existing errors to complete validation";
        errors.push(FieldError::invalid(Path::Root.to_string(), "null", detail));
    } else {
        rule::check(root, new, was, errors);
    }
}

/// A write of the status is only held against the schema of the status.
fn check_status(root: &Structural, new: &Value, was: Ratchet<'_>) -> FieldErrors {
    match (root.properties.get("status"), new.get("status")) {
        (Some(schema), Some(status)) => {
            let was = was.member(root, "status");
            schema::check(schema, status, was).below("status")
        }
        _ => FieldErrors::default(),
    }
}
