//! What the user of a request may do in a namespace.

use serde_json::{Value, json};

use super::{field, text};
use crate::access::AuthorizationMode;
use crate::access::rbac::Rule;
use crate::access::user::User;
use crate::failure::{self, Failure};
use crate::request::Document;
use crate::world::World;

pub(super) fn answer(world: &World, user: &User, body: &Document) -> Result<Value, Failure> {
    let namespace = text(field(body, "spec"), "namespace");
    if namespace.is_empty() {
        return Err(failure::bad_request("no namespace on request"));
    }
    let access = &world.access;
    let (rules, problem) = match access.mode() {
        AuthorizationMode::Rbac => access.rbac.rules(world, user, &namespace),
        AuthorizationMode::AlwaysAllow => (Rule::everything().to_vec(), String::new()),
    };
    let (on_paths, on_resources): (Vec<_>, Vec<_>) =
        rules.iter().partition(|rule| !rule.urls.is_empty());
    let mut status = json!({
        "resourceRules": on_resources,
        "nonResourceRules": on_paths,
        // What an authorizer says of a request cannot be told before there is one.
        "incomplete": !access.settings.authorizers.is_empty(),
    });
    if !problem.is_empty() {
        status["evaluationError"] = problem.into();
    }
    Ok(status)
}
