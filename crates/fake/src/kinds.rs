//! The rules of single kinds, one file each: what the tables of `strategy` and `schema` cannot say.

pub(crate) mod access_rules;
pub(crate) mod certificate_request;
pub(crate) mod config_map;
pub(crate) mod event;
pub(crate) mod job;
pub(crate) mod lease;
pub(crate) mod node;
pub(crate) mod pod;
pub(crate) mod secret;
pub(crate) mod service;

mod keys;

use serde_json::{Map, Value};

use crate::request::Document;

/// The members of a map in a document; none if it is absent.
fn members<'a>(
    document: &'a Document,
    field: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let members = document.get(field).and_then(Value::as_object);
    members.into_iter().flat_map(Map::iter)
}
