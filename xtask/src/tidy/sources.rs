//! The shape of source files.

use std::fs;
use std::path::Path;

use crate::process::Result;
use crate::workspace::Workspace;

/// Complains about files without module docs and about sources named `mod.rs`.
pub(super) fn check(workspace: &Workspace, complaints: &mut Vec<String>) -> Result<()> {
    let root = &workspace.workspace_root;
    for package in &workspace.packages {
        for folder in ["src", "tests", "benches", "examples"] {
            visit(&package.folder().join(folder), &mut |path, text| {
                let name = path.strip_prefix(root).unwrap_or(path).display();
                let compile_fail = path.components().any(|part| part.as_os_str() == "ui");
                if !compile_fail && !text.starts_with("//!") && !text.starts_with("// @generated") {
                    complaints.push(format!(
                        "{name} does not begin with a sentence about what it is for"
                    ));
                }
                if folder == "src" && path.file_name().is_some_and(|file| file == "mod.rs") {
                    complaints.push(format!(
                        "{name} should stand beside its folder, under the folder's name"
                    ));
                }
            })?;
        }
    }
    Ok(())
}

fn visit(folder: &Path, file: &mut dyn FnMut(&Path, &str)) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            visit(&path, file)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            file(&path, &fs::read_to_string(&path)?);
        }
    }
    Ok(())
}
