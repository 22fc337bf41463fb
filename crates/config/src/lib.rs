//! Where the API server is and who is asking: kubeconfig files and the in-cluster service account.
//!
//! * [`Config::infer`] finds the configuration of this process, as client-go and kubectl do: the files in
//!   `KUBECONFIG`, else `~/.kube/config`, else the service account of the pod.
//! * [`Loader`] does the same with an explicit file, [`Overrides`] (kubectl's connection flags) or an [`Environment`]
//!   other than that of the process.
//! * [`Kubeconfig`] is the file itself: read, merged, validated and written without losing anything.
//! * [`Config`] is the result: what a client needs to connect, and nothing else.
//!
//! # Examples
//!
//! ```
//! use kubekit_config::{Config, Kubeconfig, Overrides};
//!
//! let kubeconfig = Kubeconfig::from_bytes(b"
//! apiVersion: v1
//! kind: Config
//! current-context: prod
//! clusters:
//! - name: prod
//!   cluster: {server: 'https://prod.example:6443', certificate-authority-data: Q0E=}
//! users:
//! - name: me
//!   user: {token: s3cret}
//! contexts:
//! - name: prod
//!   context: {cluster: prod, user: me, namespace: shop}
//! ")?;
//!
//! let config = Config::from_kubeconfig(&kubeconfig, &Overrides::new().impersonate("jane"))?;
//! assert_eq!(config.server, "https://prod.example:6443/");
//! assert_eq!(config.default_namespace, "shop");
//! assert_eq!(config.auth.impersonate.user.as_deref(), Some("jane"));
//! assert!(!format!("{config:?}").contains("s3cret"));
//! # Ok::<(), kubekit_config::Error>(())
//! ```
//!
//! # What to know
//!
//! * Reading is synchronous: the files are small, and are read once, when a configuration is made. A file that is
//!   larger than 8 MiB, or YAML whose aliases expand to more than 64 MiB, is an error.
//! * A token is never sent to a plain `http` server that a kubeconfig names: as in client-go, its credentials are left
//!   out.
//! * Secrets are [`secrecy`] types, and neither `Debug` nor errors show them; errors never quote the text of a file.
//! * Credential plugins (`exec`) and providers (`auth-provider`) are read and handed on; running them is the client's
//!   job.

mod config;
mod environment;
mod error;
mod files;
mod in_cluster;
mod kubeconfig;
mod loader;
mod overrides;
mod parse;
mod resolve;

pub use crate::config::{
    Config,
    auth::{Auth, Basic, Impersonate},
    pem::Pem,
    proxy::{InvalidProxyUrl, ProxyScheme, ProxyUrl},
    tls::Tls,
};
pub use crate::environment::Environment;
pub use crate::error::{Error, Problem};
pub use crate::kubeconfig::{
    Kubeconfig,
    auth_info::AuthInfo,
    auth_provider::AuthProviderConfig,
    cluster::Cluster,
    context::Context,
    exec::{ExecConfig, ExecEnvVar, InteractiveMode},
    named::{Entry, Named},
    preferences::Preferences,
    unknown::{Extension, UnknownFields},
};
pub use crate::loader::Loader;
pub use crate::overrides::{
    Overrides,
    timeout::{InvalidTimeout, RequestTimeout},
};
