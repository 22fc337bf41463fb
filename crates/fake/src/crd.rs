//! Custom resource definitions: what they may look like, what they make the server serve, and how they end.

mod conditions;
mod controller;
mod definition;
mod known;
mod names;
mod objects;
mod rule;
mod rules;
mod scale_values;
pub(crate) mod schema;

use crate::failure::{self, Failure};
use crate::meta;
use crate::registry::{Resource, StorageKey};
use crate::request::Document;
use crate::world::Controller;

pub(crate) use controller::begin_deletion;
pub(crate) use definition::{PrinterColumn, ServedVersion};
pub(crate) use rules::complete_and_check;

/// Refuses new objects of a definition that is being deleted.
///
/// # Errors
///
/// 403, as the API server.
pub(crate) fn check_creation(resource: &Resource, body: &Document) -> Result<(), Failure> {
    match resource.custom() {
        Some(version) if version.terminating => {
            let name = meta::text(meta::of(body), "name");
            let why = "create not allowed while custom resource definition is terminating";
            Err(failure::forbidden(resource, name, why))
        }
        _ => Ok(()),
    }
}

/// The group and the plural name of definitions themselves.
const GROUP: &str = "apiextensions.k8s.io";
const PLURAL: &str = "customresourcedefinitions";

/// Where definitions are stored.
fn storage() -> StorageKey {
    StorageKey::new(GROUP, PLURAL)
}

/// What acts on definitions and their objects.
pub(crate) fn controllers() -> Vec<Box<dyn Controller>> {
    vec![Box::new(controller::Definitions::default())]
}
