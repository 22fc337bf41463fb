//! Credentials of a client.

use std::{collections::BTreeMap, path::PathBuf};

use secrecy::SecretString;

use crate::kubeconfig::{auth_provider::AuthProviderConfig, exec::ExecConfig};

/// How the client proves who it is, and whom it acts for.
///
/// Client certificates are in [`Tls`](crate::Tls). When both `token` and `token_file` are set, the token is what to
/// send as long as the file has not been read, and the file's content from then on. An empty `Auth` is anonymous.
///
/// # Examples
///
/// ```
/// use kubekit_config::{Auth, Impersonate};
///
/// let auth = Auth::new()
///     .token_file("/var/run/secrets/kubernetes.io/serviceaccount/token")
///     .impersonate(Impersonate::user("jane").group("developers"));
/// assert_eq!(auth.impersonate.user.as_deref(), Some("jane"));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Auth {
    /// A bearer token, trimmed.
    pub token: Option<SecretString>,
    /// A file with a bearer token that is rotated; read it again at least once a minute, and trim it.
    pub token_file: Option<PathBuf>,
    /// A user name and password.
    pub basic: Option<Basic>,
    /// Whom to act for.
    pub impersonate: Impersonate,
    /// A credential plugin. It is not run when a token, user name or client certificate is configured.
    pub exec: Option<ExecConfig>,
    /// A named authentication provider, such as `oidc`.
    pub auth_provider: Option<AuthProviderConfig>,
}

impl Auth {
    /// Creates anonymous credentials.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the bearer token. Default: none.
    #[must_use]
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets the file that holds the bearer token. Default: none.
    #[must_use]
    pub fn token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.token_file = Some(path.into());
        self
    }

    /// Sets the user name and password. Default: none.
    #[must_use]
    pub fn basic(mut self, username: impl Into<String>, password: impl Into<SecretString>) -> Self {
        self.basic = Some(Basic {
            username: username.into(),
            password: password.into(),
        });
        self
    }

    /// Sets whom to act for. Default: oneself.
    #[must_use]
    pub fn impersonate(mut self, impersonate: Impersonate) -> Self {
        self.impersonate = impersonate;
        self
    }

    /// Sets the credential plugin. Default: none.
    #[must_use]
    pub fn exec(mut self, exec: ExecConfig) -> Self {
        self.exec = Some(exec);
        self
    }
}

/// A user name and password.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Basic {
    /// The user name; it may be empty.
    pub username: String,
    /// The password; it may be empty.
    pub password: SecretString,
}

/// Whom a client acts for: the `Impersonate-*` headers.
///
/// Everything but the user needs a user: without one, the API server refuses the request.
///
/// Matches `rest.ImpersonationConfig` of client-go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Impersonate {
    /// The user to act for. `None` acts for nobody else.
    pub user: Option<String>,
    /// The uid of that user.
    pub uid: Option<String>,
    /// The groups of that user, in the order they were given.
    pub groups: Vec<String>,
    /// Additional facts about that user.
    pub extra: BTreeMap<String, Vec<String>>,
}

impl Impersonate {
    /// Acts for a user.
    #[must_use]
    pub fn user(user: impl Into<String>) -> Self {
        Self {
            user: Some(user.into()),
            ..Self::default()
        }
    }

    /// Sets the uid of the user. Default: none.
    #[must_use]
    pub fn uid(mut self, uid: impl Into<String>) -> Self {
        self.uid = Some(uid.into());
        self
    }

    /// Adds a group. Default: none.
    #[must_use]
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.groups.push(group.into());
        self
    }

    /// Adds a value to an extra fact. Default: none.
    #[must_use]
    pub fn extra(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra.entry(key.into()).or_default().push(value.into());
        self
    }
}
