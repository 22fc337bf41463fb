//! Aggregated discovery: `APIGroupDiscoveryList` of `apidiscovery.k8s.io/v2`.

use std::sync::OnceLock;

use bytes::Bytes;
use http::header::HeaderValue;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::http::respond;
use crate::registry::{Catalog, Group, Resource, Subresource, Version};

/// How clients ask for it, and what they get.
pub(super) const CONTENT_TYPE: &str =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// The same in protobuf.
pub(super) const PROTOBUF_TYPE: &str =
    "application/vnd.kubernetes.protobuf;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// The aggregated documents of one catalog.
#[derive(Debug)]
pub(crate) struct Documents {
    /// What `/api` answers.
    pub(super) core: Document,
    /// What `/apis` answers.
    pub(super) groups: Document,
}

#[derive(Debug)]
pub(super) struct Document {
    pub(super) json: Bytes,
    /// Made when somebody asks for it.
    protobuf: OnceLock<Bytes>,
    pub(super) etag: HeaderValue,
}

impl Documents {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let (core, others) = catalog.groups().split_at(1);
        Self {
            core: Document::new(core.iter().map(|core| group(core))),
            groups: Document::new(others.iter().map(|other| group(other))),
        }
    }
}

impl Document {
    fn new(groups: impl Iterator<Item = Value>) -> Self {
        let json = json!({
            "kind": "APIGroupDiscoveryList",
            "apiVersion": "apidiscovery.k8s.io/v2",
            "metadata": {},
            "items": groups.collect::<Vec<_>>(),
        });
        let json = Bytes::from(format!("{json}\n"));
        let etag: String = digest(&SHA256, &json)
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        Self {
            json,
            protobuf: OnceLock::new(),
            etag: HeaderValue::from_str(&format!("\"{etag}\""))
                .expect("hexadecimal digits in quotes are a header value"),
        }
    }

    pub(super) fn protobuf(&self) -> Bytes {
        let encode = || respond::protobuf_of_json(&self.json);
        self.protobuf.get_or_init(encode).clone()
    }
}

fn group(group: &Group) -> Value {
    let versions: Vec<Value> = group.versions.iter().map(version).collect();
    let mut metadata = json!({});
    if !group.name.is_empty() {
        metadata["name"] = group.name.as_str().into();
    }
    json!({"metadata": metadata, "versions": versions})
}

fn version(version: &Version) -> Value {
    let resources: Vec<Value> = version
        .resources
        .iter()
        .map(|known| resource(known))
        .collect();
    json!({"version": version.name, "resources": resources, "freshness": "Current"})
}

fn resource(resource: &Resource) -> Value {
    // Built-in kinds are told without their group and version, which are those around them.
    let (group, version) = match resource.is_custom() {
        true => (resource.group.as_str(), resource.version.as_str()),
        false => ("", ""),
    };
    let mut document = json!({
        "resource": resource.plural,
        "responseKind": kind(group, version, &resource.kind),
        "scope": if resource.is_namespaced() { "Namespaced" } else { "Cluster" },
        "singularResource": resource.singular,
        "verbs": resource.verbs,
    });
    for (field, names) in [
        ("shortNames", &resource.short_names),
        ("categories", &resource.categories),
    ] {
        if !names.is_empty() {
            document[field] = names.clone().into();
        }
    }
    if !resource.subresources.is_empty() {
        let all = resource.subresources.iter();
        let all: Vec<Value> = all
            .map(|known| subresource(known, group, version))
            .collect();
        document["subresources"] = all.into();
    }
    document
}

fn subresource(subresource: &Subresource, group: &str, version: &str) -> Value {
    let (group, version) = match subresource.version.as_str() {
        "" => (group, version),
        own => (subresource.group.as_str(), own),
    };
    json!({
        "subresource": subresource.name,
        "responseKind": kind(group, version, &subresource.kind),
        "verbs": subresource.verbs,
    })
}

fn kind(group: &str, version: &str, kind: &str) -> Value {
    json!({"group": group, "version": version, "kind": kind})
}
