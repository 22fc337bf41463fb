//! Failures in the API server's own words.
//!
//! Every part of the server that refuses something does it with one of these, so that the words are in one place.

mod access;
mod fields;
mod malformed;

use std::fmt::Display;

use kubekit_core::{CauseType, Status, StatusCause, StatusDetails, StatusReason};

use crate::registry::Resource;

pub(crate) use access::{bound_to_another, not_allowed, role_not_found, unauthorized};
pub(crate) use fields::{FieldError, FieldErrors};
pub(crate) use malformed::Malformed;

/// What a request that fails is answered with. It is large and rare, so it is kept on the heap, out of the way of results.
pub(crate) type Failure = Box<Status>;

pub(crate) fn not_found(resource: &Resource, name: &str) -> Failure {
    let message = format!("{} \"{name}\" not found", resource.qualified());
    Box::new(Status::failure(404, StatusReason::NotFound, message).details(about(resource, name)))
}

pub(crate) fn namespace_not_found(name: &str) -> Failure {
    let message = format!("namespaces \"{name}\" not found");
    let mut details = StatusDetails::default();
    details.name = name.to_owned();
    details.kind = "namespaces".to_owned();
    Box::new(Status::failure(404, StatusReason::NotFound, message).details(details))
}

/// For paths that lead to a version or resource that is not served.
pub(crate) fn resource_not_found() -> Failure {
    let message = "the server could not find the requested resource";
    Box::new(
        Status::failure(404, StatusReason::NotFound, message).details(StatusDetails::default()),
    )
}

pub(crate) fn already_exists(resource: &Resource, name: &str) -> Failure {
    let message = format!("{} \"{name}\" already exists", resource.qualified());
    Box::new(
        Status::failure(409, StatusReason::AlreadyExists, message).details(about(resource, name)),
    )
}

/// For the name of an object that waits for its finalizers.
pub(crate) fn being_deleted(resource: &Resource, name: &str) -> Failure {
    let mut status = already_exists(resource, name);
    status.message.insert_str(0, "object is being deleted: ");
    status
}

pub(crate) fn conflict(resource: &Resource, name: &str, why: impl Display) -> Failure {
    let what = resource.qualified();
    let message = format!("Operation cannot be fulfilled on {what} \"{name}\": {why}");
    Box::new(Status::failure(409, StatusReason::Conflict, message).details(about(resource, name)))
}

/// For a write that is based on an old version of the object.
pub(crate) fn stale(resource: &Resource, name: &str) -> Failure {
    let why = "the object has been modified; please apply your changes to the latest version and try again";
    conflict(resource, name, why)
}

/// For a precondition of a deletion, which names the kind and not the resource.
pub(crate) fn precondition(resource: &Resource, name: &str, why: impl Display) -> Failure {
    let kind = &resource.kind;
    let message = format!("Operation cannot be fulfilled on {kind} \"{name}\": {why}");
    let mut details = StatusDetails::default();
    details.name = name.to_owned();
    details.kind.clone_from(kind);
    Box::new(Status::failure(409, StatusReason::Conflict, message).details(details))
}

/// For a pod that cannot be given a node.
pub(crate) fn binding_conflict(pod: &str, why: impl Display) -> Failure {
    let kind = "pods/binding";
    let message = format!("Operation cannot be fulfilled on {kind} \"{pod}\": {why}");
    let mut details = StatusDetails::default();
    details.name = pod.to_owned();
    details.kind = kind.to_owned();
    Box::new(Status::failure(409, StatusReason::Conflict, message).details(details))
}

/// For an eviction that a disruption budget does not allow; who is told a delay may try again after that many seconds.
pub(crate) fn over_budget(why: impl Display, delay: u32) -> Failure {
    let message = "Cannot evict pod as it would violate the pod's disruption budget.";
    let mut details = StatusDetails::default();
    details.causes = vec![StatusCause::new(
        CauseType::new("DisruptionBudget"),
        why.to_string(),
        "",
    )];
    details.retry_after_seconds = delay;
    Box::new(Status::failure(429, StatusReason::TooManyRequests, message).details(details))
}

/// For a disruption budget in a state that no controller leaves it in.
pub(crate) fn budget_broken(budget: &str, why: impl Display) -> Failure {
    let message = format!("poddisruptionbudget.policy \"{budget}\" is forbidden: {why}");
    let mut details = StatusDetails::default();
    details.name = budget.to_owned();
    details.group = "policy".to_owned();
    details.kind = "poddisruptionbudget".to_owned();
    Box::new(Status::failure(403, StatusReason::Forbidden, message).details(details))
}

/// For an object that breaks the rules of its kind, which are those of the group in which it is stored.
pub(crate) fn invalid(resource: &Resource, name: &str, errors: FieldErrors) -> Failure {
    invalid_kind(resource.storage.group(), &resource.kind, name, errors)
}

/// For options, which are of a kind but of no resource.
pub(crate) fn invalid_kind(group: &str, kind: &str, name: &str, errors: FieldErrors) -> Failure {
    let qualified = match group {
        "" => kind.to_owned(),
        group => format!("{kind}.{group}"),
    };
    let message = format!("{qualified} \"{name}\" is invalid: {errors}");
    let mut details = StatusDetails::default();
    details.name = name.to_owned();
    details.group = group.to_owned();
    details.kind = kind.to_owned();
    details.causes = errors.into_causes();
    Box::new(Status::failure(422, StatusReason::Invalid, message).details(details))
}

/// For a patch that cannot be carried out; says nothing about the object.
pub(crate) fn unprocessable(message: impl Display) -> Failure {
    let message =
        format!("the server rejected our request due to an error in our request: {message}");
    Box::new(Status::failure(422, StatusReason::Invalid, message).details(StatusDetails::default()))
}

pub(crate) fn forbidden(resource: &Resource, name: &str, why: impl Display) -> Failure {
    let what = resource.qualified();
    let message = match name {
        "" => format!("{what} is forbidden: {why}"),
        name => format!("{what} \"{name}\" is forbidden: {why}"),
    };
    Box::new(Status::failure(403, StatusReason::Forbidden, message).details(about(resource, name)))
}

/// For a creation in a namespace that is going away.
pub(crate) fn namespace_terminating(resource: &Resource, name: &str, namespace: &str) -> Failure {
    let why = format!(
        "unable to create new content in namespace {namespace} because it is being terminated"
    );
    let mut status = forbidden(resource, name, why);
    let cause = StatusCause::new(
        CauseType::NAMESPACE_TERMINATING,
        format!("namespace {namespace} is being terminated"),
        "metadata.namespace",
    );
    if let Some(details) = &mut status.details {
        details.causes.push(cause);
    }
    status
}

pub(crate) fn bad_request(message: impl Display) -> Failure {
    Box::new(Status::failure(
        400,
        StatusReason::BadRequest,
        message.to_string(),
    ))
}

/// 500 without a reason, as the API server gives for errors that it did not expect.
pub(crate) fn unexpected(message: impl Display) -> Failure {
    Box::new(Status::failure(
        500,
        StatusReason::Unknown,
        message.to_string(),
    ))
}

pub(crate) fn method_not_allowed() -> Failure {
    let message = "the server does not allow this method on the requested resource";
    Box::new(
        Status::failure(405, StatusReason::MethodNotAllowed, message)
            .details(StatusDetails::default()),
    )
}

/// For a revision that the store has forgotten.
pub(crate) fn expired(message: impl Display) -> Failure {
    Box::new(Status::failure(
        410,
        StatusReason::Expired,
        message.to_string(),
    ))
}

/// For a revision that the store has not reached.
pub(crate) fn too_large_resource_version(asked: u64, current: u64) -> Failure {
    let message = format!("Timeout: Too large resource version: {asked}, current: {current}");
    let cause = StatusCause::new(
        CauseType::RESOURCE_VERSION_TOO_LARGE,
        "Too large resource version",
        "",
    );
    let mut details = StatusDetails::default();
    details.causes = vec![cause];
    details.retry_after_seconds = 1;
    Box::new(Status::failure(504, StatusReason::Timeout, message).details(details))
}

/// The success that most deletions are answered with.
pub(crate) fn deleted(resource: &Resource, name: &str, uid: &str) -> Failure {
    let mut details = about(resource, name);
    details.uid = uid.to_owned();
    Box::new(Status::success().details(details))
}

fn about(resource: &Resource, name: &str) -> StatusDetails {
    let mut details = StatusDetails::default();
    details.name = name.to_owned();
    details.group.clone_from(&resource.group);
    details.kind.clone_from(&resource.plural);
    details
}
