//! The `cluster` stanza.

use std::fmt;

use secrecy::SecretSlice;
use serde::{Deserialize, Serialize};

use crate::config::server;
use crate::kubeconfig::{
    field,
    named::Named,
    unknown::{Extension, UnknownFields},
};

/// How to reach a cluster and how to know that it is the right one.
///
/// Matches `clientcmdapi.Cluster` of client-go. Fields are as they are in the file; paths may be relative to it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[serde(expecting = "a mapping")]
#[non_exhaustive]
pub struct Cluster {
    /// The API server: a URL, a host, or a host and a port.
    #[serde(
        default,
        deserialize_with = "field::text",
        serialize_with = "field::always"
    )]
    pub server: Option<String>,
    /// The name the server's certificate must be for.
    #[serde(
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub tls_server_name: Option<String>,
    /// Whether to accept any certificate.
    #[serde(
        default,
        deserialize_with = "field::nullable",
        skip_serializing_if = "field::is_unset"
    )]
    pub insecure_skip_tls_verify: bool,
    /// A file with the certificate authorities that may have signed the server's certificate.
    #[serde(
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub certificate_authority: Option<String>,
    /// Those certificate authorities themselves, in PEM.
    #[serde(
        default,
        with = "field::base64",
        skip_serializing_if = "Option::is_none"
    )]
    pub certificate_authority_data: Option<SecretSlice<u8>>,
    /// The URL of a proxy; see [`ProxyUrl`](crate::ProxyUrl).
    #[serde(
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub proxy_url: Option<String>,
    /// Whether to ask for uncompressed responses.
    #[serde(
        default,
        deserialize_with = "field::nullable",
        skip_serializing_if = "field::is_unset"
    )]
    pub disable_compression: bool,
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

impl fmt::Debug for Cluster {
    /// Hides the passwords of URLs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster")
            .field("server", &self.server.as_deref().map(server::redact))
            .field("tls_server_name", &self.tls_server_name)
            .field("insecure_skip_tls_verify", &self.insecure_skip_tls_verify)
            .field("certificate_authority", &self.certificate_authority)
            .field(
                "certificate_authority_data",
                &self.certificate_authority_data,
            )
            .field("proxy_url", &self.proxy_url.as_deref().map(server::redact))
            .field("disable_compression", &self.disable_compression)
            .field("extensions", &self.extensions)
            .field("unknown", &self.unknown)
            .finish()
    }
}
