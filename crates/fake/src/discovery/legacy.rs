//! The documents that clients without aggregated discovery read one by one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::HOST;
use http::request::Parts;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::registry::{Catalog, Group, Resource, Subresource, Version};

/// `/api`. Like the other documents of the core group it has no `apiVersion`.
pub(super) fn core_versions(head: &Parts) -> Value {
    let host = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| Some(head.uri.authority()?.as_str()));
    json!({
        "kind": "APIVersions",
        "versions": ["v1"],
        "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": host.unwrap_or_default()}],
    })
}

/// `/apis`.
pub(super) fn groups(catalog: &Catalog) -> Value {
    let groups = catalog
        .groups()
        .iter()
        .filter(|group| !group.name.is_empty());
    let groups: Vec<Value> = groups.map(|group| group_fields(group)).collect();
    json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
}

/// `/apis/{group}`.
pub(super) fn group(group: &Group) -> Value {
    let mut document = group_fields(group);
    document["kind"] = "APIGroup".into();
    document["apiVersion"] = "v1".into();
    document
}

/// `/api/v1` and `/apis/{group}/{version}`.
pub(super) fn resources(group: &Group, version: &Version) -> Value {
    let resources: Vec<Value> = version
        .resources
        .iter()
        .flat_map(|known| resource(known))
        .collect();
    let mut document = json!({
        "kind": "APIResourceList",
        "groupVersion": group_version(group, version),
        "resources": resources,
    });
    if !group.name.is_empty() {
        document["apiVersion"] = "v1".into();
    }
    document
}

fn group_fields(group: &Group) -> Value {
    let versions: Vec<Value> = group
        .versions
        .iter()
        .map(|version| json!({"groupVersion": group_version(group, version), "version": version.name}))
        .collect();
    let preferred = versions.first().cloned().unwrap_or_default();
    json!({"name": group.name, "versions": versions, "preferredVersion": preferred})
}

fn group_version(group: &Group, version: &Version) -> String {
    match group.name.as_str() {
        "" => version.name.clone(),
        group => format!("{group}/{}", version.name),
    }
}

/// A resource and, after it, its subresources.
fn resource(resource: &Resource) -> Vec<Value> {
    let mut document = json!({
        "name": resource.plural,
        "singularName": resource.singular,
        "namespaced": resource.is_namespaced(),
        "kind": resource.kind,
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
    // Only what is stored has a storage version.
    if resource.verbs.iter().any(|verb| verb == "watch") {
        document["storageVersionHash"] = storage_version_hash(resource).into();
    }
    let below = resource
        .subresources
        .iter()
        .map(|below| subresource(resource, below));
    std::iter::once(document).chain(below).collect()
}

fn subresource(resource: &Resource, subresource: &Subresource) -> Value {
    let mut document = json!({
        "name": format!("{}/{}", resource.plural, subresource.name),
        "singularName": "",
        "namespaced": resource.is_namespaced(),
        "kind": subresource.kind,
        "verbs": subresource.verbs,
    });
    if !subresource.version.is_empty() {
        document["group"] = subresource.group.as_str().into();
        document["version"] = subresource.version.as_str().into();
    }
    document
}

/// Changes when the version changes in which objects are stored.
fn storage_version_hash(resource: &Resource) -> String {
    let stored = format!(
        "{}/{}/{}",
        resource.storage.group(),
        resource.storage_version,
        resource.kind
    );
    STANDARD.encode(&digest(&SHA256, stored.as_bytes()).as_ref()[..8])
}
