//! What a client needs to connect, resolved from wherever it came.

pub(crate) mod auth;
pub(crate) mod pem;
pub(crate) mod proxy;
pub(crate) mod server;
pub(crate) mod tls;

use std::time::Duration;

use http::Uri;

use crate::config::{auth::Auth, proxy::ProxyUrl, tls::Tls};
use crate::{Error, Kubeconfig, Loader, Overrides};

/// Where the API server is and who is asking: everything a client needs to connect.
///
/// A `Config` is complete: nothing in it refers back to a kubeconfig, a context or the environment. Files it
/// mentions (a token, certificates) are named by path and not read, so that a client can follow their rotation.
///
/// Matches `rest.Config` of client-go, less the fields that describe a client rather than a server.
///
/// # Examples
///
/// ```
/// use kubekit_config::{Auth, Config, Pem, Tls};
///
/// let server = "https://10.0.0.1:6443".parse()?;
/// let config = Config::new(server)
///     .default_namespace("shop")
///     .tls(Tls::new().ca(Pem::File("/etc/kubernetes/ca.crt".into())))
///     .auth(Auth::new().token("s3cret"));
///
/// assert_eq!(config.server.host(), Some("10.0.0.1"));
/// assert!(!format!("{config:?}").contains("s3cret"));
/// # Ok::<(), http::uri::InvalidUri>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The API server: an absolute `http` or `https` URL, with a path prefix when the server is behind a proxy that
    /// wants one. It never carries a user name or password.
    pub server: Uri,
    /// The namespace of requests that name none. Never empty; `default` unless the source says otherwise.
    pub default_namespace: String,
    /// The proxy for every connection. `None` leaves the choice to the proxy variables of the environment.
    pub proxy_url: Option<ProxyUrl>,
    /// Whether to ask the server for uncompressed responses. Default: `false`.
    pub disable_compression: bool,
    /// How long one request may take. Default: `None`, without limit.
    pub request_timeout: Option<Duration>,
    /// How the server proves who it is, and the client certificate.
    pub tls: Tls,
    /// How the client proves who it is.
    pub auth: Auth,
}

impl Config {
    /// Creates a configuration for a server, with no credentials and the system's certificate authorities.
    ///
    /// A user name and password in the URL become [`Auth::basic`].
    #[must_use]
    pub fn new(server: Uri) -> Self {
        let (server, basic) = server::split_userinfo(server);
        Self {
            server,
            default_namespace: "default".to_owned(),
            proxy_url: None,
            disable_compression: false,
            request_timeout: None,
            tls: Tls::default(),
            auth: Auth {
                basic,
                ..Auth::default()
            },
        }
    }

    /// Finds the configuration of this process: the user's kubeconfig when there is one, else the service account of
    /// the pod it runs in.
    ///
    /// Short for [`Loader::new`]`().`[`infer`](Loader::infer)`()`, which says what is looked at and when it fails.
    ///
    /// # Errors
    ///
    /// As [`Loader::infer`].
    pub fn infer() -> Result<Self, Error> {
        Loader::new().infer()
    }

    /// Returns the configuration of the service account of the pod this process runs in.
    ///
    /// Short for [`Loader::new`]`().`[`in_cluster`](Loader::in_cluster)`()`.
    ///
    /// # Errors
    ///
    /// As [`Loader::in_cluster`]; outside a pod, [`Error::is_not_in_cluster`] holds.
    pub fn in_cluster() -> Result<Self, Error> {
        Loader::new().in_cluster()
    }

    /// Resolves one context of a kubeconfig.
    ///
    /// The context is the one the overrides name, else the file's `current-context`; without either, the overrides
    /// alone describe the connection. Only the stanzas in use are checked. As in client-go, a context may name a user
    /// that does not exist (the client is then anonymous), and for a plain `http` server credentials and TLS
    /// settings are ignored, so that a token never travels in the clear.
    ///
    /// A token file without a token is read once, so that [`Auth::token`] holds its content.
    ///
    /// Matches `clientcmd.NewNonInteractiveClientConfig(..).ClientConfig()`.
    ///
    /// # Errors
    ///
    /// [`Error::is_empty`] holds when nothing says which server to use; otherwise [`Error::problems`] lists everything
    /// that is wrong with the stanzas in use, each with its file, stanza and field.
    pub fn from_kubeconfig(kubeconfig: &Kubeconfig, overrides: &Overrides) -> Result<Self, Error> {
        crate::resolve::resolve(kubeconfig, overrides).map(|resolved| resolved.config)
    }

    /// Sets the namespace of requests that name none. Default: `default`.
    #[must_use]
    pub fn default_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.default_namespace = namespace.into();
        self
    }

    /// Sets the proxy for every connection. Default: none.
    #[must_use]
    pub fn proxy_url(mut self, proxy: ProxyUrl) -> Self {
        self.proxy_url = Some(proxy);
        self
    }

    /// Asks the server for uncompressed responses. Default: compressed ones are accepted.
    #[must_use]
    pub fn disable_compression(mut self) -> Self {
        self.disable_compression = true;
        self
    }

    /// Sets how long one request may take. Default: without limit.
    #[must_use]
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = Some(timeout);
        self
    }

    /// Sets the TLS settings. Default: [`Tls::new`].
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }

    /// Sets the credentials. Default: [`Auth::new`], anonymous.
    #[must_use]
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }
}
