//! Checks of what no compiler checks.

mod arrows;
mod manifests;
mod sources;

use crate::process::Result;
use crate::workspace::Workspace;

/// Runs all checks and prints every complaint.
pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    let mut complaints = Vec::new();
    arrows::check(&workspace, &mut complaints);
    manifests::check(&workspace, &mut complaints)?;
    sources::check(&workspace, &mut complaints)?;
    for complaint in &complaints {
        eprintln!("tidy: {complaint}");
    }
    if !complaints.is_empty() {
        return Err(format!("{} things are not tidy", complaints.len()).into());
    }
    println!("tidy: {} packages are in order", workspace.packages.len());
    Ok(())
}
