//! Files and environments for tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kubekit_config::{Config, Environment, Error, Kubeconfig, Overrides, Pem};
use secrecy::{ExposeSecret as _, SecretString};
use tempfile::TempDir;

/// A folder with files that is gone after the test.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes a file, with the folders above it, and returns its path.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        // The names macOS and others give to temporary folders may be symbolic links.
        self.0.path().canonicalize().unwrap().join(name)
    }
}

/// A kubeconfig with one context `name`, whose server is `https://name`.
pub(crate) fn simple(name: &str) -> String {
    format!(
        "current-context: {name}\n\
         clusters: [{{name: {name}, cluster: {{server: 'https://{name}'}}}}]\n\
         users: [{{name: {name}, user: {{token: token-of-{name}}}}}]\n\
         contexts: [{{name: {name}, context: {{cluster: {name}, user: {name}, namespace: ns-of-{name}}}}}]\n"
    )
}

/// A kubeconfig with one context, from what is in its stanzas.
pub(crate) fn stanzas(cluster: &str, user: &str) -> String {
    format!(
        "current-context: it\n\
         clusters: [{{name: it, cluster: {{{cluster}}}}}]\n\
         users: [{{name: it, user: {{{user}}}}}]\n\
         contexts: [{{name: it, context: {{cluster: it, user: it}}}}]\n"
    )
}

/// Resolves the current context of a text.
pub(crate) fn resolve(text: &str, overrides: &Overrides) -> Result<Config, Error> {
    Config::from_kubeconfig(&Kubeconfig::from_bytes(text.as_bytes())?, overrides)
}

/// Resolves a context made of two stanzas.
pub(crate) fn resolve_stanzas(cluster: &str, user: &str) -> Result<Config, Error> {
    resolve(&stanzas(cluster, user), &Overrides::new())
}

/// The environment of a pod.
pub(crate) fn pod(folder: &Folder) -> Environment {
    let account = folder.write("account/token", "token-of-pod\n");
    Environment::empty()
        .var("KUBERNETES_SERVICE_HOST", "10.96.0.1")
        .var("KUBERNETES_SERVICE_PORT", "443")
        .service_account(account.parent().unwrap())
}

/// The variable `KUBECONFIG` with these files.
pub(crate) fn kubeconfig_list(files: &[&Path]) -> Environment {
    Environment::empty().var("KUBECONFIG", std::env::join_paths(files).unwrap())
}

pub(crate) fn exposed(secret: &Option<SecretString>) -> Option<&str> {
    secret.as_ref().map(|secret| secret.expose_secret())
}

pub(crate) fn file(pem: &Option<Pem>) -> Option<&Path> {
    match pem {
        Some(Pem::File(path)) => Some(path),
        _ => None,
    }
}

pub(crate) fn data(pem: &Option<Pem>) -> Option<String> {
    match pem {
        Some(Pem::Data(data)) => Some(String::from_utf8(data.expose_secret().to_vec()).unwrap()),
        _ => None,
    }
}
