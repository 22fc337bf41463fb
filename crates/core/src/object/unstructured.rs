//! Objects of any kind, whole.

use std::fmt;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::types::dynamic_object;
use crate::{GroupVersionKind, TypeMeta};

/// An object of any kind: typed metadata, and the rest as JSON. Matches `unstructured.Unstructured`.
///
/// # Examples
///
/// ```
/// use kubekit_core::Unstructured;
/// use serde_json::json;
///
/// let site: Unstructured = serde_json::from_value(json!({
///     "apiVersion": "example.com/v1",
///     "kind": "Website",
///     "metadata": { "name": "home" },
///     "spec": { "replicas": 2 },
/// }))?;
/// assert_eq!(site.metadata.name.as_deref(), Some("home"));
/// assert_eq!(site.field("/spec/replicas").and_then(|n| n.as_u64()), Some(2));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unstructured {
    /// The version and kind.
    pub types: TypeMeta,
    /// The metadata.
    pub metadata: ObjectMeta,
    /// All other fields, by name.
    pub data: Map<String, Value>,
}

impl Unstructured {
    /// Makes an object of a kind, with a name and no other fields.
    pub fn new(gvk: &GroupVersionKind, name: impl Into<String>) -> Self {
        Self {
            types: gvk.into(),
            metadata: ObjectMeta {
                name: Some(name.into()),
                ..ObjectMeta::default()
            },
            data: Map::new(),
        }
    }

    /// Returns the field at a JSON pointer (RFC 6901) outside the metadata, such as `/spec/replicas`.
    pub fn field(&self, pointer: &str) -> Option<&Value> {
        let (first, rest) = split_first(pointer)?;
        let top = if first.contains('~') {
            self.data.get(&first.replace("~1", "/").replace("~0", "~"))
        } else {
            self.data.get(first)
        };
        top?.pointer(rest)
    }
}

// By hand, because a flattened derive would read every object into a generic tree first.
impl<'de> Deserialize<'de> for Unstructured {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Unstructured;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a Kubernetes object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut object = Unstructured::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "apiVersion" => object.types.api_version = map.next_value()?,
                        "kind" => object.types.kind = map.next_value()?,
                        "metadata" => object.metadata = map.next_value()?,
                        _ => drop(object.data.insert(key, map.next_value()?)),
                    }
                }
                Ok(object)
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

impl Serialize for Unstructured {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.types.serialize_into(&mut map)?;
        map.serialize_entry("metadata", &self.metadata)?;
        for (name, value) in &self.data {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Splits `/a/b/c` into `a` and `/b/c`.
fn split_first(pointer: &str) -> Option<(&str, &str)> {
    let path = pointer.strip_prefix('/')?;
    Some(path.split_at(path.find('/').unwrap_or(path.len())))
}

dynamic_object!(Unstructured);
