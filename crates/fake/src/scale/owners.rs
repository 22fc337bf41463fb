//! Who owns the number of replicas of an object and of its scale.

use serde_json::Value;

use crate::fields::ScaleFields;
use crate::json_path::JsonPath;
use crate::meta;
use crate::registry::Resource;
use crate::request::{ApiRequest, Document};
use crate::world::World;

/// Where all versions of the resource have their number of replicas.
pub(super) fn fields(world: &World, request: &ApiRequest) -> ScaleFields {
    let resource = &request.resource;
    let catalog = world.registry.snapshot();
    let versions = catalog.group(&resource.group).into_iter();
    let others = versions
        .flat_map(|group| &group.versions)
        .filter_map(|version| version.resource(&resource.plural));
    ScaleFields {
        api_version: resource.types.api_version().to_owned(),
        paths: others
            .map(|resource| (resource.types.api_version().to_owned(), path(resource)))
            .collect(),
    }
}

fn path(resource: &Resource) -> Option<Vec<String>> {
    let text = match resource.custom() {
        Some(version) => &version.scale.as_ref()?.spec_replicas_path,
        None => ".spec.replicas",
    };
    JsonPath::parse(text)?.names()
}

/// The `managedFields` of an object.
pub(super) fn entries(document: &Value) -> Option<&Value> {
    document.get("metadata")?.get("managedFields")
}

pub(super) fn put(scale: &mut Document, entries: Option<Value>) {
    if let Some(entries) = entries {
        meta::of_mut(scale).insert("managedFields".to_owned(), entries);
    }
}

pub(super) fn put_in(document: &mut Value, entries: Option<Value>) {
    if let Some(metadata) = document.get_mut("metadata").and_then(Value::as_object_mut) {
        match entries {
            Some(entries) => metadata.insert("managedFields".to_owned(), entries),
            None => metadata.remove("managedFields"),
        };
    }
}
