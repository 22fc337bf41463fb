//! The version 3 documents: one for each version of a group, and an index of them.

use bytes::Bytes;
use http::header::HeaderValue;
use ring::digest::{SHA512, digest};
use serde_json::{Map, Value, json};

use crate::registry::{Catalog, Group, Resource, Version};

/// What a PATCH can be asked in its query.
const PATCH_PARAMETERS: [(&str, &str); 4] = [
    ("dryRun", "string"),
    ("fieldManager", "string"),
    ("fieldValidation", "string"),
    ("force", "boolean"),
];

/// The documents of one catalog.
#[derive(Debug)]
pub(crate) struct Documents {
    pub(super) index: Bytes,
    documents: Vec<(String, Document)>,
}

/// A document and its hash, by which clients ask for it.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) json: Bytes,
    pub(super) hash: String,
}

impl Documents {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let versions = catalog.groups().iter().flat_map(|group| {
            let versions = group.versions.iter();
            versions.map(|version| (name(group, version), Document::new(&paths(group, version))))
        });
        let mut documents: Vec<_> = versions.collect();
        documents.push((
            "version".to_owned(),
            Document::new(&json!({"/version/": {}})),
        ));
        let paths: Map<String, Value> = documents
            .iter()
            .map(|(name, document)| {
                (
                    name.clone(),
                    json!({"serverRelativeURL": document.url(name)}),
                )
            })
            .collect();
        Self {
            index: Bytes::from(json!({"paths": paths}).to_string()),
            documents,
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<&Document> {
        let (_, document) = self.documents.iter().find(|(known, _)| known == name)?;
        Some(document)
    }
}

impl Document {
    fn new(paths: &Value) -> Self {
        let json = json!({
            "openapi": "3.0.0",
            "info": {"title": "Kubernetes", "version": "v1.36.2"},
            "paths": paths,
            "components": {"schemas": {}},
        });
        let json = Bytes::from(json.to_string());
        let hash = digest(&SHA512, &json)
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        Self { json, hash }
    }

    pub(super) fn url(&self, name: &str) -> String {
        format!("/openapi/v3/{name}?hash={}", self.hash)
    }

    pub(super) fn etag(&self) -> HeaderValue {
        HeaderValue::try_from(format!("\"{}\"", self.hash))
            .expect("hexadecimal digits in quotes are a header value")
    }
}

/// `api/v1`, `apis/apps/v1`.
fn name(group: &Group, version: &Version) -> String {
    match group.name.as_str() {
        "" => format!("api/{}", version.name),
        group => format!("apis/{group}/{}", version.name),
    }
}

/// The paths of a version's objects that can be patched.
fn paths(group: &Group, version: &Version) -> Value {
    let root = name(group, version);
    let patchable = version
        .resources
        .iter()
        .filter(|resource| resource.verbs.iter().any(|verb| verb == "patch"));
    let paths = patchable.map(|resource| {
        let namespace = if resource.is_namespaced() {
            "namespaces/{namespace}/"
        } else {
            ""
        };
        let path = format!("/{root}/{namespace}{}/{{name}}", resource.plural);
        (path, json!({"patch": patch(resource)}))
    });
    Value::Object(paths.collect())
}

fn patch(resource: &Resource) -> Value {
    let parameters: Vec<Value> = PATCH_PARAMETERS
        .iter()
        .map(|(name, kind)| json!({"name": name, "in": "query", "schema": {"type": kind, "uniqueItems": true}}))
        .collect();
    json!({
        "x-kubernetes-action": "patch",
        "x-kubernetes-group-version-kind": {
            "group": resource.group,
            "version": resource.version,
            "kind": resource.kind,
        },
        "parameters": parameters,
        "responses": {"200": {"description": "OK"}},
    })
}
