//! A snapshot of everything that is served.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use super::version::by_stability;
use super::{Resource, StorageKey, built_in};
use crate::discovery::Documents;
use crate::openapi;

/// Everything that is served at one moment, in the order of discovery.
#[derive(Debug)]
pub(crate) struct Catalog {
    groups: Vec<Arc<Group>>,
    by_name: HashMap<String, usize>,
    /// Custom resources whose definitions are being deleted.
    ending: Vec<StorageKey>,
    /// Documents that are made when someone asks for them, and then kept: most servers are asked by every client.
    pub(crate) documents: OnceLock<Documents>,
    /// The same for OpenAPI.
    pub(crate) openapi: OnceLock<openapi::Documents>,
}

/// A group with its versions, the preferred one first.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Empty for the core group.
    pub(crate) name: String,
    pub(crate) versions: Vec<Version>,
    /// Whether some of it comes with the server. Where nothing does, unknown paths are answered differently.
    pub(crate) built_in: bool,
}

/// A version with its resources.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) name: String,
    pub(crate) resources: Vec<Arc<Resource>>,
}

impl Catalog {
    /// The built-in resources and these.
    pub(super) fn new(custom: Vec<Arc<Resource>>) -> Self {
        let mut groups = built_in::groups().to_vec();
        let ending = custom
            .iter()
            .filter(|resource| resource.custom().is_some_and(|version| version.terminating))
            .map(|resource| resource.storage.clone())
            .collect();
        for resource in custom {
            add(&mut groups, resource);
        }
        let (_, custom) = groups.split_at_mut(built_in::groups().len());
        custom.sort_by(|a, b| a.name.cmp(&b.name));
        let by_name = groups
            .iter()
            .enumerate()
            .map(|(index, group)| (group.name.clone(), index))
            .collect();
        Self {
            groups,
            by_name,
            ending,
            documents: OnceLock::new(),
            openapi: OnceLock::new(),
        }
    }

    /// All groups, the core group first.
    pub(crate) fn groups(&self) -> &[Arc<Group>] {
        &self.groups
    }

    pub(crate) fn group(&self, name: &str) -> Option<&Group> {
        self.by_name.get(name).map(|index| &*self.groups[*index])
    }

    pub(crate) fn resource(
        &self,
        group: &str,
        version: &str,
        plural: &str,
    ) -> Option<&Arc<Resource>> {
        self.group(group)?.version(version)?.resource(plural)
    }

    /// Whether the definition of a custom resource is being deleted.
    pub(crate) fn is_ending(&self, storage: &StorageKey) -> bool {
        self.ending.contains(storage)
    }

    /// Every resource in every version.
    pub(crate) fn resources(&self) -> impl Iterator<Item = &Arc<Resource>> {
        self.groups
            .iter()
            .flat_map(|group| &group.versions)
            .flat_map(|version| &version.resources)
    }

    /// Each kind of stored objects once, in the version that discovery lists first.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Arc<Resource>> {
        let mut seen: HashSet<&StorageKey> = HashSet::new();
        self.resources()
            .filter(move |resource| seen.insert(&resource.storage))
    }
}

impl Group {
    pub(crate) fn version(&self, name: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.name == name)
    }
}

impl Version {
    pub(crate) fn resource(&self, plural: &str) -> Option<&Arc<Resource>> {
        self.resources
            .iter()
            .find(|resource| resource.plural == plural)
    }
}

/// Adds a custom resource to its group and version. A resource that is there already stays what it is.
fn add(groups: &mut Vec<Arc<Group>>, resource: Arc<Resource>) {
    let index = match groups.iter().position(|group| group.name == resource.group) {
        Some(index) => index,
        None => {
            groups.push(Arc::new(Group {
                name: resource.group.clone(),
                versions: Vec::new(),
                built_in: false,
            }));
            groups.len() - 1
        }
    };
    let group = Arc::make_mut(&mut groups[index]);
    let position = match group
        .versions
        .iter()
        .position(|version| version.name == resource.version)
    {
        Some(position) => position,
        None => insert_version(&mut group.versions, &resource.version),
    };
    let resources = &mut group.versions[position].resources;
    if let Err(at) = search(resources, &resource) {
        resources.insert(at, resource);
    }
}

fn search(resources: &[Arc<Resource>], resource: &Resource) -> Result<usize, usize> {
    resources.binary_search_by(|other| other.plural.cmp(&resource.plural))
}

fn insert_version(versions: &mut Vec<Version>, name: &str) -> usize {
    let at = versions
        .iter()
        .position(|version| by_stability(name, &version.name).is_lt())
        .unwrap_or(versions.len());
    versions.insert(
        at,
        Version {
            name: name.to_owned(),
            resources: Vec::new(),
        },
    );
    at
}
