//! The resources that come with the server.
//!
//! They are facts recorded from kube-apiserver 1.36.2 with all APIs on, kept in `data/resources.json` in discovery order.

use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::{Group, Origin, Resource, ResourceScope, StorageKey, Subresource, Version};
use crate::object::Types;
use crate::strategy::Strategy;

static GROUPS: LazyLock<Vec<Arc<Group>>> = LazyLock::new(load);

/// The built-in groups, in discovery order. Parsed once per process.
pub(super) fn groups() -> &'static [Arc<Group>] {
    &GROUPS
}

#[derive(Deserialize)]
struct Data {
    groups: Vec<GroupData>,
}

#[derive(Deserialize)]
struct GroupData {
    name: String,
    versions: Vec<VersionData>,
}

#[derive(Deserialize)]
struct VersionData {
    version: String,
    resources: Vec<ResourceData>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ResourceData {
    name: String,
    singular: String,
    kind: String,
    namespaced: bool,
    #[serde(default)]
    short_names: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
    verbs: Vec<String>,
    #[serde(default)]
    subresources: Vec<SubresourceData>,
    /// Whose objects these are, where they are not this resource's own.
    storage: Option<StorageData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubresourceData {
    name: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    version: String,
    kind: String,
    verbs: Vec<String>,
}

#[derive(Deserialize)]
struct StorageData {
    group: String,
    resource: String,
}

fn load() -> Vec<Arc<Group>> {
    let data: Data = serde_json::from_str(include_str!("../../data/resources.json"))
        .expect("the embedded data is checked by a test of this crate");
    data.groups
        .into_iter()
        .map(|group| Arc::new(group.load()))
        .collect()
}

impl GroupData {
    fn load(self) -> Group {
        let storage_versions = self.storage_versions();
        let versions = self.versions.into_iter().map(|version| {
            let resources = version.resources.into_iter().map(|resource| {
                let storage_version = storage_versions
                    .iter()
                    .find(|(plural, _)| *plural == resource.name)
                    .map_or_else(|| version.version.clone(), |(_, version)| version.clone());
                Arc::new(resource.load(&self.name, &version.version, storage_version))
            });
            Version {
                resources: resources.collect(),
                name: version.version.clone(),
            }
        });
        Group {
            versions: versions.collect(),
            name: self.name,
            built_in: true,
        }
    }

    /// The version in which each resource is stored: the first that has it.
    fn storage_versions(&self) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for version in &self.versions {
            for resource in &version.resources {
                if !found.iter().any(|(plural, _)| *plural == resource.name) {
                    found.push((resource.name.clone(), version.version.clone()));
                }
            }
        }
        found
    }
}

impl ResourceData {
    fn load(self, group: &str, version: &str, storage_version: String) -> Resource {
        let storage = match &self.storage {
            Some(storage) => StorageKey::new(&storage.group, &storage.resource),
            None => StorageKey::new(group, &self.name),
        };
        Resource {
            group: group.to_owned(),
            version: version.to_owned(),
            singular: self.singular,
            list_kind: format!("{}List", self.kind),
            scope: match self.namespaced {
                true => ResourceScope::Namespaced,
                false => ResourceScope::Cluster,
            },
            verbs: self.verbs,
            short_names: self.short_names,
            categories: self.categories,
            subresources: self
                .subresources
                .into_iter()
                .map(SubresourceData::load)
                .collect(),
            origin: Origin::BuiltIn,
            storage,
            storage_version,
            types: Types::new(group, version, &self.kind),
            strategy: Arc::new(Strategy::of_built_in(group, &self.name)),
            plural: self.name,
            kind: self.kind,
        }
    }
}

impl SubresourceData {
    fn load(self) -> Subresource {
        Subresource {
            name: self.name,
            group: self.group,
            version: self.version,
            kind: self.kind,
            verbs: self.verbs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn the_embedded_data_holds_the_resources_of_the_core_group() {
        let core = groups().first().expect("a core group");
        assert_eq!(core.name, "");
        let pods = core
            .version("v1")
            .and_then(|version| version.resource("pods"))
            .expect("pods");
        assert_eq!(pods.kind, "Pod");
        assert!(
            pods.subresource("eviction")
                .is_some_and(|eviction| eviction.group == "policy")
        );
    }

    #[test]
    fn events_of_both_groups_are_the_same_objects() {
        let events = |name: &str| {
            let group = groups()
                .iter()
                .find(|group| group.name == name)
                .expect("the group");
            group.versions[0]
                .resource("events")
                .expect("events")
                .storage
                .clone()
        };
        assert_eq!(events(""), events("events.k8s.io"));
    }

    #[test]
    fn a_resource_is_stored_in_the_first_version_that_has_it() {
        let autoscaling = groups()
            .iter()
            .find(|group| group.name == "autoscaling")
            .expect("autoscaling");
        for version in &autoscaling.versions {
            let scalers = version
                .resource("horizontalpodautoscalers")
                .expect("autoscalers");
            assert_eq!(scalers.storage_version, "v2");
        }
    }
}
