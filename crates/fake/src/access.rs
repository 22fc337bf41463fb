//! Access: who sends a request and what they may do, and the resources by which clients ask that.
//!
//! A request is authenticated, then perhaps carried out as somebody else, then authorized, and only then looked at: who may not read
//! a resource does not learn whether it exists. Without tokens and certificates there is nobody to tell apart, and everybody is the
//! administrator.

mod accounts;
mod attributes;
mod authenticate;
mod authorizer;
mod bootstrap;
mod impersonate;
mod issuer;
mod rbac;
mod reviews;
mod signers;
mod tokens;
mod user;

use std::sync::Arc;

use http::request::Parts;
use serde_json::Value;

use crate::failure::{self, Failure};
use crate::http::{ApiPath, Query};
use crate::registry::Resource;
use crate::request::Document;
use crate::strategy::Part;
use crate::world::World;

pub use attributes::{Attributes, ResourceTarget, Target};
pub use authorizer::{AuthorizationMode, Authorizer, Decision, UnknownAuthorizationMode};
pub use tokens::{TokenTable, TokenTableError};
pub use user::User;

pub(crate) use accounts::{openid_configuration, request_token};
pub(crate) use authenticate::Peer;
pub(crate) use authorizer::Authorizers;
pub(crate) use bootstrap::create_roles;
pub(crate) use reviews::{Review, answer as review};

use issuer::Issuer;
use rbac::Rbac;

/// What a builder can choose about access.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccessSettings {
    pub(crate) tokens: TokenTable,
    pub(crate) authorizers: Authorizers,
    pub(crate) mode: AuthorizationMode,
}

/// What a server knows about access beside the access rules, which are objects like all others.
#[derive(Debug, Default)]
pub(crate) struct Access {
    settings: AccessSettings,
    rbac: Rbac,
    issuer: Issuer,
}

/// What was decided about a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) allowed: bool,
    /// Whether somebody said no, and not only nobody said yes.
    pub(crate) denied: bool,
    pub(crate) reason: String,
}

impl Access {
    pub(crate) fn new(settings: AccessSettings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    pub(crate) fn mode(&self) -> AuthorizationMode {
        self.settings.mode
    }

    /// The keys that tokens of service accounts are signed with.
    pub(crate) fn key_set(&self) -> Value {
        self.issuer.key_set()
    }

    /// The token to write into a kubeconfig.
    pub(crate) fn admin_token(&self) -> Option<&str> {
        self.settings.tokens.of_master()
    }

    /// Decides on one request, or on one of the permissions that it needs.
    pub(crate) fn decide(&self, world: &World, attributes: &Attributes) -> Verdict {
        match self.settings.authorizers.ask(attributes) {
            Decision::Allow => return Verdict::allow(""),
            Decision::Deny(reason) => {
                return Verdict {
                    allowed: false,
                    denied: true,
                    reason,
                };
            }
            Decision::NoOpinion => {}
        }
        if attributes.user.is_in(user::MASTERS) {
            return Verdict::allow("");
        }
        match self.settings.mode {
            AuthorizationMode::AlwaysAllow => Verdict::allow(""),
            AuthorizationMode::Rbac => self.rbac.decide(world, attributes),
        }
    }

    /// As [`Access::decide`].
    ///
    /// # Errors
    ///
    /// 403 in the words of the API server.
    pub(crate) fn check(&self, world: &World, attributes: &Attributes) -> Result<(), Failure> {
        let verdict = self.decide(world, attributes);
        match verdict.allowed {
            true => Ok(()),
            false => Err(failure::not_allowed(attributes, &verdict.reason)),
        }
    }
}

impl Verdict {
    fn allow(reason: impl Into<String>) -> Self {
        Self {
            allowed: true,
            denied: false,
            reason: reason.into(),
        }
    }
}

/// Refuses a write by which its author would gain or give away rights, or would say what is for others to say.
///
/// # Errors
///
/// 403, and 404 for a binding to a role that is not there.
pub(crate) fn guard(
    world: &World,
    user: &Arc<User>,
    resource: &Resource,
    part: Part,
    old: Option<&Document>,
    new: &Document,
) -> Result<(), Failure> {
    match resource.group.as_str() {
        rbac::GROUP => rbac::guard(world, user, resource, old, new),
        signers::GROUP if resource.plural == "certificatesigningrequests" => {
            signers::guard(world, user, resource, part, old, new)
        }
        _ => Ok(()),
    }
}

/// Lets a request in, or not, and says whose it is.
///
/// # Errors
///
/// 401 for credentials that are none, 403 for what the user may not do, 400 for headers that make no sense.
pub(crate) fn admit(
    world: &World,
    head: &Parts,
    path: &ApiPath,
    query: &Query,
) -> Result<Arc<User>, Failure> {
    let user = authenticate::user(world, head)?;
    let attributes = Attributes::of(&user, &head.method, path, head.uri.path(), query);
    let user = impersonate::user(world, &head.headers, &attributes)?;
    let attributes = Attributes { user, ..attributes };
    world.access.check(world, &attributes)?;
    Ok(attributes.user)
}
