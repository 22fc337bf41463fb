//! The `user` stanza.

use std::collections::BTreeMap;

use secrecy::{SecretSlice, SecretString};
use serde::{Deserialize, Serialize};

use crate::kubeconfig::{
    auth_provider::AuthProviderConfig,
    exec::ExecConfig,
    field,
    named::Named,
    unknown::{Extension, UnknownFields},
};

/// How a user proves who they are, and whom they act for.
///
/// Matches `clientcmdapi.AuthInfo` of client-go. Fields are as they are in the file; paths may be relative to it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[serde(expecting = "a mapping")]
#[non_exhaustive]
pub struct AuthInfo {
    /// A file with the client certificate.
    #[serde(
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub client_certificate: Option<String>,
    /// The client certificate itself, in PEM.
    #[serde(
        default,
        with = "field::base64",
        skip_serializing_if = "Option::is_none"
    )]
    pub client_certificate_data: Option<SecretSlice<u8>>,
    /// A file with the private key of the client certificate.
    #[serde(
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub client_key: Option<String>,
    /// That private key itself, in PEM.
    #[serde(
        default,
        with = "field::base64",
        skip_serializing_if = "Option::is_none"
    )]
    pub client_key_data: Option<SecretSlice<u8>>,
    /// A bearer token.
    #[serde(
        default,
        with = "field::secret",
        skip_serializing_if = "Option::is_none"
    )]
    pub token: Option<SecretString>,
    /// A file with a bearer token, read again and again.
    #[serde(
        rename = "tokenFile",
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub token_file: Option<String>,
    /// The user to act for.
    #[serde(
        rename = "as",
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub impersonate: Option<String>,
    /// The uid of the user to act for.
    #[serde(
        rename = "as-uid",
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub impersonate_uid: Option<String>,
    /// The groups of the user to act for.
    #[serde(
        rename = "as-groups",
        default,
        deserialize_with = "field::nullable",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub impersonate_groups: Vec<String>,
    /// Additional facts about the user to act for.
    #[serde(
        rename = "as-user-extra",
        default,
        deserialize_with = "field::nullable",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub impersonate_user_extra: BTreeMap<String, Vec<String>>,
    /// The user name for basic authentication.
    #[serde(
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub username: Option<String>,
    /// The password for basic authentication.
    #[serde(
        default,
        with = "field::secret",
        skip_serializing_if = "Option::is_none"
    )]
    pub password: Option<SecretString>,
    /// A named authentication provider, such as `oidc`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_provider: Option<AuthProviderConfig>,
    /// A credential plugin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exec: Option<ExecConfig>,
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
