//! Persistent volumes and their claims.

use super::{member, resources};
use crate::failure::{FieldError, FieldErrors};
use crate::schema::Typed;

/// What a persistent volume has beside its source.
const BESIDE_SOURCE: &[&str] = &[
    "accessModes",
    "capacity",
    "claimRef",
    "mountOptions",
    "nodeAffinity",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "volumeAttributesClassName",
    "volumeMode",
];

pub(super) fn claim(typed: Typed<'_>, errors: &mut FieldErrors) {
    let asked = member(typed.object, "resources");
    if !asked.is_some_and(|asked| resources::has(asked, "requests", "storage")) {
        errors.push(FieldError::required(typed.at("resources[storage]"), ""));
    }
}

pub(super) fn volume(typed: Typed<'_>, errors: &mut FieldErrors) {
    let mut sources = typed
        .object
        .keys()
        .filter(|field| !BESIDE_SOURCE.contains(&field.as_str()));
    if sources.next().is_none() {
        errors.push(FieldError::required(
            typed.path,
            "must specify a volume type",
        ));
    }
    for other in sources {
        errors.push(FieldError::forbidden(
            typed.at(other),
            "may not specify more than 1 volume type",
        ));
    }
}
