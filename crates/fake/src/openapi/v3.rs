//! The version 3 documents: one for each version of a group, and an index of them.
//!
//! The index has a hash of each document. It is made of what the document is made of, so that no document is made before it is asked
//! for, and two servers that serve the same have the same hashes.

use std::sync::{Arc, LazyLock, OnceLock};

use bytes::Bytes;
use http::header::HeaderValue;
use ring::digest::{self, Digest, SHA512};
use serde_json::{Map, Value, json};

use super::built_in::Facts;
use super::dialect::Dialect;
use super::{TITLE, VERSION, custom, paths, v2};
use crate::registry::{Catalog, Group, Resource, Version};
use crate::schema;

/// The hash of what is known about built-in types.
static FACTS: LazyLock<Digest> =
    LazyLock::new(|| digest::digest(&SHA512, schema::FACTS.as_bytes()));

/// What built-in resources may answer beside their own types.
const META: [&str; 3] = [
    "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Patch",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Status",
];

/// The documents of one catalog.
#[derive(Debug)]
pub(crate) struct Documents {
    pub(super) index: Bytes,
    documents: Vec<(String, Document)>,
    /// The version 2 document, which is of all of these.
    pub(super) whole: v2::Documents,
}

/// A document and its hash, by which clients ask for it.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) hash: String,
    subject: Subject,
    json: OnceLock<Bytes>,
}

#[derive(Debug)]
enum Subject {
    /// One of the versions of a group.
    Resources { group: Arc<Group>, version: usize },
    /// The version of the server.
    ServerVersion,
}

impl Documents {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let mut documents: Vec<(String, Document)> = Vec::new();
        for group in catalog.groups() {
            for (at, version) in group.versions.iter().enumerate() {
                let subject = Subject::Resources {
                    group: Arc::clone(group),
                    version: at,
                };
                let document = Document::new(&description(version), subject);
                documents.push((name(group, version), document));
            }
        }
        let version = Document::new("", Subject::ServerVersion);
        documents.push(("version".to_owned(), version));
        let urls = documents.iter().map(|(name, document)| {
            let url = json!({"serverRelativeURL": document.url(name)});
            (name.clone(), url)
        });
        let urls: Map<String, Value> = urls.collect();
        let hashes: String = documents
            .iter()
            .map(|(_, document)| document.hash.as_str())
            .collect();
        Self {
            index: Bytes::from(json!({"paths": urls}).to_string()),
            whole: v2::Documents::new(catalog.groups().to_vec(), &hashes),
            documents,
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<&Document> {
        let (_, document) = self.documents.iter().find(|(known, _)| known == name)?;
        Some(document)
    }
}

impl Document {
    fn new(description: &str, subject: Subject) -> Self {
        Self {
            hash: hash(description),
            subject,
            json: OnceLock::new(),
        }
    }

    pub(super) fn json(&self) -> Bytes {
        let json = self.json.get_or_init(|| {
            let document = match &self.subject {
                Subject::ServerVersion => document(json!({"/version/": {}}), Map::new()),
                Subject::Resources { group, version } => {
                    of_version(group, &group.versions[*version])
                }
            };
            document.to_string().into()
        });
        json.clone()
    }

    pub(super) fn url(&self, name: &str) -> String {
        format!("/openapi/v3/{name}?hash={}", self.hash)
    }

    pub(super) fn etag(&self) -> HeaderValue {
        etag(&self.hash)
    }
}

/// A hash of a description of what a document is made of, beside the facts.
pub(super) fn hash(description: &str) -> String {
    let mut context = digest::Context::new(&SHA512);
    context.update(FACTS.as_ref());
    context.update(description.as_bytes());
    let hash = context.finish();
    hash.as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}

pub(super) fn etag(hash: &str) -> HeaderValue {
    HeaderValue::try_from(format!("\"{hash}\""))
        .expect("hexadecimal digits in quotes are a header value")
}

/// All that the document of a version depends on, beside the facts.
fn description(version: &Version) -> String {
    let mut text = String::new();
    for resource in &version.resources {
        let parts = (
            &resource.types,
            &resource.plural,
            &resource.list_kind,
            resource.scope,
            &resource.verbs,
            &resource.subresources,
        );
        text += &format!("{parts:?}");
        if let Some(version) = resource.custom() {
            text += &version.schema.source.to_string();
        }
    }
    text
}

/// `api/v1`, `apis/apps/v1`.
pub(super) fn name(group: &Group, version: &Version) -> String {
    match group.name.as_str() {
        "" => format!("api/{}", version.name),
        group => format!("apis/{group}/{}", version.name),
    }
}

fn of_version(group: &Group, version: &Version) -> Value {
    let facts = Facts::read();
    let root = format!("/{}", name(group, version));
    let found = |group: &str, version: &str, kind: &str| schema_name(&facts, group, version, kind);
    let mut all = Map::new();
    let mut names: Vec<String> = META.map(str::to_owned).to_vec();
    let mut schemas = Map::new();
    for resource in &version.resources {
        all.extend(paths::of(resource, &root, Dialect::V3, &found));
        names.extend(types(&facts, resource));
        if resource.is_custom() {
            schemas.extend(custom::schemas(resource, Dialect::V3));
        }
    }
    schemas.extend(facts.schemas(names, Dialect::V3));
    document(all.into(), schemas)
}

/// The name of the schema of a kind. Kinds that are not built in are custom ones.
pub(super) fn schema_name(facts: &Facts, group: &str, version: &str, kind: &str) -> Option<String> {
    match facts.name(group, version, kind) {
        Some(name) => Some(name.to_owned()),
        None if group.contains('.') => Some(custom::name(group, version, kind)),
        None => None,
    }
}

/// The built-in types that the schemas of a resource need.
fn types(facts: &Facts, resource: &Resource) -> Vec<String> {
    let (group, version) = (&resource.group, &resource.version);
    let of_subresources = resource.subresources.iter().filter_map(|subresource| {
        let (group, version) = match subresource.version.as_str() {
            "" => (group, version),
            _ => (&subresource.group, &subresource.version),
        };
        facts.name(group, version, &subresource.kind)
    });
    let own = [&resource.kind, &resource.list_kind];
    let own = own
        .into_iter()
        .filter_map(|kind| facts.name(group, version, kind));
    let types = own.chain(of_subresources).map(str::to_owned);
    match resource.is_custom() {
        true => types.chain(custom::references()).collect(),
        false => types.collect(),
    }
}

fn document(paths: Value, schemas: Map<String, Value>) -> Value {
    json!({
        "openapi": "3.0.0",
        "info": {"title": TITLE, "version": VERSION},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"BearerToken": {
                "type": "apiKey", "description": "Bearer Token authentication", "name": "authorization", "in": "header",
            }},
        },
    })
}
