//! Nobody may give away what they do not have.
//!
//! Who writes a role must hold all that it allows, or may `escalate` it; who writes a binding must hold all that its role allows, or may
//! `bind` it.

use std::sync::Arc;

use serde_json::Value;

use super::policy::{GROUP, RoleRef};
use super::rule::{Rule, missing, quoted};
use crate::access::attributes::{Attributes, ResourceTarget};
use crate::access::user::{MASTERS, User};
use crate::failure::{self, Failure};
use crate::meta;
use crate::registry::Resource;
use crate::request::Document;
use crate::world::World;

/// Refuses a role or a binding by which its author would gain or give away rights.
///
/// # Errors
///
/// 403 with all that the author does not hold, 404 for a binding to a role that is not there.
pub(in crate::access) fn guard(
    world: &World,
    user: &Arc<User>,
    resource: &Resource,
    old: Option<&Document>,
    new: &Document,
) -> Result<(), Failure> {
    if user.is_in(MASTERS) {
        return Ok(());
    }
    if old.is_some_and(|old| is_same_but_for_collection(old, new)) {
        return Ok(());
    }
    let guard = Guard {
        world,
        user,
        resource,
        document: new,
    };
    match resource.plural.as_str() {
        "roles" | "clusterroles" => guard.role(),
        _ => guard.binding(),
    }
}

/// A write of a role or a binding.
struct Guard<'a> {
    world: &'a World,
    user: &'a Arc<User>,
    resource: &'a Resource,
    document: &'a Document,
}

impl Guard<'_> {
    fn role(&self) -> Result<(), Failure> {
        let target = ResourceTarget::new(GROUP, &self.resource.plural)
            .namespace(self.namespace())
            .name(self.name());
        if self.may("escalate", target) {
            return Ok(());
        }
        let rules = self.document.get("rules").cloned().unwrap_or_default();
        let rules: Vec<Rule> = serde_json::from_value(rules).unwrap_or_default();
        self.check_held(&rules)?;
        let aggregates = self.document.get("aggregationRule");
        if aggregates.is_some_and(|rule| !rule.is_null())
            && !self.lacks(&Rule::everything()).is_empty()
        {
            return Err(
                self.forbidden("must have cluster-admin privileges to use an aggregationRule")
            );
        }
        Ok(())
    }

    fn binding(&self) -> Result<(), Failure> {
        let role = self.document.get("roleRef").cloned().unwrap_or_default();
        let role: RoleRef = serde_json::from_value(role).unwrap_or_default();
        let plural = match role.kind.as_str() {
            "Role" => "roles",
            "ClusterRole" => "clusterroles",
            // The rules of the kind say what is wrong with this one.
            _ => return Ok(()),
        };
        let target = ResourceTarget::new(GROUP, plural)
            .namespace(self.namespace())
            .name(&role.name);
        if self.may("bind", target) {
            return Ok(());
        }
        let policy = self.world.access.rbac.policy(self.world);
        match policy.rules(&role, self.namespace()) {
            Ok(rules) => self.check_held(rules),
            Err(_) => Err(failure::role_not_found(plural, &role.name)),
        }
    }

    fn may(&self, verb: &str, target: ResourceTarget) -> bool {
        let attributes = Attributes::on(self.user, verb, target);
        self.world.access.decide(self.world, &attributes).allowed
    }

    fn check_held(&self, rules: &[Rule]) -> Result<(), Failure> {
        let lacking = self.lacks(rules);
        if lacking.is_empty() {
            return Ok(());
        }
        Err(self.forbidden(&format!(
            "user {:?} (groups={}) is attempting to grant RBAC permissions not currently held:\n{}",
            self.user.name,
            quoted(&self.user.groups),
            lacking.join("\n")
        )))
    }

    /// What the user does not hold of this.
    fn lacks(&self, rules: &[Rule]) -> Vec<String> {
        let rbac = &self.world.access.rbac;
        let (held, _) = rbac.rules(self.world, self.user, self.namespace());
        missing(&held, rules)
    }

    fn forbidden(&self, why: &str) -> Failure {
        failure::forbidden(self.resource, self.name(), why)
    }

    fn name(&self) -> &str {
        meta::text(meta::of(self.document), "name")
    }

    fn namespace(&self) -> &str {
        meta::text(meta::of(self.document), "namespace")
    }
}

/// Whether nothing changes but what garbage collection changes.
fn is_same_but_for_collection(old: &Document, new: &Document) -> bool {
    let essence = |document: &Document| {
        let mut document = document.clone();
        let metadata = meta::of_mut(&mut document);
        for field in [
            "finalizers",
            "managedFields",
            "ownerReferences",
            "resourceVersion",
        ] {
            metadata.remove(field);
        }
        Value::Object(document)
    };
    essence(old) == essence(new)
}
