//! The types of built-in kinds: facts recorded from kube-apiserver 1.36.2, kept in `data/schema.json`.

mod facts;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

/// All that is known, as JSON.
pub(crate) const FACTS: &str = include_str!("../../data/schema.json");

static DATA: LazyLock<Data> = LazyLock::new(|| {
    serde_json::from_str(FACTS).expect("the embedded schema is JSON of this shape")
});

/// What fields are when they are absent, by definition, where the schema does not say.
static DEFAULTS: LazyLock<HashMap<String, Map<String, Value>>> = LazyLock::new(|| {
    let json = include_str!("../../data/defaults.json");
    serde_json::from_str(json).expect("the embedded defaults are JSON of this shape")
});

/// Fields that are left out when they are zero or empty, by definition. Lists and maps always are, unless they are required.
static OMITTED: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let json = include_str!("../../data/omitted.json");
    serde_json::from_str(json).expect("the embedded names are JSON of this shape")
});

#[derive(Debug, Deserialize)]
struct Data {
    definitions: HashMap<String, Definition>,
}

/// An object type.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Definition {
    pub(super) properties: HashMap<String, Property>,
    /// Empty where several types are allowed.
    #[serde(rename = "type")]
    pub(super) kind: String,
    required: Vec<String>,
    format: String,
    #[serde(rename = "mapType")]
    map_type: String,
}

/// A field, or the items of a list or the values of a map.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Property {
    /// The name of the definition that has the type.
    #[serde(rename = "ref")]
    pub(super) reference: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) format: String,
    /// The values that a text may have; empty if any.
    #[serde(rename = "enum")]
    pub(super) choices: Vec<String>,
    default: Option<Value>,
    items: Option<Box<Property>>,
    additional_properties: Option<Box<Property>>,
    patch_strategy: String,
    merge_key: Option<String>,
    list_type: String,
    list_map_keys: Vec<String>,
    map_type: String,
}

/// The type of a built-in kind, with its name.
pub(super) fn kind(
    group: &str,
    version: &str,
    kind: &str,
) -> Option<(&'static str, &'static Definition)> {
    let (name, definition) = DATA
        .definitions
        .get_key_value(&name_of(group, version, kind))?;
    Some((name, definition))
}

/// The name of the definition of a built-in kind.
fn name_of(group: &str, version: &str, kind: &str) -> String {
    let package = match group {
        "" => "io.k8s.api.core",
        "apiextensions.k8s.io" => "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
        "apiregistration.k8s.io" => "io.k8s.kube-aggregator.pkg.apis.apiregistration",
        "internal.apiserver.k8s.io" => "io.k8s.api.apiserverinternal",
        group => {
            let first = group.split('.').next().unwrap_or(group);
            return format!("io.k8s.api.{first}.{version}.{kind}");
        }
    };
    format!("{package}.{version}.{kind}")
}

/// What fields of a definition are when they are absent, where the schema does not say.
pub(super) fn defaults_of(name: &str) -> Option<&'static Map<String, Value>> {
    DEFAULTS.get(name)
}

/// Fields of a definition that are left out when they are zero or empty, beside lists and maps.
pub(super) fn omitted_of(name: &str) -> &'static [String] {
    OMITTED.get(name).map_or(&[], Vec::as_slice)
}

/// A definition with its name.
pub(super) fn named_whole(name: &str) -> Option<(&'static str, &'static Definition)> {
    let (name, definition) = DATA.definitions.get_key_value(name)?;
    Some((name, definition))
}

pub(super) fn named(name: &str) -> Option<&'static Definition> {
    DATA.definitions.get(name)
}

impl Definition {
    /// What the schema says absent fields are.
    pub(super) fn defaults(&self) -> impl Iterator<Item = (&String, &Value)> {
        // An optional name is empty by default but left out when it is empty.
        let counts =
            |name: &str, default: &Value| name != "name" || default != "" || self.requires(name);
        let defaults = self
            .properties
            .iter()
            .filter_map(|(name, property)| Some((name, property.default.as_ref()?)));
        defaults.filter(move |(name, default)| counts(name, default))
    }

    pub(crate) fn requires(&self, name: &str) -> bool {
        self.required.iter().any(|required| required == name)
    }

    pub(super) fn field(&self, name: &str) -> Option<&Property> {
        self.properties.get(name)
    }
}

impl Property {
    pub(super) fn field(&'static self, name: &str) -> Option<&'static Property> {
        match &self.reference {
            Some(reference) => named(reference)?.field(name),
            None => self.additional_properties.as_deref(),
        }
    }

    pub(crate) fn values(&self) -> Option<&Property> {
        self.additional_properties.as_deref()
    }

    pub(crate) fn items(&self) -> Option<&Property> {
        self.items.as_deref()
    }

    pub(super) fn merges(&self) -> bool {
        self.strategies().any(|strategy| strategy == "merge")
    }

    pub(super) fn replaces(&self) -> bool {
        self.strategies().any(|strategy| strategy == "replace")
    }

    pub(super) fn merge_key(&self) -> Option<&str> {
        self.merge_key.as_deref()
    }

    fn strategies(&self) -> impl Iterator<Item = &str> {
        self.patch_strategy.split(',')
    }
}

#[cfg(test)]
mod tests {
    use crate::registry::Registry;

    use super::*;

    #[test]
    fn defaults_are_of_fields_that_exist() {
        for (name, defaults) in &*DEFAULTS {
            let definition = named(name).expect(name);
            for field in defaults.keys() {
                assert!(definition.field(field).is_some(), "{name} {field}");
            }
        }
    }

    #[test]
    fn omitted_fields_exist() {
        for (name, fields) in &*OMITTED {
            let definition = named(name).expect(name);
            for field in fields {
                assert!(definition.field(field).is_some(), "{name} {field}");
            }
        }
    }

    #[test]
    fn every_built_in_kind_has_a_type() {
        for resource in Registry::new().snapshot().stored() {
            let (group, version, kind) = (&resource.group, &resource.version, &resource.kind);
            let found = super::kind(group, version, kind);
            assert!(found.is_some(), "{group}/{version} {kind}");
        }
    }
}
