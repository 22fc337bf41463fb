//! The kubeconfig of a listening server.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// The name of the cluster, the user and the context.
const NAME: &str = "kubekit-fake";

/// Renders a kubeconfig whose only context is the server at `url`, as an administrator, in namespace `default`.
pub(crate) fn render(url: &str) -> String {
    format!(
        "apiVersion: v1
kind: Config
clusters:
- name: {NAME}
  cluster:
    server: {url}
users:
- name: {NAME}
  user: {{}}
contexts:
- name: {NAME}
  context:
    cluster: {NAME}
    user: {NAME}
    namespace: default
current-context: {NAME}
"
    )
}

/// Writes the kubeconfig of the server at `url` to `path` in one step.
pub(crate) fn write(url: &str, path: &Path) -> io::Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(format!(".{}.tmp", std::process::id()));
    let unfinished = Path::new(&unfinished);
    let written = create(unfinished)
        .and_then(|mut file| file.write_all(render(url).as_bytes()))
        .and_then(|()| fs::rename(unfinished, path));
    if written.is_err() {
        let _ = fs::remove_file(unfinished);
    }
    written
}

fn create(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
