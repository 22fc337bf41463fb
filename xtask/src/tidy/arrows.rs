//! The arrows between crates.

use crate::workspace::Workspace;

/// Which crates of the workspace a crate may depend on; dev-dependencies are free.
const ARROWS: &[(&str, &[&str])] = &[
    ("kubekit-core", &[]),
    ("kubekit-workqueue", &[]),
    ("kubekit-config", &["kubekit-core"]),
    ("kubekit-rest", &["kubekit-core", "kubekit-config"]),
    ("kubekit-cache", &["kubekit-core", "kubekit-rest"]),
    (
        "kubekit-fake",
        &["kubekit-core", "kubekit-config", "kubekit-rest"],
    ),
];

/// Dependencies from outside that only some crates may have.
const RESERVED: &[(&str, &[&str])] = &[
    ("hyper-rustls", &["kubekit-rest"]),
    (
        "k8s-openapi",
        &[
            "kubekit-core",
            "kubekit-rest",
            "kubekit-cache",
            "kubekit-fake",
            "kubekit-examples",
        ],
    ),
    (
        "serde_yaml",
        &["kubekit-config", "kubekit-fake", "kubekit-examples"],
    ),
];

/// Complains about each dependency that points where no arrow does.
pub(super) fn check(workspace: &Workspace, complaints: &mut Vec<String>) {
    for package in workspace.published() {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            complaints.push(format!(
                "{} has no line in the table of arrows",
                package.name
            ));
            continue;
        };
        for dependency in package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind.is_none())
        {
            let name = dependency.name.as_str();
            if name.starts_with("kubekit-") && !allowed.contains(&name) {
                complaints.push(format!("{} must not depend on {name}", package.name));
            }
        }
    }
    for package in &workspace.packages {
        for (name, allowed) in RESERVED {
            let depends = |dependency: &crate::workspace::Dependency| {
                dependency.kind.is_none() && dependency.name == *name
            };
            if package.dependencies.iter().any(depends) && !allowed.contains(&package.name.as_str())
            {
                complaints.push(format!("{} must not depend on {name}", package.name));
            }
        }
    }
}
