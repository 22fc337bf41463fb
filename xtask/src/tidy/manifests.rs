//! Complete manifests, and the files that belong to a published crate.

use std::fs;

use crate::process::Result;
use crate::workspace::{Package, Workspace};

/// Complains about everything that a crate needs to be published and lacks.
pub(super) fn check(workspace: &Workspace, complaints: &mut Vec<String>) -> Result<()> {
    for package in workspace.published() {
        let missing = missing(package);
        if !missing.is_empty() {
            complaints.push(format!(
                "the manifest of {} lacks {}",
                package.name,
                missing.join(", ")
            ));
        }
        check_files(package, complaints)?;
    }
    for package in &workspace.packages {
        check_inheritance(package, complaints)?;
    }
    check_order(workspace, complaints)
}

fn missing(package: &Package) -> Vec<&'static str> {
    let docs_rs = package
        .metadata
        .as_ref()
        .is_some_and(|metadata| metadata.pointer("/docs/rs").is_some());
    let facts = [
        ("description", package.description.is_some()),
        ("license", package.license.is_some()),
        ("readme", package.readme.is_some()),
        ("repository", package.repository.is_some()),
        ("rust-version", package.rust_version.is_some()),
        ("keywords", !package.keywords.is_empty()),
        ("categories", !package.categories.is_empty()),
        ("package.metadata.docs.rs", docs_rs),
    ];
    facts
        .into_iter()
        .filter(|(_, present)| !present)
        .map(|(name, _)| name)
        .collect()
}

fn check_files(package: &Package, complaints: &mut Vec<String>) -> Result<()> {
    for file in ["README.md", "CHANGELOG.md"] {
        if !package.folder().join(file).exists() {
            complaints.push(format!("{} has no {file}", package.name));
            return Ok(());
        }
    }
    let changes = fs::read_to_string(package.folder().join("CHANGELOG.md"))?;
    let heads = [
        "## Unreleased".to_owned(),
        format!("## {}", package.version),
    ];
    if !heads
        .iter()
        .any(|head| changes.lines().any(|line| line.starts_with(head.as_str())))
    {
        complaints.push(format!(
            "CHANGELOG.md of {} speaks neither of {} nor of what is unreleased",
            package.name, package.version
        ));
    }
    Ok(())
}

/// Versions and lints have one source of truth: the manifest of the workspace.
fn check_inheritance(package: &Package, complaints: &mut Vec<String>) -> Result<()> {
    let manifest = fs::read_to_string(&package.manifest_path)?;
    if !manifest.contains("[lints]\nworkspace = true") {
        complaints.push(format!(
            "{} does not take its lints from the workspace",
            package.name
        ));
    }
    let mut section = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.ends_with("dependencies]") && line.contains('=') {
            let own_version = !line.contains("workspace = true") && !line.contains("path = ");
            if own_version {
                complaints.push(format!("{} chooses a version itself: {line}", package.name));
            }
        }
    }
    Ok(())
}

fn check_order(workspace: &Workspace, complaints: &mut Vec<String>) -> Result<()> {
    let manifest = fs::read_to_string(workspace.workspace_root.join("Cargo.toml"))?;
    let section = manifest
        .split("[workspace.dependencies]")
        .nth(1)
        .unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    for block in section.split("\n\n") {
        let names: Vec<_> = block
            .lines()
            .filter_map(|line| line.split_once(" = ").map(|(name, _)| name))
            .collect();
        if !names.is_sorted() {
            complaints.push("the dependencies of the workspace are not sorted".to_owned());
        }
    }
    Ok(())
}
