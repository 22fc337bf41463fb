//! What a schema says about definitions and properties, for who makes something else of it.

use serde_json::Value;

use super::{DATA, Definition, Property};

impl Definition {
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        DATA.definitions.keys().map(String::as_str)
    }

    pub(crate) fn named(name: &str) -> Option<&'static Definition> {
        super::named(name)
    }

    /// The name of the definition of a built-in kind.
    pub(crate) fn name_of(group: &str, version: &str, kind: &str) -> String {
        super::name_of(group, version, kind)
    }

    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }

    pub(crate) fn format(&self) -> &str {
        &self.format
    }

    pub(crate) fn map_type(&self) -> &str {
        &self.map_type
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &Property)> {
        let fields = self.properties.iter();
        fields.map(|(name, property)| (name.as_str(), property))
    }
}

impl Property {
    /// The name of the definition that has the type.
    pub(crate) fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }

    pub(crate) fn format(&self) -> &str {
        &self.format
    }

    pub(crate) fn default(&self) -> Option<&Value> {
        self.default.as_ref()
    }

    pub(crate) fn list_type(&self) -> &str {
        &self.list_type
    }

    pub(crate) fn list_map_keys(&self) -> &[String] {
        &self.list_map_keys
    }

    pub(crate) fn map_type(&self) -> &str {
        &self.map_type
    }
}
