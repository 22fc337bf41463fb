//! The `preferences` stanza.

use serde::{Deserialize, Serialize};

use crate::kubeconfig::{
    field,
    named::Named,
    unknown::{Extension, UnknownFields},
};

/// Preferences of kubectl, which nothing reads any more; they are kept.
///
/// Matches `clientcmdapi.Preferences` of client-go, deprecated there since 1.34.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(expecting = "a mapping")]
#[non_exhaustive]
pub struct Preferences {
    /// Whether kubectl may use colours.
    #[serde(
        default,
        deserialize_with = "field::nullable",
        skip_serializing_if = "field::is_unset"
    )]
    pub colors: bool,
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

impl Preferences {
    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        !self.colors && self.extensions.is_empty() && self.unknown.0.is_empty()
    }
}
