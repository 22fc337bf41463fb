//! What the user says on top of a kubeconfig.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use secrecy::SecretString;

use crate::config::pem::Pem;

/// What overrides a kubeconfig: the flags kubectl has for a connection, under their names.
///
/// A field that is `None`, empty or `false` overrides nothing; a flag that is on in the file cannot be switched off.
///
/// * `certificate_authority` and `insecure_skip_tls_verify` replace the file's CA *and* its insecure flag.
/// * `client_certificate` and `client_key` each replace both forms of their own field.
/// * `server` also clears the file's `tls-server-name`, which was for another server.
/// * `token` also clears the file's `tokenFile`.
///
/// Matches `clientcmd.ConfigOverrides` and the flags of `clientcmd.RecommendedConfigOverrideFlags`.
///
/// # Examples
///
/// ```
/// use kubekit_config::{Config, Kubeconfig, Overrides};
///
/// let overrides = Overrides::new().server("https://127.0.0.1:6443").namespace("shop");
/// let config = Config::from_kubeconfig(&Kubeconfig::default(), &overrides)?;
/// assert_eq!(config.default_namespace, "shop");
/// # Ok::<(), kubekit_config::Error>(())
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Overrides {
    /// The context to use instead of `current-context`; it must exist.
    pub context: Option<String>,
    /// The cluster to use instead of the context's; it must exist.
    pub cluster: Option<String>,
    /// The user to use instead of the context's; it must exist.
    pub user: Option<String>,
    /// The namespace to use instead of the context's.
    pub namespace: Option<String>,
    /// The API server: a URL, a host, or a host and a port.
    pub server: Option<String>,
    /// The certificate authorities that may have signed the server's certificate.
    pub certificate_authority: Option<Pem>,
    /// Whether to accept any certificate.
    pub insecure_skip_tls_verify: bool,
    /// The name the server's certificate must be for.
    pub tls_server_name: Option<String>,
    /// The URL of a proxy; see [`ProxyUrl`](crate::ProxyUrl).
    pub proxy_url: Option<String>,
    /// Whether to ask for uncompressed responses.
    pub disable_compression: bool,
    /// A bearer token.
    pub token: Option<SecretString>,
    /// A file with a bearer token. client-go binds no flag to it.
    pub token_file: Option<PathBuf>,
    /// The user name for basic authentication.
    pub username: Option<String>,
    /// The password for basic authentication.
    pub password: Option<SecretString>,
    /// The client certificate.
    pub client_certificate: Option<Pem>,
    /// The private key of the client certificate.
    pub client_key: Option<Pem>,
    /// The user to act for (`--as`).
    pub impersonate: Option<String>,
    /// The uid of the user to act for (`--as-uid`).
    pub impersonate_uid: Option<String>,
    /// The groups of the user to act for (`--as-group`).
    pub impersonate_groups: Vec<String>,
    /// Additional facts about the user to act for (`--as-user-extra`).
    pub impersonate_user_extra: BTreeMap<String, Vec<String>>,
    /// How long one request may take. Zero means without limit.
    pub request_timeout: Option<Duration>,
}
