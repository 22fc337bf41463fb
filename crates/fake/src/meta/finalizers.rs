//! Finalizers, and those that the garbage collector acts on.

use serde_json::Value;

use super::Metadata;
use crate::request::Propagation;

/// Holds an object until its dependents have forgotten it.
pub(crate) const ORPHAN: &str = "orphan";
/// Holds an object until its dependents are gone.
pub(crate) const FOREGROUND: &str = "foregroundDeletion";

/// The finalizers of an object.
pub(crate) fn finalizers(metadata: &Metadata) -> impl Iterator<Item = &str> {
    let finalizers = metadata.get("finalizers").and_then(Value::as_array);
    finalizers.into_iter().flatten().filter_map(Value::as_str)
}

/// Whether a finalizer needs no domain to be understood.
pub(crate) fn is_standard(finalizer: &str) -> bool {
    matches!(finalizer, ORPHAN | FOREGROUND | "kubernetes")
}

/// What to warn of finalizers that are added.
pub(crate) fn odd_finalizers(new: &Metadata, old: &Metadata) -> Vec<String> {
    let added = finalizers(new).filter(|name| !finalizers(old).any(|known| known == *name));
    let odd = added.filter(|name| !name.contains('/') && !is_standard(name));
    odd.map(|name| {
        let path = if name.contains('.') { " including a path (/)" } else { "" };
        format!(
            "metadata.finalizers: \"{name}\": prefer a domain-qualified finalizer name{path} to avoid accidental conflicts \
             with other finalizer writers"
        )
    })
    .collect()
}

/// Replaces the finalizers; no list is kept when there are none.
pub(crate) fn set_finalizers(metadata: &mut Metadata, finalizers: Vec<String>) {
    if finalizers.is_empty() {
        metadata.remove("finalizers");
    } else {
        metadata.insert("finalizers".to_owned(), finalizers.into());
    }
}

/// The finalizers an object has once a deletion with this policy has begun.
///
/// A policy in the request counts, then a finalizer that is there already, then `default`.
pub(crate) fn collector_finalizers(
    metadata: &Metadata,
    requested: Option<Propagation>,
    default: Propagation,
) -> Vec<String> {
    let has = |name: &str| finalizers(metadata).any(|finalizer| finalizer == name);
    let policy = match requested {
        Some(policy) => policy,
        None if has(ORPHAN) => Propagation::Orphan,
        None if has(FOREGROUND) => Propagation::Foreground,
        None => default,
    };
    let wanted = match policy {
        Propagation::Orphan => Some(ORPHAN),
        Propagation::Foreground => Some(FOREGROUND),
        Propagation::Background => None,
    };
    let unwanted = |name: &str| matches!(name, ORPHAN | FOREGROUND) && Some(name) != wanted;
    let kept = finalizers(metadata).filter(|name| !unwanted(name));
    let mut result: Vec<String> = kept.map(str::to_owned).collect();
    if let Some(wanted) = wanted.filter(|wanted| !has(wanted)) {
        result.push(wanted.to_owned());
    }
    result
}
