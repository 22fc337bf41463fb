//! What an object is, apart from its revision and the version it is served under.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde_json::{Map, Value};

use super::protobuf::Encodings;
use crate::request::Document;

/// An object's encoded fields, with the facts that selectors and verbs ask for without decoding it.
#[derive(Debug)]
pub(crate) struct Content {
    pub(super) json: Bytes,
    /// How many bytes of `json` are the inside of `metadata`.
    pub(super) metadata_len: usize,
    pub(super) protobuf: Encodings,
    key: String,
    name_at: usize,
    uid: String,
    labels: BTreeMap<String, String>,
    fields: Vec<(Arc<str>, String)>,
    doomed: bool,
    /// By which schema the object has been brought into shape, 0 if by none.
    form: u64,
    /// The object as another version shows it, the first that was asked for.
    view: OnceLock<(u64, Arc<Content>)>,
}

impl Content {
    /// Encodes an object. `fields` are the values of the kind's selectable fields, by path.
    ///
    /// `metadata.resourceVersion`, if there, is left out; it belongs to the [`Object`](super::Object).
    pub(crate) fn new(mut document: Document, fields: Vec<(Arc<str>, String)>) -> Content {
        let mut metadata = match document.remove("metadata") {
            Some(Value::Object(metadata)) => metadata,
            _ => Map::new(),
        };
        metadata.remove("resourceVersion");
        let (key, name_at) = key_of(&metadata);
        let (json, metadata_len) = super::encode::content(&metadata, &document);
        Content {
            json,
            metadata_len,
            protobuf: Encodings::default(),
            key,
            name_at,
            uid: text(&metadata, "uid").to_owned(),
            labels: labels_of(&metadata),
            fields,
            doomed: metadata.contains_key("deletionTimestamp"),
            form: 0,
            view: OnceLock::new(),
        }
    }

    /// The same, known to be in shape by a schema.
    pub(crate) fn in_form(mut self, form: u64) -> Content {
        self.form = form;
        self
    }

    pub(crate) fn form(&self) -> u64 {
        self.form
    }

    /// The object in another form. It is made once for the form that is asked for first, and each time for others.
    pub(crate) fn view(&self, form: u64, make: impl Fn() -> Arc<Content>) -> Arc<Content> {
        let (known, view) = self.view.get_or_init(|| (form, make()));
        match *known == form {
            true => Arc::clone(view),
            false => make(),
        }
    }

    /// `namespace/name`, or the name alone. Lists are in the order of these.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn name(&self) -> &str {
        &self.key[self.name_at..]
    }

    /// Empty for objects of the cluster.
    pub(crate) fn namespace(&self) -> &str {
        &self.key[..self.name_at.saturating_sub(1)]
    }

    pub(crate) fn uid(&self) -> &str {
        &self.uid
    }

    pub(crate) fn labels(&self) -> &BTreeMap<String, String> {
        &self.labels
    }

    /// The value of a selectable field; `None` when the kind had no such field when the object was written.
    pub(crate) fn field(&self, path: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(known, _)| **known == *path)?;
        Some(value)
    }

    /// Whether the object is being deleted.
    pub(crate) fn is_doomed(&self) -> bool {
        self.doomed
    }

    /// Whether writing `other` over this would change nothing.
    pub(crate) fn is_same(&self, other: &Content) -> bool {
        self.json == other.json
    }
}

fn key_of(metadata: &Map<String, Value>) -> (String, usize) {
    let name = text(metadata, "name");
    match text(metadata, "namespace") {
        "" => (name.to_owned(), 0),
        namespace => (format!("{namespace}/{name}"), namespace.len() + 1),
    }
}

fn labels_of(metadata: &Map<String, Value>) -> BTreeMap<String, String> {
    let labels = metadata.get("labels").and_then(Value::as_object);
    let strings = labels
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
    strings.collect()
}

fn text<'a>(metadata: &'a Map<String, Value>, field: &str) -> &'a str {
    metadata.get(field).and_then(Value::as_str).unwrap_or("")
}
