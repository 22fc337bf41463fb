//! Running other programs.

use std::path::Path;
use std::process::Command;

/// What went wrong, as a sentence.
pub(crate) type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

/// Runs a program in a folder with its output going where ours goes; anything but success is an error.
pub(crate) fn run(folder: &Path, line: &str, environment: &[(&str, &str)]) -> Result<()> {
    let mut words = line.split_whitespace();
    let program = words.next().ok_or("there is no program to run")?;
    let status = Command::new(program)
        .args(words)
        .current_dir(folder)
        .envs(environment.iter().copied())
        .status()
        .map_err(|error| format!("cannot start `{line}`: {error}"))?;
    if !status.success() {
        return Err(format!("`{line}` failed: {status}").into());
    }
    Ok(())
}
