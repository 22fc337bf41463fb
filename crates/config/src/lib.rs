//! Where the API server is and who is asking: kubeconfig files and the in-cluster service account.

mod config;
mod files;
mod kubeconfig;
mod overrides;

pub use crate::config::{
    Config,
    auth::{Auth, Basic, Impersonate},
    pem::Pem,
    proxy::{InvalidProxyUrl, ProxyScheme, ProxyUrl},
    tls::Tls,
};
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
pub use crate::overrides::Overrides;
