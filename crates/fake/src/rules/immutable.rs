//! Fields that cannot change.

use serde_json::Value;

use crate::failure::{FieldError, FieldErrors};
use crate::request::Document;

/// How a change is refused.
#[derive(Clone, Copy)]
enum Refusal {
    /// As an invalid value, because the field is immutable.
    Invalid,
    /// As forbidden, in these words.
    Forbidden(&'static str),
    /// As forbidden unless there was no value before.
    Once(&'static str),
}
use Refusal::{Forbidden, Invalid, Once};

const STATEFUL_SET: &str = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
const CLAIM: &str = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

/// Group and plural, where the field is, and how its change is refused.
const FIELDS: &[(&str, &str, &str, Refusal)] = &[
    (
        "",
        "nodes",
        "spec.podCIDRs",
        Once("node updates may not change podCIDR except from \"\" to valid"),
    ),
    (
        "",
        "nodes",
        "spec.providerID",
        Once("node updates may not change providerID except from \"\" to valid"),
    ),
    ("apps", "daemonsets", "spec.selector", Invalid),
    ("apps", "deployments", "spec.selector", Invalid),
    ("apps", "replicasets", "spec.selector", Invalid),
    ("batch", "jobs", "spec.backoffLimitPerIndex", Invalid),
    ("batch", "jobs", "spec.completionMode", Invalid),
    ("batch", "jobs", "spec.managedBy", Invalid),
    ("batch", "jobs", "spec.podFailurePolicy", Invalid),
    ("batch", "jobs", "spec.selector", Invalid),
    ("batch", "jobs", "spec.successPolicy", Invalid),
    ("discovery.k8s.io", "endpointslices", "addressType", Invalid),
    (
        "networking.k8s.io",
        "ingressclasses",
        "spec.controller",
        Invalid,
    ),
    ("node.k8s.io", "runtimeclasses", "handler", Invalid),
    (
        "scheduling.k8s.io",
        "priorityclasses",
        "preemptionPolicy",
        Invalid,
    ),
    (
        "scheduling.k8s.io",
        "priorityclasses",
        "value",
        Forbidden("may not be changed in an update."),
    ),
    (
        "storage.k8s.io",
        "storageclasses",
        "parameters",
        Forbidden("updates to parameters are forbidden."),
    ),
    (
        "storage.k8s.io",
        "storageclasses",
        "provisioner",
        Forbidden("updates to provisioner are forbidden."),
    ),
    (
        "storage.k8s.io",
        "storageclasses",
        "reclaimPolicy",
        Forbidden("updates to reclaimPolicy are forbidden."),
    ),
    (
        "storage.k8s.io",
        "storageclasses",
        "volumeBindingMode",
        Invalid,
    ),
];

/// Group and plural, what of `spec` may change, and how other changes are refused.
const SPECS: &[(&str, &str, &[&str], &str)] = &[
    (
        "",
        "persistentvolumeclaims",
        &["resources", "volumeAttributesClassName", "volumeName"],
        CLAIM,
    ),
    (
        "apps",
        "statefulsets",
        &[
            "minReadySeconds",
            "ordinals",
            "persistentVolumeClaimRetentionPolicy",
            "replicas",
            "revisionHistoryLimit",
            "template",
            "updateStrategy",
        ],
        STATEFUL_SET,
    ),
];

pub(super) fn check(
    group: &str,
    plural: &str,
    old: &Document,
    new: &Document,
    errors: &mut FieldErrors,
) {
    let fields = FIELDS
        .iter()
        .filter(|(known, kind, _, _)| (*known, *kind) == (group, plural));
    for (_, _, path, refusal) in fields {
        let (before, after) = (at(old, path), at(new, path));
        if before == after {
            continue;
        }
        match refusal {
            Invalid => errors.push(immutable(path, after)),
            Once(_) if before.is_none() => {}
            Once(why) | Forbidden(why) => errors.push(FieldError::forbidden(*path, why)),
        }
    }
    let spec = SPECS
        .iter()
        .find(|(known, kind, _, _)| (*known, *kind) == (group, plural));
    if let Some((_, _, changing, why)) = spec
        && fixed(old, changing) != fixed(new, changing)
    {
        errors.push(FieldError::forbidden("spec", why));
    }
}

/// For a field that has changed and cannot.
pub(crate) fn immutable(path: &str, value: Option<&Value>) -> FieldError {
    let value = value.cloned().unwrap_or_default();
    FieldError::invalid(path, value, "field is immutable")
}

fn at<'a>(document: &'a Document, path: &str) -> Option<&'a Value> {
    let mut fields = path.split('.');
    let first = document.get(fields.next()?)?;
    fields.try_fold(first, |value, field| value.get(field))
}

fn fixed<'a>(document: &'a Document, changing: &[&str]) -> Vec<(&'a String, &'a Value)> {
    let spec = document.get("spec").and_then(Value::as_object);
    let fields = spec.into_iter().flatten();
    fields
        .filter(|(field, _)| !changing.contains(&field.as_str()))
        .collect()
}
