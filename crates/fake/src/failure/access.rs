//! Refusals of who does not show who they are, or may not do what they ask for.

use std::fmt::Display;

use kubekit_core::{Status, StatusDetails, StatusReason};

use super::Failure;
use crate::access::{Attributes, Target};

/// For credentials that are none.
pub(crate) fn unauthorized() -> Failure {
    Box::new(Status::failure(
        401,
        StatusReason::Unauthorized,
        "Unauthorized",
    ))
}

/// For what a user may not do, whether or not it exists.
pub(crate) fn not_allowed(attributes: &Attributes, reason: &str) -> Failure {
    let mut details = StatusDetails::default();
    let (user, verb) = (&attributes.user.name, &attributes.verb);
    let mut message = match &attributes.target {
        Target::Path(path) => {
            format!("forbidden: User {user:?} cannot {verb} path {path:?}")
        }
        Target::Resource(target) => {
            details.name.clone_from(&target.name);
            details.group.clone_from(&target.group);
            details.kind.clone_from(&target.resource);
            let qualified = qualified(&target.group, &target.resource);
            let subject = match target.name.as_str() {
                "" => qualified,
                name => format!("{qualified} {name:?}"),
            };
            let place = match target.namespace.as_str() {
                "" => "at the cluster scope".to_owned(),
                namespace => format!("in the namespace {namespace:?}"),
            };
            let (resource, group) = (target.combined(), &target.group);
            format!(
                "{subject} is forbidden: User {user:?} cannot {verb} resource {resource:?} in API group {group:?} {place}"
            )
        }
    };
    if !reason.is_empty() {
        message.push_str(": ");
        message.push_str(reason);
    }
    Box::new(Status::failure(403, StatusReason::Forbidden, message).details(details))
}

/// For a binding to a role that is not there.
pub(crate) fn role_not_found(plural: &str, name: &str) -> Failure {
    let group = "rbac.authorization.k8s.io";
    let message = format!("{} {name:?} not found", qualified(group, plural));
    let mut details = StatusDetails::default();
    details.name = name.to_owned();
    details.group = group.to_owned();
    details.kind = plural.to_owned();
    Box::new(Status::failure(404, StatusReason::NotFound, message).details(details))
}

/// For a token that shall be bound to an object which has been replaced by another of its name.
pub(crate) fn bound_to_another(kind: &str, name: &str, why: impl Display) -> Failure {
    let message = format!("Operation cannot be fulfilled on {kind} {name:?}: {why}");
    let mut details = StatusDetails::default();
    details.name = name.to_owned();
    details.kind = kind.to_owned();
    Box::new(Status::failure(409, StatusReason::Conflict, message).details(details))
}

fn qualified(group: &str, resource: &str) -> String {
    match group {
        "" => resource.to_owned(),
        group => format!("{resource}.{group}"),
    }
}
