//! The JSON codec.
//!
//! Lists and watch events are walked once by a scanner that builds nothing; each object is then decoded straight into its
//! type, from its place in the body. A generic JSON tree is never built.

mod event;
mod framer;
mod list;
mod scan;

pub use framer::JsonFramer;

use bytes::Bytes;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Codec, DecodeError, EncodeError};
use crate::{ObjectKey, ResourceVersion, Undecodable, WatchEvent};

/// The JSON format, for every type that serde can write and read.
///
/// # Examples
///
/// ```
/// use bytes::Bytes;
/// use k8s_openapi::api::core::v1::ConfigMap;
/// use kubekit_core::{Codec, Json};
///
/// let body = Bytes::from_static(
///     br#"{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"7"},
///          "items":[{"metadata":{"name":"good"}},{"metadata":{"name":"bad"},"data":5}]}"#,
/// );
/// let mut names = Vec::new();
/// let list = Codec::<ConfigMap>::decode_list(&Json, &body, &mut |item| {
///     names.push(match item {
///         Ok(map) => map.metadata.name.unwrap_or_default(),
///         Err(bad) => format!("{} is bad", bad.key.map_or_else(String::new, |key| key.to_string())),
///     });
/// })?;
/// assert_eq!(list.resource_version.as_deref(), Some("7"));
/// assert_eq!(names, ["good", "bad is bad"]);
/// # Ok::<(), kubekit_core::DecodeError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json;

impl<K> Codec<K> for Json
where
    K: Serialize + DeserializeOwned,
{
    type Framer = JsonFramer;

    fn content_type(&self) -> &'static str {
        "application/json"
    }

    fn accept(&self) -> &'static str {
        "application/json"
    }

    fn encode(&self, object: &K) -> Result<Bytes, EncodeError> {
        serde_json::to_vec(object)
            .map(Bytes::from)
            .map_err(|error| EncodeError::json("object", error))
    }

    fn decode(&self, body: &Bytes) -> Result<K, DecodeError> {
        serde_json::from_slice(body).map_err(|error| DecodeError::new("object", 0, error))
    }

    fn decode_list(
        &self,
        body: &Bytes,
        sink: &mut dyn FnMut(Result<K, Undecodable>),
    ) -> Result<ListMeta, DecodeError> {
        list::decode(body, sink)
    }

    fn decode_event(&self, frame: &Bytes) -> Result<WatchEvent<K>, DecodeError> {
        event::decode(frame)
    }

    fn framer(&self) -> JsonFramer {
        JsonFramer::default()
    }
}

/// Makes the report on an object that stands at this place in a body, with as much of its identity as can be read.
fn undecodable(raw: Bytes, offset: usize, error: serde_json::Error) -> Undecodable {
    #[derive(serde::Deserialize)]
    struct Identity {
        metadata: Metadata,
    }

    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Metadata {
        name: String,
        #[serde(default)]
        namespace: String,
        #[serde(default)]
        resource_version: String,
    }

    let identity = serde_json::from_slice::<Identity>(&raw)
        .ok()
        .map(|identity| identity.metadata);
    let version = identity
        .as_ref()
        .map(|metadata| ResourceVersion::from(metadata.resource_version.as_str()));
    Undecodable {
        key: identity
            .as_ref()
            .map(|metadata| ObjectKey::namespaced(&metadata.namespace, &metadata.name)),
        resource_version: version.filter(|version| !version.is_unset()),
        error: DecodeError::new("object", offset, error),
        raw,
    }
}
