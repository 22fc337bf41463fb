//! Objects of any kind, metadata only.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde::{Deserialize, Deserializer};

use super::types::dynamic_object;
use crate::TypeMeta;

/// The metadata of an object of any kind. Matches `metav1.PartialObjectMetadata`.
///
/// It is what a server sends when it is asked for metadata only, and it can be read from any object, whose other fields are
/// passed over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartialObjectMetadata {
    /// The version and kind; those of the answer, when a server sent it.
    pub types: TypeMeta,
    /// The metadata.
    pub metadata: ObjectMeta,
}

impl<'de> Deserialize<'de> for PartialObjectMetadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        struct Fields {
            api_version: String,
            kind: String,
            metadata: ObjectMeta,
        }

        let Fields {
            api_version,
            kind,
            metadata,
        } = Fields::deserialize(deserializer)?;
        Ok(Self {
            types: TypeMeta { api_version, kind },
            metadata,
        })
    }
}

impl Serialize for PartialObjectMetadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.types.serialize_into(&mut map)?;
        map.serialize_entry("metadata", &self.metadata)?;
        map.end()
    }
}

dynamic_object!(PartialObjectMetadata);
