//! Where the API server is and who is asking: kubeconfig files and the in-cluster service account.

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
