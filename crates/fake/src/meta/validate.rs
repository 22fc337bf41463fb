//! What is wrong with the metadata of an object.

use serde_json::{Map, Value};

use super::names;
use super::{Metadata, finalizers, generation, is_doomed, text};
use crate::failure::{FieldError, FieldErrors};
use crate::registry::Resource;
use crate::strategy::NameRule;

/// All annotations of an object together, keys and values.
const ANNOTATIONS_LIMIT: usize = 256 * 1024;
const IMMUTABLE: &str = "field is immutable";

/// What is wrong with the metadata of a new object.
pub(crate) fn validate(resource: &Resource, metadata: &Metadata) -> FieldErrors {
    let mut errors = FieldErrors::default();
    check_names(resource, metadata, &mut errors);
    check_labels(metadata, &mut errors);
    check_annotations(metadata, &mut errors);
    check_owners(metadata, &mut errors);
    check_finalizers(resource, metadata, &mut errors);
    errors
}

/// What is wrong with the metadata of an object within another, which need not have a name. Paths begin with that of the other.
pub(crate) fn validate_embedded(metadata: &Metadata) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let name = text(metadata, "name");
    if !name.is_empty() {
        let problems = names::problems(name, NameRule::PathSegment).into_iter();
        errors.extend(problems.map(|p| FieldError::invalid("metadata.name", name, p)));
    }
    check_labels(metadata, &mut errors);
    check_annotations(metadata, &mut errors);
    check_owners(metadata, &mut errors);
    errors
}

/// What is wrong with the metadata of an object that is updated from `old`.
pub(crate) fn validate_update(resource: &Resource, old: &Metadata, new: &Metadata) -> FieldErrors {
    let mut errors = FieldErrors::default();
    check_labels(new, &mut errors);
    check_annotations(new, &mut errors);
    check_owners(new, &mut errors);
    check_finalizers(resource, new, &mut errors);
    if is_doomed(old) {
        check_added_finalizers(old, new, &mut errors);
    }
    if generation(new) < generation(old) {
        let error = FieldError::invalid(
            "metadata.generation",
            generation(new),
            "must not be decremented",
        );
        errors.push(error);
    }
    for field in [
        "name",
        "namespace",
        "uid",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
    ] {
        if old.get(field) != new.get(field) {
            let value = new.get(field).cloned().unwrap_or_default();
            errors.push(FieldError::invalid(
                format!("metadata.{field}"),
                value,
                IMMUTABLE,
            ));
        }
    }
    errors
}

fn check_names(resource: &Resource, metadata: &Metadata, errors: &mut FieldErrors) {
    let rule = resource.strategy.names;
    let prefix = text(metadata, "generateName");
    if !prefix.is_empty() {
        let problems = names::prefix_problems(prefix, rule);
        errors.extend(
            problems
                .into_iter()
                .map(|p| FieldError::invalid("metadata.generateName", prefix, p)),
        );
    }
    let name = text(metadata, "name");
    if name.is_empty() {
        errors.push(FieldError::required(
            "metadata.name",
            "name or generateName is required",
        ));
    } else {
        let problems = names::problems(name, rule);
        errors.extend(
            problems
                .into_iter()
                .map(|p| FieldError::invalid("metadata.name", name, p)),
        );
    }
}

fn check_labels(metadata: &Metadata, errors: &mut FieldErrors) {
    for (key, value) in members(metadata, "labels") {
        let problems = names::qualified(key).into_iter();
        errors.extend(problems.map(|p| FieldError::invalid("metadata.labels", key.as_str(), p)));
        let value = value.as_str().unwrap_or("");
        let problems = names::label_value(value).into_iter();
        errors.extend(problems.map(|p| FieldError::invalid("metadata.labels", value, p)));
    }
}

fn check_annotations(metadata: &Metadata, errors: &mut FieldErrors) {
    let mut size = 0;
    for (key, value) in members(metadata, "annotations") {
        // Keys of annotations may have upper case letters in their prefix.
        let problems = names::qualified(&key.to_lowercase()).into_iter();
        errors
            .extend(problems.map(|p| FieldError::invalid("metadata.annotations", key.as_str(), p)));
        size += key.len() + value.as_str().map_or(0, str::len);
    }
    if size > ANNOTATIONS_LIMIT {
        let message = format!("Too long: may not be more than {ANNOTATIONS_LIMIT} bytes");
        let cause = kubekit_core::CauseType::new("FieldValueTooLong");
        errors.push(FieldError::new(cause, "metadata.annotations", message));
    }
}

fn check_owners(metadata: &Metadata, errors: &mut FieldErrors) {
    let owners = metadata.get("ownerReferences").and_then(Value::as_array);
    let mut controllers = 0;
    for owner in owners.into_iter().flatten() {
        for field in ["apiVersion", "kind", "name", "uid"] {
            if owner[field].as_str().unwrap_or("").is_empty() {
                let path = format!("metadata.ownerReferences.{field}");
                errors.push(FieldError::invalid(
                    path,
                    "",
                    format!("{field} must not be empty"),
                ));
            }
        }
        controllers += usize::from(owner["controller"] == true);
    }
    if controllers > 1 {
        let value = metadata.get("ownerReferences").cloned().unwrap_or_default();
        let problem = "Only one reference can have Controller set to true";
        errors.push(FieldError::invalid(
            "metadata.ownerReferences",
            value,
            problem,
        ));
    }
}

fn check_finalizers(resource: &Resource, metadata: &Metadata, errors: &mut FieldErrors) {
    for (at, finalizer) in finalizers(metadata).enumerate() {
        let path = || format!("metadata.finalizers[{at}]");
        let problems = names::qualified(finalizer);
        let is_sound = problems.is_empty();
        errors.extend(
            problems
                .into_iter()
                .map(|p| FieldError::invalid(path(), finalizer, p)),
        );
        // Custom resources are only warned.
        let is_known = resource.is_custom() || finalizers::is_standard(finalizer);
        if is_sound && !is_known && !finalizer.contains('/') {
            let problem = "name is neither a standard finalizer name nor is it fully qualified";
            errors.push(FieldError::invalid(path(), finalizer, problem));
        }
    }
    let both = ["orphan", "foregroundDeletion"];
    if both
        .iter()
        .all(|name| finalizers(metadata).any(|finalizer| finalizer == *name))
    {
        let value = metadata.get("finalizers").cloned().unwrap_or_default();
        let problem = "finalizer orphan and finalizer foregroundDeletion cannot be both set";
        errors.push(FieldError::invalid("metadata.finalizers", value, problem));
    }
}

fn check_added_finalizers(old: &Metadata, new: &Metadata, errors: &mut FieldErrors) {
    let added = finalizers(new).filter(|name| !finalizers(old).any(|known| known == *name));
    let added: Vec<_> = added.map(|name| format!("\"{name}\"")).collect();
    if !added.is_empty() {
        let problem = format!(
            "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
            added.join(", ")
        );
        errors.push(FieldError::forbidden("metadata.finalizers", problem));
    }
}

fn members<'a>(
    metadata: &'a Metadata,
    field: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let members = metadata.get(field).and_then(Value::as_object);
    members.into_iter().flat_map(Map::iter)
}
