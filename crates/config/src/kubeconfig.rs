//! The kubeconfig file, as it is written.

pub(crate) mod auth_info;
pub(crate) mod auth_provider;
pub(crate) mod cluster;
pub(crate) mod context;
pub(crate) mod exec;
mod field;
pub(crate) mod named;
pub(crate) mod preferences;
pub(crate) mod unknown;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::kubeconfig::{
    auth_info::AuthInfo,
    cluster::Cluster,
    context::Context,
    named::Named,
    preferences::Preferences,
    unknown::{Extension, UnknownFields},
};

/// A kubeconfig: one file, or several merged, as it is written.
///
/// Nothing in it is interpreted or lost: paths stay relative to the file they came from
/// ([`Named::origin`]), and fields nobody uses are kept and written back. [`Config::from_kubeconfig`](crate::Config::from_kubeconfig)
/// turns one of its contexts into something to connect with.
///
/// Serialising writes the secrets in it. `Debug` hides them.
///
/// Matches `clientcmdapi.Config` of client-go.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Kubeconfig {
    /// `v1`, or nothing.
    #[serde(
        rename = "apiVersion",
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub api_version: Option<String>,
    /// `Config`, or nothing.
    #[serde(
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub kind: Option<String>,
    /// The clusters it knows.
    #[serde(default, deserialize_with = "field::nullable")]
    pub clusters: Vec<Named<Cluster>>,
    /// The users it knows.
    #[serde(default, deserialize_with = "field::nullable")]
    pub users: Vec<Named<AuthInfo>>,
    /// The contexts it knows.
    #[serde(default, deserialize_with = "field::nullable")]
    pub contexts: Vec<Named<Context>>,
    /// The name of the context to use when the user names none.
    #[serde(
        default,
        deserialize_with = "field::text",
        serialize_with = "field::always"
    )]
    pub current_context: Option<String>,
    /// Preferences of kubectl.
    #[serde(
        default,
        deserialize_with = "field::nullable",
        skip_serializing_if = "Preferences::is_empty"
    )]
    pub preferences: Preferences,
    /// What other programs keep here.
    #[serde(
        default,
        deserialize_with = "field::nullable",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub extensions: Vec<Named<Extension>>,
    /// The files it was read from, first the one that wins. Not written.
    #[serde(skip)]
    pub origins: Vec<PathBuf>,
    /// Fields this crate does not know.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}
