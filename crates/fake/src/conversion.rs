//! Kinds that are stored in one form and shown in another: two views of the same objects.
//!
//! The verbs see objects as the resource of the request shows them; what goes into the store and comes out of it is converted. Converting
//! what has been converted changes nothing.

mod events;

use std::sync::Arc;

use crate::object::{Content, Object};
use crate::registry::Resource;
use crate::request::Document;

/// How a resource shows objects that are stored in the form of another.
#[derive(Debug)]
pub(crate) struct Conversion {
    /// From what the resource shows to what is stored.
    stored: fn(&mut Document),
    /// From what is stored to what the resource shows.
    shown: fn(&mut Document),
}

/// Tells the form apart from others of the same objects; 0 is that in which they are stored.
const SHOWN: u64 = 1;

/// The conversion of a built-in resource; most are stored as they are shown.
pub(crate) fn of(group: &str, plural: &str) -> Option<&'static Conversion> {
    match (group, plural) {
        ("events.k8s.io", "events") => Some(&events::NEW),
        _ => None,
    }
}

impl Conversion {
    /// Converts an object to the form in which it is stored.
    pub(crate) fn store(&self, document: &mut Document) {
        (self.stored)(document);
    }

    /// Encodes an object for the store. What it can be selected by is found when someone selects, since that has other names there.
    pub(crate) fn content(&self, mut document: Document) -> Content {
        self.store(&mut document);
        Content::new(document, Vec::new())
    }

    /// An object from the store as the resource shows it.
    pub(crate) fn view(&self, resource: &Resource, object: &Object) -> Object {
        let view = object.content().view(SHOWN, || {
            let mut document = object.document();
            (self.shown)(&mut document);
            let fields = resource.strategy.field_values(&document);
            Arc::new(Content::new(document, fields))
        });
        Object::new(object.revision(), view)
    }
}
