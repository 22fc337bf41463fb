//! How a client introduces itself.

use std::path::Path;

/// Writes a user agent as client-go's are written: `program/version (os/arch) kubekit/version`.
///
/// The API server takes what comes before the first slash for the field manager of requests that name none. Characters that
/// cannot stand in a header become `_`.
///
/// # Examples
///
/// ```
/// let agent = kubekit_rest::user_agent("website-operator", "1.4.0");
/// assert!(agent.starts_with("website-operator/1.4.0 ("));
/// ```
pub fn user_agent(program: &str, version: &str) -> String {
    let (os, arch) = (go_os(), go_arch());
    let library = env!("CARGO_PKG_VERSION");
    let agent = format!("{program}/{version} ({os}/{arch}) kubekit/{library}");
    agent
        .chars()
        .map(|char| match char {
            ' '..='~' => char,
            _ => '_',
        })
        .collect()
}

/// The user agent of a client that was given none: named after the running program, of unknown version.
pub(crate) fn default_user_agent() -> String {
    let program = std::env::args_os().next().unwrap_or_default();
    let program = Path::new(&program)
        .file_stem()
        .map_or_else(|| "unknown".into(), |name| name.to_string_lossy());
    user_agent(&program, "unknown")
}

/// The operating system as Go calls it.
fn go_os() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        os => os,
    }
}

/// The processor as Go calls it.
fn go_arch() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "x86" => "386",
        "aarch64" => "arm64",
        arch => arch,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_is_always_a_header_value() {
        let agent = user_agent("wöbsite\n", "1");
        assert!(agent.starts_with("w_bsite_/1 ("), "{agent}");
    }
}
