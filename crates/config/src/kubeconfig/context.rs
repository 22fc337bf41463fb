//! The `context` stanza.

use serde::{Deserialize, Serialize};

use crate::kubeconfig::{
    field,
    named::Named,
    unknown::{Extension, UnknownFields},
};

/// A cluster, a user and a namespace that belong together.
///
/// Matches `clientcmdapi.Context` of client-go.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[serde(expecting = "a mapping")]
#[non_exhaustive]
pub struct Context {
    /// The name of the cluster.
    #[serde(
        default,
        deserialize_with = "field::text",
        serialize_with = "field::always"
    )]
    pub cluster: Option<String>,
    /// The name of the user.
    #[serde(
        default,
        deserialize_with = "field::text",
        serialize_with = "field::always"
    )]
    pub user: Option<String>,
    /// The namespace of requests that name none.
    #[serde(
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub namespace: Option<String>,
    /// What other programs keep here.
    #[serde(
        default,
        deserialize_with = "field::nullable",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub extensions: Vec<Named<Extension>>,
    /// Fields this crate does not know.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}
