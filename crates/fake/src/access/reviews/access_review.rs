//! Whether somebody may do something.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Review, field, text, texts};
use crate::access::attributes::{Attributes, ResourceTarget, Target};
use crate::access::user::User;
use crate::failure::{self, Failure, FieldError, FieldErrors};
use crate::meta;
use crate::registry::Resource;
use crate::request::Document;
use crate::world::World;

pub(super) fn answer(
    world: &World,
    user: &Arc<User>,
    resource: &Resource,
    review: Review,
    body: &Document,
) -> Result<Value, Failure> {
    let errors = check(review, body);
    if !errors.is_empty() {
        return Err(failure::invalid(resource, "", errors));
    }
    let spec = field(body, "spec");
    let user = match review {
        Review::OwnAccess => Arc::clone(user),
        _ => Arc::new(subject(spec)),
    };
    let verdict = world.access.decide(world, &attributes(user, spec));
    let mut status = json!({"allowed": verdict.allowed});
    if verdict.denied {
        status["denied"] = true.into();
    }
    if !verdict.reason.is_empty() {
        status["reason"] = verdict.reason.into();
    }
    Ok(status)
}

fn check(review: Review, body: &Document) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let spec = field(body, "spec");
    let (on_resource, on_path) = (&spec["resourceAttributes"], &spec["nonResourceAttributes"]);
    let invalid =
        |path: &str, value: &Value, detail: &str| FieldError::invalid(path, value.clone(), detail);
    if !on_resource.is_null() && !on_path.is_null() {
        errors.push(invalid(
            "spec.nonResourceAttributes",
            on_path,
            "cannot be specified in combination with resourceAttributes",
        ));
    }
    if on_resource.is_null() && on_path.is_null() {
        errors.push(invalid(
            "spec.resourceAttributes",
            on_resource,
            "exactly one of nonResourceAttributes or resourceAttributes must be specified",
        ));
    }
    if review != Review::OwnAccess
        && text(spec, "user").is_empty()
        && texts(&spec["groups"]).next().is_none()
    {
        errors.push(invalid(
            "spec.user",
            &"".into(),
            "at least one of user or group must be specified",
        ));
    }
    check_metadata(review, body, &mut errors);
    if review == Review::LocalAccess {
        check_local(body, &mut errors);
    }
    errors
}

/// A question is about nothing that has a name.
fn check_metadata(review: Review, body: &Document, errors: &mut FieldErrors) {
    let ignored = |field: &str| {
        field == "managedFields" || (field == "namespace" && review == Review::LocalAccess)
    };
    let metadata = meta::of(body);
    if metadata.keys().any(|field| !ignored(field)) {
        let detail = match review {
            Review::LocalAccess => "must be empty except for namespace",
            _ => "must be empty",
        };
        let value = Value::Object(metadata.clone());
        errors.push(FieldError::invalid("metadata", value, detail));
    }
}

fn check_local(body: &Document, errors: &mut FieldErrors) {
    let spec = field(body, "spec");
    let (on_resource, on_path) = (&spec["resourceAttributes"], &spec["nonResourceAttributes"]);
    let namespace = text(on_resource, "namespace");
    if !on_resource.is_null() && namespace != meta::text(meta::of(body), "namespace") {
        errors.push(FieldError::invalid(
            "spec.resourceAttributes.namespace",
            namespace,
            "must match metadata.namespace",
        ));
    }
    if !on_path.is_null() {
        errors.push(FieldError::invalid(
            "spec.nonResourceAttributes",
            on_path.clone(),
            "disallowed on this kind of request",
        ));
    }
}

/// The user that the question is about, exactly as it is there: no groups are added.
fn subject(spec: &Value) -> User {
    let mut user = User {
        name: text(spec, "user"),
        uid: text(spec, "uid"),
        groups: texts(&spec["groups"]).map(str::to_owned).collect(),
        ..User::default()
    };
    for (key, values) in spec["extra"].as_object().into_iter().flatten() {
        for value in texts(values) {
            user = user.extra(key, value);
        }
    }
    user
}

fn attributes(user: Arc<User>, spec: &Value) -> Attributes {
    let on_path = &spec["nonResourceAttributes"];
    if !on_path.is_null() {
        return Attributes {
            user,
            verb: text(on_path, "verb"),
            target: Target::Path(text(on_path, "path")),
        };
    }
    let on_resource = &spec["resourceAttributes"];
    Attributes {
        user,
        verb: text(on_resource, "verb"),
        target: Target::Resource(ResourceTarget {
            group: text(on_resource, "group"),
            version: text(on_resource, "version"),
            resource: text(on_resource, "resource"),
            subresource: text(on_resource, "subresource"),
            namespace: text(on_resource, "namespace"),
            name: text(on_resource, "name"),
        }),
    }
}
