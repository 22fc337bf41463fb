//! The project's own chores: `cargo xtask <chore>`.

mod ci;
mod process;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

/// The project's own chores.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
enum Chore {
    /// Check what no compiler checks: arrows between crates, module docs, complete manifests.
    Tidy,
    /// Run everything that a change must pass.
    Ci,
}

fn main() -> ExitCode {
    let result = match Chore::parse() {
        Chore::Tidy => tidy::run(),
        Chore::Ci => ci::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
