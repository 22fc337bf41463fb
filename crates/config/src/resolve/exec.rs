//! The exec stanza in use.

use std::path::{MAIN_SEPARATOR, Path};

use crate::{
    error::Problem,
    files,
    kubeconfig::exec::{ExecConfig, InteractiveMode},
    resolve::{place::Place, server_part::ServerPart},
};

/// Lists what makes the stanza unusable.
pub(crate) fn problems(exec: &ExecConfig, place: &Place<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    if exec.command.is_empty() {
        problems.push(place.problem("exec.command", "it is not set"));
    }
    if exec.api_version.is_none() {
        problems.push(place.problem("exec.apiVersion", "it is not set"));
    }
    if exec.env.iter().any(|variable| variable.name.is_empty()) {
        problems.push(place.problem("exec.env", "a variable has no name"));
    }
    match mode(exec) {
        None => problems.push(place.problem(
            "exec.interactiveMode",
            "it is not set; this apiVersion needs Never, IfAvailable or Always",
        )),
        Some(InteractiveMode::Unknown(mode)) => problems.push(place.problem(
            "exec.interactiveMode",
            format!("it is {mode:?}, which is none of Never, IfAvailable and Always"),
        )),
        Some(_) => {}
    }
    problems
}

/// Makes the stanza independent of its file, and adds what the cluster has for the program.
pub(crate) fn resolve(
    exec: &ExecConfig,
    origin: Option<&Path>,
    server: &ServerPart<'_>,
) -> ExecConfig {
    let mut resolved = exec.clone();
    if exec.command.contains(MAIN_SEPARATOR) {
        let command = files::resolve(&exec.command, origin);
        resolved.command = command.to_string_lossy().into_owned();
    }
    resolved.interactive_mode = mode(exec);
    resolved.install_hint = exec.install_hint.as_deref().map(printable);
    resolved.cluster_config = server.exec_extension().cloned();
    resolved
}

/// Returns the interactive mode, or the one the version of the protocol defaults to.
fn mode(exec: &ExecConfig) -> Option<InteractiveMode> {
    let optional = matches!(
        exec.api_version.as_deref(),
        Some("client.authentication.k8s.io/v1beta1" | "client.authentication.k8s.io/v1alpha1")
    );
    exec.interactive_mode
        .clone()
        .or(optional.then_some(InteractiveMode::IfAvailable))
}

/// Replaces the characters with which a text could take over a terminal.
fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t'..='\r' => printable.push(c),
            c if c.is_control() || is_format(c) => {
                printable.push_str(&format!("U+{:04X}", u32::from(c)));
            }
            c => printable.push(c),
        }
    }
    printable
}

/// Whether a character changes how others are shown, without being one itself.
fn is_format(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
