//! Acting as somebody else.
//!
//! A request can be carried out as another user, if its own user may impersonate that one: with the verb `impersonate`, or, narrower,
//! with `impersonate:<mode>` for the user and `impersonate-on:<mode>:<verb>` for what is asked for.

use std::sync::Arc;

use http::HeaderMap;
use percent_encoding::percent_decode_str;

use super::Access;
use super::attributes::{Attributes, ResourceTarget};
use super::user::{User, account_groups, account_of, node_of};
use crate::failure::{self, Failure};
use crate::world::World;

const EXTRA: &str = "impersonate-extra-";
const REVIEWS: &str = "authentication.k8s.io";
/// What tells on which node a service account's token is used.
const NODE_NAME: &str = "authentication.kubernetes.io/node-name";

/// Returns the user that a request is to be carried out as; its own one if it does not say.
///
/// # Errors
///
/// 400 for headers that say all but a name, 403 for who may not do this.
pub(super) fn user(
    world: &World,
    headers: &HeaderMap,
    attributes: &Attributes,
) -> Result<Arc<User>, Failure> {
    let Some(wanted) = wanted(headers)? else {
        return Ok(Arc::clone(&attributes.user));
    };
    let mut refusal = None;
    for mode in modes(&wanted, &attributes.user) {
        match mode.check(&world.access, world, &wanted, attributes) {
            Ok(user) => return Ok(Arc::new(user)),
            // The narrowest mode says what is missing.
            Err(failure) => refusal = refusal.or(Some(failure)),
        }
    }
    Err(refusal.unwrap_or_else(failure::unauthorized))
}

/// The user in the headers, as it stands there.
fn wanted(headers: &HeaderMap) -> Result<Option<User>, Failure> {
    let mut user = User {
        name: text(headers, "impersonate-user"),
        uid: text(headers, "impersonate-uid"),
        ..User::default()
    };
    let groups = headers.get_all("impersonate-group").iter();
    user.groups = groups.map(|value| lossy(value.as_bytes())).collect();
    for (name, value) in headers {
        if let Some(key) = name.as_str().strip_prefix(EXTRA) {
            let key = percent_decode_str(key).decode_utf8_lossy().to_lowercase();
            user = user.extra(key, lossy(value.as_bytes()));
        }
    }
    if !user.name.is_empty() {
        return Ok(Some(user));
    }
    if user == User::default() {
        return Ok(None);
    }
    Err(failure::bad_request(format!(
        "requested {user:?} without impersonating a user name"
    )))
}

fn text(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name);
    value.map_or_else(String::new, |value| lossy(value.as_bytes()))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A set of verbs that impersonation can be granted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    AssociatedNode,
    ArbitraryNode,
    ServiceAccount,
    UserInfo,
    /// The one verb for everything.
    Legacy,
}

/// The modes in which a user can be impersonated, the narrowest one first.
fn modes(wanted: &User, requestor: &User) -> Vec<Mode> {
    let bare = wanted.uid.is_empty() && wanted.groups.is_empty() && wanted.extra.is_empty();
    let node = node_of(&wanted.name);
    let is_account = account_of(&wanted.name).is_some();
    let here = node.is_some_and(|node| {
        account_of(&requestor.name).is_some()
            && requestor
                .extra
                .get(NODE_NAME)
                .is_some_and(|names| names.iter().eq([node]))
    });
    let possible = [
        (Mode::AssociatedNode, bare && here),
        (Mode::ArbitraryNode, bare && node.is_some()),
        (Mode::ServiceAccount, bare && is_account),
        (Mode::UserInfo, node.is_none() && !is_account),
        (Mode::Legacy, true),
    ];
    let possible = possible.into_iter().filter(|(_, is_possible)| *is_possible);
    possible.map(|(mode, _)| mode).collect()
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Mode::AssociatedNode => "associated-node",
            Mode::ArbitraryNode => "arbitrary-node",
            Mode::ServiceAccount => "serviceaccount",
            Mode::UserInfo => "user-info",
            Mode::Legacy => "",
        }
    }

    fn is_legacy(self) -> bool {
        self == Mode::Legacy
    }

    /// Checks every permission that this takes, and completes the user.
    fn check(
        self,
        access: &Access,
        world: &World,
        wanted: &User,
        attributes: &Attributes,
    ) -> Result<User, Failure> {
        if !self.is_legacy() {
            let verb = format!("impersonate-on:{}:{}", self.name(), attributes.verb);
            let on = Attributes {
                verb,
                ..attributes.clone()
            };
            access.check(world, &on)?;
        }
        for target in self.targets(wanted) {
            let verb = match self {
                Mode::Legacy => "impersonate".to_owned(),
                mode => format!("impersonate:{}", mode.name()),
            };
            access.check(world, &Attributes::on(&attributes.user, verb, target))?;
        }
        Ok(self.complete(wanted.clone()))
    }

    /// All that is impersonated.
    fn targets(self, wanted: &User) -> Vec<ResourceTarget> {
        let group = if self.is_legacy() { "" } else { REVIEWS };
        let versioned = |group: &str, resource: &str, name: &str| ResourceTarget {
            version: "v1".to_owned(),
            ..ResourceTarget::new(group, resource).name(name)
        };
        let name = wanted.name.as_str();
        let mut targets = vec![match (account_of(name), node_of(name)) {
            (Some((namespace, name)), _) => {
                versioned(group, "serviceaccounts", name).namespace(namespace)
            }
            (None, Some(name)) if !self.is_legacy() => versioned(group, "nodes", name),
            _ => versioned(group, "users", name),
        }];
        if !wanted.uid.is_empty() {
            targets.push(versioned(REVIEWS, "uids", &wanted.uid));
        }
        let groups = wanted.groups.iter();
        targets.extend(groups.map(|name| versioned(group, "groups", name)));
        for (key, values) in &wanted.extra {
            let values = values.iter();
            targets.extend(
                values.map(|value| versioned(REVIEWS, "userextras", value).subresource(key)),
            );
        }
        targets
    }

    /// Adds the groups that follow from the name.
    fn complete(self, mut user: User) -> User {
        if user.groups.is_empty() {
            if let Some((namespace, _)) = account_of(&user.name) {
                user.groups = account_groups(namespace);
            } else if !self.is_legacy() && node_of(&user.name).is_some() {
                user.groups = vec!["system:nodes".to_owned()];
            }
        }
        user.authenticated()
    }
}
