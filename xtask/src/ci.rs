//! Everything that a change must pass, in the order in which a failure is cheapest to learn of.

use crate::process::{self, Result};
use crate::workspace::Workspace;

const DENY_WARNINGS: &[(&str, &str)] = &[("RUSTDOCFLAGS", "-D warnings")];

/// Runs the steps one by one and stops at the first that fails.
pub(crate) fn run() -> Result<()> {
    let root = Workspace::load()?.workspace_root;
    let step = |line: &str, environment: &[(&str, &str)]| {
        println!("\n==> {line}");
        process::run(&root, line, environment)
    };
    step("cargo fmt --all --check", &[])?;
    step("cargo xtask tidy", &[])?;
    step("cargo clippy --workspace --all-targets -- -D warnings", &[])?;
    step("cargo doc --workspace --no-deps", DENY_WARNINGS)?;
    step("cargo build --workspace --bins --examples", &[])?;
    step("bash .ci/kubectl.sh", &[])?;
    step("cargo run --example quickstart", &[])?;
    step("cargo run --example quickstart -- --objects 200", &[])?;
    step(
        "cargo package --workspace --exclude kubekit-examples --exclude xtask --allow-dirty",
        &[],
    )?;
    step("cargo test --workspace", &[])
}
