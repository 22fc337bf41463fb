//! Who decides what a request may do.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::attributes::Attributes;

/// Decides on requests, before anything else is known of what they are for. Matches `authorizer.Authorizer` of the API server.
///
/// Every `Fn(&Attributes) -> Decision` is one. It is asked for each request, and for each permission that a request needs beside (as to
/// impersonate), so it should be fast; it must not send requests to the server that asks it and wait for them.
///
/// # Examples
///
/// A test in which nobody may delete secrets:
///
/// ```
/// use kubekit_fake::{ApiServer, Attributes, Decision, Target};
///
/// let server = ApiServer::builder()
///     .authorizer(|attributes: &Attributes| match &attributes.target {
///         Target::Resource(target) if target.resource == "secrets" && attributes.verb == "delete" => {
///             Decision::Deny("secrets are for ever".to_owned())
///         }
///         _ => Decision::NoOpinion,
///     })
///     .build();
/// # let _ = server;
/// ```
pub trait Authorizer: Send + Sync + 'static {
    /// Decides on one request.
    fn authorize(&self, attributes: &Attributes) -> Decision;
}

/// What an [`Authorizer`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The request may be carried out; nobody else is asked.
    Allow,
    /// The request is refused with 403 Forbidden for this reason; nobody else is asked.
    Deny(String),
    /// The next one is asked; when nobody is left, the authorization mode decides.
    NoOpinion,
}

/// Who decides when no [`Authorizer`] does: kube-apiserver's `--authorization-mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorizationMode {
    /// Everything is allowed.
    #[default]
    AlwaysAllow,
    /// What roles and bindings say, as they are stored at the moment. The server has the roles that every cluster has.
    Rbac,
}

impl<F> Authorizer for F
where
    F: Fn(&Attributes) -> Decision + Send + Sync + 'static,
{
    fn authorize(&self, attributes: &Attributes) -> Decision {
        self(attributes)
    }
}

/// The authorizers that a builder was given, in order.
#[derive(Clone, Default)]
pub(crate) struct Authorizers(Vec<Arc<dyn Authorizer>>);

impl Authorizers {
    pub(crate) fn push(&mut self, authorizer: impl Authorizer) {
        self.0.push(Arc::new(authorizer));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first opinion.
    pub(crate) fn ask(&self, attributes: &Attributes) -> Decision {
        let opinions = self.0.iter().map(|one| one.authorize(attributes));
        let mut opinions = opinions.filter(|decision| *decision != Decision::NoOpinion);
        opinions.next().unwrap_or(Decision::NoOpinion)
    }
}

impl fmt::Debug for Authorizers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} authorizers", self.0.len())
    }
}

/// The error of an authorization mode that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAuthorizationMode(String);

impl FromStr for AuthorizationMode {
    type Err = UnknownAuthorizationMode;

    /// Reads `AlwaysAllow` or `RBAC`.
    fn from_str(text: &str) -> Result<Self, UnknownAuthorizationMode> {
        match text {
            "AlwaysAllow" => Ok(AuthorizationMode::AlwaysAllow),
            "RBAC" => Ok(AuthorizationMode::Rbac),
            other => Err(UnknownAuthorizationMode(other.to_owned())),
        }
    }
}

impl fmt::Display for UnknownAuthorizationMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the authorization mode {:?} is none of AlwaysAllow, RBAC",
            self.0
        )
    }
}

impl std::error::Error for UnknownAuthorizationMode {}
