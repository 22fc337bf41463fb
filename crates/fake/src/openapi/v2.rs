//! The version 2 document: everything in one, in two encodings, each made when it is asked for.

mod protobuf;

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::built_in::Facts;
use super::dialect::Dialect;
use super::v3::{hash, name, schema_name};
use super::{TITLE, VERSION, custom, paths};
use crate::registry::Group;

/// What old versions of kubectl ask for, and cannot do without. Its `@` makes it no valid media type.
pub(super) const ASKED: &str = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

/// What the same is called validly, and in answers.
pub(super) const PROTOBUF: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/// The document of one catalog.
#[derive(Debug)]
pub(super) struct Documents {
    groups: Vec<Arc<Group>>,
    json: Document,
    protobuf: Document,
}

/// The document in one encoding.
#[derive(Debug)]
struct Document {
    hash: String,
    bytes: OnceLock<Bytes>,
}

impl Documents {
    /// `description` tells apart what is served.
    pub(super) fn new(groups: Vec<Arc<Group>>, description: &str) -> Self {
        let document = |encoding: &str| Document {
            hash: hash(&format!("{encoding} {description}")),
            bytes: OnceLock::new(),
        };
        Self {
            groups,
            json: document("json"),
            protobuf: document("protobuf"),
        }
    }

    /// The hash of the document as JSON, and how to get it.
    pub(super) fn json(&self) -> (&str, impl FnOnce() -> Bytes) {
        let make = || self.document().to_string().into();
        (&self.json.hash, move || {
            self.json.bytes.get_or_init(make).clone()
        })
    }

    /// The hash of the document as `openapi.v2.Document`, and how to get it.
    pub(super) fn protobuf(&self) -> (&str, impl FnOnce() -> Bytes) {
        let make = || protobuf::encode(&self.document());
        (&self.protobuf.hash, move || {
            self.protobuf.bytes.get_or_init(make).clone()
        })
    }

    fn document(&self) -> Value {
        let facts = Facts::read();
        let found =
            |group: &str, version: &str, kind: &str| schema_name(&facts, group, version, kind);
        let mut all = Map::new();
        let mut definitions = facts.schemas(facts.all(), Dialect::V2);
        for group in &self.groups {
            for version in &group.versions {
                let root = format!("/{}", name(group, version));
                for resource in &version.resources {
                    all.extend(paths::of(resource, &root, Dialect::V2, &found));
                    if resource.is_custom() {
                        definitions.extend(custom::schemas(resource, Dialect::V2));
                    }
                }
            }
        }
        json!({
            "swagger": "2.0",
            "info": {"title": TITLE, "version": VERSION},
            "paths": all,
            "definitions": definitions,
            "securityDefinitions": {"BearerToken": {
                "type": "apiKey", "description": "Bearer Token authentication", "name": "authorization", "in": "header",
            }},
            "security": [{"BearerToken": []}],
        })
    }
}
