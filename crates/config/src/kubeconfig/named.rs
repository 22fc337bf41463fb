//! Entries of the lists of a kubeconfig.

use std::{
    collections::HashSet,
    fmt,
    marker::PhantomData,
    path::{Path, PathBuf},
};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::SerializeMap as _,
};

use crate::error::Problem;
use crate::kubeconfig::{
    auth_info::AuthInfo,
    cluster::Cluster,
    context::Context,
    unknown::{Extension, UnknownFields},
};

/// A named entry of one of the lists of a kubeconfig, and the file it came from.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Named<T> {
    /// The name other stanzas refer to. Within one list, names are unique.
    pub name: String,
    /// What is named.
    pub value: T,
    /// The file this entry was read from, against whose folder its relative paths are resolved. Not written.
    pub origin: Option<PathBuf>,
    /// Fields beside the name and the value that this crate does not know.
    pub unknown: UnknownFields,
}

impl<T> Named<T> {
    /// Names something that is in no file yet.
    #[must_use]
    pub fn new(name: impl Into<String>, value: T) -> Self {
        Self {
            name: name.into(),
            value,
            origin: None,
            unknown: UnknownFields::default(),
        }
    }
}

/// What can be an entry of a list of a kubeconfig. Sealed.
pub trait Entry: Sealed {}

/// The names the file uses for a kind of entry.
pub trait Sealed {
    /// The field of an entry that holds its value.
    const FIELD: &'static str;
    /// The list of the file that holds the entries.
    const LIST: &'static str;
}

impl Entry for Cluster {}
impl Sealed for Cluster {
    const FIELD: &'static str = "cluster";
    const LIST: &'static str = "clusters";
}

impl Entry for AuthInfo {}
impl Sealed for AuthInfo {
    const FIELD: &'static str = "user";
    const LIST: &'static str = "users";
}

impl Entry for Context {}
impl Sealed for Context {
    const FIELD: &'static str = "context";
    const LIST: &'static str = "contexts";
}

impl Entry for Extension {}
impl Sealed for Extension {
    const FIELD: &'static str = "extension";
    const LIST: &'static str = "extensions";
}

/// Finds an entry by name.
pub(crate) fn find<'a, T>(entries: &'a [Named<T>], name: &str) -> Option<&'a Named<T>> {
    entries.iter().find(|entry| entry.name == name)
}

/// Notes the file of entries that have none yet.
pub(crate) fn came_from<T>(entries: &mut [Named<T>], origin: &Path) {
    for entry in entries {
        entry.origin.get_or_insert_with(|| origin.to_owned());
    }
}

/// Finds a name that two entries have.
pub(crate) fn duplicate<T: Entry>(entries: &[Named<T>]) -> Option<Problem> {
    let mut names = HashSet::with_capacity(entries.len());
    let twice = entries.iter().find(|entry| !names.insert(&entry.name))?;
    let reason = format!("two entries are named {:?}", twice.name);
    Some(Problem::new(reason).in_field(T::LIST))
}

impl<T: Entry + Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.name)?;
        map.serialize_entry(T::FIELD, &self.value)?;
        for (name, value) in &self.unknown.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de, T: Entry + Deserialize<'de> + Default> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NamedVisitor(PhantomData))
    }
}

struct NamedVisitor<T>(PhantomData<T>);

impl<'de, T: Entry + Deserialize<'de> + Default> Visitor<'de> for NamedVisitor<T> {
    type Value = Named<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a mapping with the fields name and {}", T::FIELD)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut named = Named::new(String::new(), T::default());
        while let Some(field) = map.next_key::<String>()? {
            if field == "name" {
                named.name = map.next_value::<Option<String>>()?.unwrap_or_default();
            } else if field == T::FIELD {
                named.value = map.next_value::<Option<T>>()?.unwrap_or_default();
            } else {
                named.unknown.0.insert(field, map.next_value()?);
            }
        }
        Ok(named)
    }
}
