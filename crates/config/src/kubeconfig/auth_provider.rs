//! The `auth-provider` stanza.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kubeconfig::{field, unknown::UnknownFields};

/// A named authentication provider and its settings.
///
/// Matches `clientcmdapi.AuthProviderConfig` of client-go.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(expecting = "a mapping")]
#[non_exhaustive]
pub struct AuthProviderConfig {
    /// The name of the provider, such as `oidc`.
    #[serde(default, deserialize_with = "field::nullable")]
    pub name: String,
    /// Its settings, among them tokens and client secrets.
    #[serde(default, with = "settings")]
    pub config: BTreeMap<String, SecretString>,
    /// Fields this crate does not know.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

mod settings {
    use super::{BTreeMap, Deserializer, ExposeSecret, SecretString, Serializer, field};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<String, SecretString>, D::Error> {
        let settings: BTreeMap<String, Option<String>> = field::nullable(deserializer)?;
        Ok(settings
            .into_iter()
            .map(|(name, value)| (name, value.unwrap_or_default().into()))
            .collect())
    }

    pub(super) fn serialize<S: Serializer>(
        settings: &BTreeMap<String, SecretString>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            settings
                .iter()
                .map(|(name, value)| (name, value.expose_secret())),
        )
    }
}
