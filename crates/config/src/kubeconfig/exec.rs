//! The `exec` stanza.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::kubeconfig::{
    field,
    unknown::{Extension, UnknownFields},
};

/// A program that prints credentials.
///
/// `Debug` hides its arguments and the values of its variables, which may be secrets.
///
/// Matches `clientcmdapi.ExecConfig` of client-go.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[serde(expecting = "a mapping")]
#[non_exhaustive]
pub struct ExecConfig {
    /// The program. With a path separator in it, it is a path and may be relative to the file; without, it is looked
    /// up in `PATH`.
    #[serde(default, deserialize_with = "field::nullable")]
    pub command: String,
    /// Its arguments.
    #[serde(
        default,
        deserialize_with = "field::nullable",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub args: Vec<String>,
    /// Variables added to its environment.
    #[serde(
        default,
        deserialize_with = "field::nullable",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub env: Vec<ExecEnvVar>,
    /// The version of the protocol it speaks, such as `client.authentication.k8s.io/v1`.
    #[serde(
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub api_version: Option<String>,
    /// What to tell a user who has not installed it.
    #[serde(
        default,
        deserialize_with = "field::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub install_hint: Option<String>,
    /// Whether to tell it about the cluster.
    #[serde(default, deserialize_with = "field::nullable")]
    pub provide_cluster_info: bool,
    /// Whether it reads from the terminal. Required by `v1` of the protocol; `v1beta1` defaults to
    /// [`InteractiveMode::IfAvailable`].
    #[serde(
        default,
        deserialize_with = "mode",
        skip_serializing_if = "Option::is_none"
    )]
    pub interactive_mode: Option<InteractiveMode>,
    /// What the cluster's extension `client.authentication.k8s.io/exec` holds for the program. Not in this stanza of
    /// the file: it is filled in when a context is resolved.
    #[serde(skip)]
    pub cluster_config: Option<Extension>,
    /// Fields this crate does not know.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A variable of the environment of an [`ExecConfig`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(expecting = "a mapping")]
#[non_exhaustive]
pub struct ExecEnvVar {
    /// Its name.
    #[serde(default, deserialize_with = "field::nullable")]
    pub name: String,
    /// Its value.
    #[serde(default, deserialize_with = "value", serialize_with = "expose")]
    pub value: SecretString,
    /// Fields this crate does not know.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// Whether a credential plugin reads from the terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum InteractiveMode {
    /// It never does.
    Never,
    /// It does if there is one.
    IfAvailable,
    /// It cannot do without.
    Always,
    /// A mode this crate does not know. A stanza with it cannot be used.
    Unknown(String),
}

impl From<String> for InteractiveMode {
    fn from(mode: String) -> Self {
        match mode.as_str() {
            "Never" => Self::Never,
            "IfAvailable" => Self::IfAvailable,
            "Always" => Self::Always,
            _ => Self::Unknown(mode),
        }
    }
}

impl From<InteractiveMode> for String {
    fn from(mode: InteractiveMode) -> Self {
        match mode {
            InteractiveMode::Never => "Never".to_owned(),
            InteractiveMode::IfAvailable => "IfAvailable".to_owned(),
            InteractiveMode::Always => "Always".to_owned(),
            InteractiveMode::Unknown(mode) => mode,
        }
    }
}

impl fmt::Debug for ExecConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecConfig")
            .field("command", &self.command)
            .field("args", &format_args!("[REDACTED; {}]", self.args.len()))
            .field("env", &self.env)
            .field("api_version", &self.api_version)
            .field("install_hint", &self.install_hint)
            .field("provide_cluster_info", &self.provide_cluster_info)
            .field("interactive_mode", &self.interactive_mode)
            .field("cluster_config", &self.cluster_config)
            .field("unknown", &self.unknown)
            .finish()
    }
}

fn mode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<InteractiveMode>, D::Error> {
    field::text(deserializer).map(|mode| mode.map(Into::into))
}

fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    field::nullable::<D, String>(deserializer).map(Into::into)
}

fn expose<S: Serializer>(value: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.expose_secret())
}
