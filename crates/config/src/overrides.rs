//! What the user says on top of a kubeconfig.

pub(crate) mod timeout;

use std::{collections::BTreeMap, fmt, path::PathBuf, time::Duration};

use secrecy::SecretString;

use crate::config::{pem::Pem, server};

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

impl Overrides {
    /// Creates overrides that override nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Uses another context than `current-context`. Default: that one.
    #[must_use]
    pub fn context(mut self, context: impl Into<String>) -> Self {
        self.context = Some(context.into());
        self
    }

    /// Uses another cluster than the context's. Default: that one.
    #[must_use]
    pub fn cluster(mut self, cluster: impl Into<String>) -> Self {
        self.cluster = Some(cluster.into());
        self
    }

    /// Uses another user than the context's. Default: that one.
    #[must_use]
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Uses another namespace than the context's. Default: that one.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// Sets the API server. Default: the cluster's.
    #[must_use]
    pub fn server(mut self, server: impl Into<String>) -> Self {
        self.server = Some(server.into());
        self
    }

    /// Sets the certificate authorities. Default: the cluster's.
    #[must_use]
    pub fn certificate_authority(mut self, ca: impl Into<Pem>) -> Self {
        self.certificate_authority = Some(ca.into());
        self
    }

    /// Accepts any certificate, which makes the connection insecure. Default: as the cluster says.
    #[must_use]
    pub fn insecure_skip_tls_verify(mut self) -> Self {
        self.insecure_skip_tls_verify = true;
        self
    }

    /// Sets the name the server's certificate must be for. Default: the cluster's.
    #[must_use]
    pub fn tls_server_name(mut self, name: impl Into<String>) -> Self {
        self.tls_server_name = Some(name.into());
        self
    }

    /// Sets the URL of a proxy. Default: the cluster's.
    #[must_use]
    pub fn proxy_url(mut self, url: impl Into<String>) -> Self {
        self.proxy_url = Some(url.into());
        self
    }

    /// Asks for uncompressed responses. Default: as the cluster says.
    #[must_use]
    pub fn disable_compression(mut self) -> Self {
        self.disable_compression = true;
        self
    }

    /// Sets the bearer token. Default: the user's.
    #[must_use]
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets the file with the bearer token. Default: the user's.
    #[must_use]
    pub fn token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.token_file = Some(path.into());
        self
    }

    /// Sets the user name for basic authentication. Default: the user's.
    #[must_use]
    pub fn username(mut self, name: impl Into<String>) -> Self {
        self.username = Some(name.into());
        self
    }

    /// Sets the password for basic authentication. Default: the user's.
    #[must_use]
    pub fn password(mut self, password: impl Into<SecretString>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Sets the client certificate. Default: the user's.
    #[must_use]
    pub fn client_certificate(mut self, certificate: impl Into<Pem>) -> Self {
        self.client_certificate = Some(certificate.into());
        self
    }

    /// Sets the private key of the client certificate. Default: the user's.
    #[must_use]
    pub fn client_key(mut self, key: impl Into<Pem>) -> Self {
        self.client_key = Some(key.into());
        self
    }

    /// Sets the user to act for. Default: as the user stanza says.
    #[must_use]
    pub fn impersonate(mut self, user: impl Into<String>) -> Self {
        self.impersonate = Some(user.into());
        self
    }

    /// Sets the uid of the user to act for. Default: as the user stanza says.
    #[must_use]
    pub fn impersonate_uid(mut self, uid: impl Into<String>) -> Self {
        self.impersonate_uid = Some(uid.into());
        self
    }

    /// Adds a group of the user to act for. Default: those of the user stanza, which any group replaces.
    #[must_use]
    pub fn impersonate_group(mut self, group: impl Into<String>) -> Self {
        self.impersonate_groups.push(group.into());
        self
    }

    /// Adds a value to an extra fact. Default: the facts of the user stanza, each replaced by one of the same key.
    #[must_use]
    pub fn impersonate_user_extra(
        mut self,
        key: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        let values = self.impersonate_user_extra.entry(key.into()).or_default();
        values.push(value.into());
        self
    }

    /// Sets how long one request may take; zero means without limit. Default: without limit.
    #[must_use]
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = Some(timeout);
        self
    }

    /// Returns the namespace, without the `ns/` that kubectl allows before it.
    pub(crate) fn namespace_name(&self) -> Option<&str> {
        let namespace = self.namespace.as_deref()?;
        let name = ["namespaces/", "namespace/", "ns/"]
            .iter()
            .find_map(|prefix| {
                let (head, name) = namespace.split_at_checked(prefix.len())?;
                head.eq_ignore_ascii_case(prefix).then_some(name)
            });
        Some(name.unwrap_or(namespace)).filter(|name| !name.is_empty())
    }
}

impl fmt::Debug for Overrides {
    /// Hides the passwords of URLs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Overrides")
            .field("context", &self.context)
            .field("cluster", &self.cluster)
            .field("user", &self.user)
            .field("namespace", &self.namespace)
            .field("server", &self.server.as_deref().map(server::redact))
            .field("certificate_authority", &self.certificate_authority)
            .field("insecure_skip_tls_verify", &self.insecure_skip_tls_verify)
            .field("tls_server_name", &self.tls_server_name)
            .field("proxy_url", &self.proxy_url.as_deref().map(server::redact))
            .field("disable_compression", &self.disable_compression)
            .field("token", &self.token)
            .field("token_file", &self.token_file)
            .field("username", &self.username)
            .field("password", &self.password)
            .field("client_certificate", &self.client_certificate)
            .field("client_key", &self.client_key)
            .field("impersonate", &self.impersonate)
            .field("impersonate_uid", &self.impersonate_uid)
            .field("impersonate_groups", &self.impersonate_groups)
            .field("impersonate_user_extra", &self.impersonate_user_extra)
            .field("request_timeout", &self.request_timeout)
            .finish()
    }
}
