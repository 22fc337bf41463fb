//! What an update of the status subresource may change beside the status, kind by kind.

use crate::strategy::StatusUpdate;

/// All metadata that clients write.
const ALL: &[&str] = &["annotations", "finalizers", "labels", "ownerReferences"];

/// Kinds whose status subresource is about the status alone, as `group/plural`.
const STATUS_ALONE: &[&str] = &[
    "admissionregistration.k8s.io/validatingadmissionpolicies",
    "apiregistration.k8s.io/apiservices",
    "flowcontrol.apiserver.k8s.io/flowschemas",
    "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations",
    "internal.apiserver.k8s.io/storageversions",
    "networking.k8s.io/servicecidrs",
    "resource.k8s.io/devicetaintrules",
    "resource.k8s.io/resourceclaims",
    "resource.k8s.io/resourcepoolstatusrequests",
    "storage.k8s.io/volumeattachments",
];

/// Others take the metadata along. For two of them a part of it has proved too easy to break.
pub(super) fn update_of(key: &str) -> StatusUpdate {
    StatusUpdate::MetadataBut(match key {
        "apps/deployments" => &["labels"],
        "/pods" => &["ownerReferences"],
        key if STATUS_ALONE.contains(&key) => ALL,
        _ => &[],
    })
}
