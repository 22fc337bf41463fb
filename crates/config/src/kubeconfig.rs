//! The kubeconfig file, as it is written.

pub(crate) mod auth_info;
pub(crate) mod auth_provider;
pub(crate) mod cluster;
pub(crate) mod context;
pub(crate) mod exec;
mod field;
mod merge;
pub(crate) mod named;
pub(crate) mod preferences;
pub(crate) mod unknown;
mod validate;
mod write;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::kubeconfig::{
    auth_info::AuthInfo,
    cluster::Cluster,
    context::Context,
    named::Named,
    preferences::Preferences,
    unknown::{Extension, UnknownFields},
};
use crate::{
    error::{Error, Kind, Problem},
    files, parse,
};

/// A kubeconfig: one file, or several merged, as it is written.
///
/// Nothing in it is interpreted or lost: paths stay relative to the file they came from
/// ([`Named::origin`]), and fields nobody uses are kept and written back.
/// [`Config::from_kubeconfig`](crate::Config::from_kubeconfig) turns one of its contexts into something to connect with.
///
/// Serialising writes the secrets in it. `Debug` hides them.
///
/// Matches `clientcmdapi.Config` of client-go.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[serde(expecting = "a mapping")]
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

impl Kubeconfig {
    /// Reads one file. Its paths stay as they are written; the file becomes the origin of its entries.
    ///
    /// The read is blocking; kubeconfig files are small, and at most 8 MiB are accepted.
    ///
    /// Matches `clientcmd.LoadFromFile`.
    ///
    /// # Errors
    ///
    /// [`Error::is_unreadable`] holds when the file cannot be read, for instance because it does not exist; else as
    /// [`from_bytes`](Self::from_bytes).
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = files::read(path).map_err(|cause| files::unreadable(path, cause))?;
        Self::from_origin(&bytes, Some(path))
    }

    /// Reads a kubeconfig from YAML or JSON; of several YAML documents only the first. Empty text is an empty kubeconfig.
    ///
    /// Matches `clientcmd.Load`.
    ///
    /// # Examples
    ///
    /// ```
    /// use kubekit_config::Kubeconfig;
    ///
    /// let kubeconfig = Kubeconfig::from_bytes(b"clusters: [{name: kind, cluster: {server: 'host:6443'}}]")?;
    /// assert_eq!(kubeconfig.cluster("kind").unwrap().server.as_deref(), Some("host:6443"));
    ///
    /// let error = Kubeconfig::from_bytes(b"users: [{name: me, user: {token: 12345}}]").unwrap_err();
    /// assert_eq!(error.to_string(), "not a kubeconfig: users[0].user.token: expected a string, found a number");
    /// # Ok::<(), kubekit_config::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_malformed`] holds for text that is neither YAML nor JSON, describes something else than a
    /// kubeconfig, is larger than 8 MiB or expands to more than 64 MiB; [`Error::is_invalid`] when two
    /// entries of a list have the same name. The message never quotes the text.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_origin(bytes, None)
    }

    pub(crate) fn from_origin(bytes: &[u8], origin: Option<&Path>) -> Result<Self, Error> {
        let mut kubeconfig: Self = parse::parse(bytes, origin)?;
        kubeconfig.check_kind(origin)?;
        kubeconfig.check_names(origin)?;
        if let Some(origin) = origin {
            kubeconfig.came_from(origin);
        }
        Ok(kubeconfig)
    }

    /// Returns the text of a file with this content, in YAML, with every secret in it.
    ///
    /// Matches `clientcmd.Write`.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let value = serde_json::to_value(self)
            .expect("strings, flags, lists and maps by string can be written");
        write::yaml(&value)
    }

    /// Finds a cluster by name.
    #[must_use]
    pub fn cluster(&self, name: &str) -> Option<&Cluster> {
        named::find(&self.clusters, name).map(|entry| &entry.value)
    }

    /// Finds a user by name.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<&AuthInfo> {
        named::find(&self.users, name).map(|entry| &entry.value)
    }

    /// Finds a context by name.
    #[must_use]
    pub fn context(&self, name: &str) -> Option<&Context> {
        named::find(&self.contexts, name).map(|entry| &entry.value)
    }

    fn came_from(&mut self, origin: &Path) {
        named::came_from(&mut self.clusters, origin);
        named::came_from(&mut self.users, origin);
        named::came_from(&mut self.contexts, origin);
        named::came_from(&mut self.extensions, origin);
        self.origins = vec![origin.to_owned()];
    }

    /// Refuses other objects of Kubernetes.
    fn check_kind(&self, origin: Option<&Path>) -> Result<(), Error> {
        let reason = match (self.api_version.as_deref(), self.kind.as_deref()) {
            (None | Some("v1"), None | Some("Config")) => return Ok(()),
            (None | Some("v1"), Some(kind)) => format!("it is a {kind}, not a kubeconfig"),
            (Some(version), _) => format!("its apiVersion is {version}; a kubeconfig has v1"),
        };
        Err(Error::new(
            Kind::Malformed,
            Problem::new(reason).in_file(origin),
        ))
    }

    /// Refuses lists in which a name occurs twice.
    fn check_names(&self, origin: Option<&Path>) -> Result<(), Error> {
        let twice = named::duplicate(&self.clusters)
            .or_else(|| named::duplicate(&self.users))
            .or_else(|| named::duplicate(&self.contexts))
            .or_else(|| named::duplicate(&self.extensions));
        match twice {
            None => Ok(()),
            Some(problem) => Err(Error::new(Kind::Invalid, problem.in_file(origin))),
        }
    }
}
