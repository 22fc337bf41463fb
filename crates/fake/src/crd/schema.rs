//! Structural schemas: what objects of a custom resource look like, and what becomes of those that do not.
//!
//! An object that comes in loses its nulls, gets its defaults ([`defaults`]), loses the fields that are not in the schema ([`prune`]),
//! and is then checked ([`check`]). What is stored goes through the same again when it is read, because the definition may have changed
//! since.

mod at;
mod check;
mod defaults;
mod embedded;
mod lists;
mod numbers;
mod path;
mod prune;
mod version;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::pattern::Pattern;

pub(crate) use check::{Ratchet, check, check_value};
pub(crate) use embedded::{check as check_embedded, coerce as coerce_embedded};
pub(crate) use lists::check as check_lists;
pub(crate) use numbers::normalize;
pub(crate) use path::Path;
pub(crate) use prune::prune_value;
pub(crate) use version::VersionSchema;

/// A node of a schema, as definitions write it.
///
/// What only documents, such as an example, is not read.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Structural {
    /// Empty where any type will do.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) format: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) nullable: bool,
    pub(crate) default: Option<Value>,
    #[serde(rename = "enum")]
    pub(crate) allowed: Vec<Value>,

    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) exclusive_minimum: bool,
    pub(crate) exclusive_maximum: bool,
    pub(crate) multiple_of: Option<f64>,
    pub(crate) min_length: Option<i64>,
    pub(crate) max_length: Option<i64>,
    pub(crate) pattern: Pattern,

    pub(crate) items: Option<Items>,
    pub(crate) min_items: Option<i64>,
    pub(crate) max_items: Option<i64>,
    pub(crate) unique_items: bool,

    pub(crate) properties: BTreeMap<String, Structural>,
    pub(crate) additional_properties: Option<Additional>,
    pub(crate) min_properties: Option<i64>,
    pub(crate) max_properties: Option<i64>,
    pub(crate) required: Vec<String>,

    pub(crate) all_of: Vec<Structural>,
    pub(crate) any_of: Vec<Structural>,
    pub(crate) one_of: Vec<Structural>,
    pub(crate) not: Option<Box<Structural>>,

    #[serde(rename = "x-kubernetes-preserve-unknown-fields")]
    pub(crate) preserves_unknown: Option<bool>,
    #[serde(rename = "x-kubernetes-embedded-resource")]
    pub(crate) embeds_resource: bool,
    #[serde(rename = "x-kubernetes-int-or-string")]
    pub(crate) int_or_string: bool,
    #[serde(rename = "x-kubernetes-list-type")]
    pub(crate) list_type: Option<String>,
    #[serde(rename = "x-kubernetes-list-map-keys")]
    pub(crate) list_map_keys: Vec<String>,
    #[serde(rename = "x-kubernetes-map-type")]
    pub(crate) map_type: Option<String>,
    #[serde(rename = "x-kubernetes-validations")]
    pub(crate) rules: Vec<super::rule::Rule>,

    // What the format has and definitions must not use.
    pub(crate) id: Option<Value>,
    pub(crate) additional_items: Option<Value>,
    pub(crate) pattern_properties: BTreeMap<String, Value>,
    pub(crate) definitions: BTreeMap<String, Value>,
    pub(crate) dependencies: Option<Value>,
    #[serde(rename = "$ref")]
    pub(crate) reference: Option<String>,
}

/// The items of a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Items {
    One(Box<Structural>),
    /// A schema for each place, which definitions must not use.
    Several(Vec<Structural>),
}

/// What a map has beside its named properties.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Additional {
    Any(bool),
    Values(Box<Structural>),
}

impl Structural {
    /// A schema that knows nothing and keeps everything.
    pub(crate) fn anything() -> Structural {
        Structural {
            preserves_unknown: Some(true),
            ..Structural::default()
        }
    }

    pub(crate) fn preserves_unknown(&self) -> bool {
        self.preserves_unknown == Some(true)
    }

    /// The schema of the items of a list.
    pub(crate) fn item(&self) -> Option<&Structural> {
        match self.items.as_ref()? {
            Items::One(schema) => Some(schema),
            Items::Several(_) => None,
        }
    }

    /// The schema of the values of a map.
    pub(crate) fn value(&self) -> Option<&Structural> {
        match self.additional_properties.as_ref()? {
            Additional::Values(schema) => Some(schema),
            Additional::Any(_) => None,
        }
    }

    /// Whether lists have this `x-kubernetes-list-type`.
    pub(crate) fn list_is(&self, list_type: &str) -> bool {
        self.list_type.as_deref() == Some(list_type)
    }

    /// What is written in the schema and not supported, by the name it has there.
    pub(crate) fn unsupported(&self) -> impl Iterator<Item = &'static str> {
        let found = [
            ("id", self.id.is_some()),
            ("additionalItems", self.additional_items.is_some()),
            ("patternProperties", !self.pattern_properties.is_empty()),
            ("definitions", !self.definitions.is_empty()),
            ("dependencies", self.dependencies.is_some()),
            ("$ref", self.reference.is_some()),
        ];
        found
            .into_iter()
            .filter(|(_, is_there)| *is_there)
            .map(|(name, _)| name)
    }
}
