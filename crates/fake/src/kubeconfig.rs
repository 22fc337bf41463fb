//! The kubeconfig of a listening server.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The name of the cluster, the user and the context.
const NAME: &str = "kubekit-fake";

/// What a client needs to know of a server.
pub(crate) struct Kubeconfig {
    url: String,
    authority_pem: Option<Arc<str>>,
    token: Option<String>,
}

impl Kubeconfig {
    pub(crate) fn new(
        url: String,
        authority_pem: Option<Arc<str>>,
        token: Option<String>,
    ) -> Kubeconfig {
        Kubeconfig {
            url,
            authority_pem,
            token,
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn authority_pem(&self) -> Option<&str> {
        self.authority_pem.as_deref()
    }

    /// Renders a kubeconfig whose only context is the server, as an administrator, in namespace `default`.
    pub(crate) fn render(&self) -> String {
        let mut cluster = json!({"server": self.url});
        if let Some(pem) = &self.authority_pem {
            cluster["certificate-authority-data"] = STANDARD.encode(pem.as_bytes()).into();
        }
        let user = match &self.token {
            Some(token) => json!({"token": token}),
            None => json!({}),
        };
        let context = json!({"cluster": NAME, "user": NAME, "namespace": "default"});
        let named = |kind: &str, content: Value| json!([{"name": NAME, kind: content}]);
        let config = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": named("cluster", cluster),
            "users": named("user", user),
            "contexts": named("context", context),
            "current-context": NAME,
        });
        // Documents whose keys are strings, as all of these are, can be written.
        serde_yaml::to_string(&config).unwrap_or_default()
    }

    /// Writes the kubeconfig to `path` in one step.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(format!(".{}.tmp", std::process::id()));
        let unfinished = Path::new(&unfinished);
        let written = create(unfinished)
            .and_then(|mut file| file.write_all(self.render().as_bytes()))
            .and_then(|()| fs::rename(unfinished, path));
        if written.is_err() {
            let _ = fs::remove_file(unfinished);
        }
        written
    }
}

/// A token is a secret.
impl fmt::Debug for Kubeconfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kubeconfig")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

fn create(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
