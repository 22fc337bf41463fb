//! Role based access control: what roles and bindings say, as they are stored at the moment.

mod guard;
mod policy;
mod rule;

use std::sync::Arc;

use parking_lot::Mutex;

use super::Verdict;
use super::attributes::{Attributes, Target};
use super::user::User;
use crate::world::World;

pub(super) use guard::guard;
pub(super) use policy::GROUP;
pub(super) use rule::Rule;

use policy::Policy;

/// Decides by the stored roles and bindings.
#[derive(Debug, Default)]
pub(super) struct Rbac {
    /// The rules as they were when the revisions of their resources were these.
    known: Mutex<Option<(Revisions, Arc<Policy>)>>,
}

/// The revisions of the last changes of all that a policy is made of.
type Revisions = [u64; 4];

impl Rbac {
    /// Decides on a request. The first rule that allows it is the reason.
    pub(super) fn decide(&self, world: &World, attributes: &Attributes) -> Verdict {
        let policy = self.policy(world);
        let namespace = match &attributes.target {
            Target::Resource(target) => target.namespace.as_str(),
            Target::Path(_) => "",
        };
        let mut problems = Vec::new();
        for grant in policy.grants(&attributes.user, namespace) {
            match grant {
                Ok((rule, source)) if rule.allows(attributes) => {
                    return Verdict::allow(format!("RBAC: allowed by {source}"));
                }
                Ok(_) => {}
                Err(problem) => problems.push(problem),
            }
        }
        Verdict {
            reason: match problems.len() {
                0 => String::new(),
                _ => format!("RBAC: {}", aggregated(problems)),
            },
            ..Verdict::default()
        }
    }

    /// All rules that a user has in a namespace, and what could not be found out.
    pub(super) fn rules(&self, world: &World, user: &User, namespace: &str) -> (Vec<Rule>, String) {
        let policy = self.policy(world);
        let mut rules = Vec::new();
        let mut problems = Vec::new();
        for grant in policy.grants(user, namespace) {
            match grant {
                Ok((rule, _)) => rules.push(rule.clone()),
                Err(problem) => problems.push(problem),
            }
        }
        let problem = match problems.len() {
            0 => String::new(),
            _ => aggregated(problems),
        };
        (rules, problem)
    }

    /// The rules as they are now. They are read again only when something about them has changed.
    fn policy(&self, world: &World) -> Arc<Policy> {
        let revisions = Policy::storages().map(|storage| world.store.last_change(&storage));
        if let Some((known, policy)) = &*self.known.lock()
            && *known == revisions
        {
            return Arc::clone(policy);
        }
        // What is read is at least as new as the revisions, so it is never kept for too long.
        let policy = Arc::new(Policy::read(&world.store));
        *self.known.lock() = Some((revisions, Arc::clone(&policy)));
        policy
    }
}

/// Several problems in one line: each once, in brackets if there is more than one.
fn aggregated(problems: Vec<String>) -> String {
    let mut once: Vec<String> = Vec::new();
    for problem in problems {
        if !once.contains(&problem) {
            once.push(problem);
        }
    }
    match once.as_slice() {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}
