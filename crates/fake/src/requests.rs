//! Which requests are meant.

use crate::action::Action;
use crate::http::Verb;

/// Says which requests a [reactor](crate::ApiServer::react) or a [fault](crate::ApiServer::inject) is for.
///
/// It begins with all of them; each method leaves fewer.
///
/// # Examples
///
/// ```
/// use kubekit_fake::{Requests, Verb};
///
/// let renewals = Requests::all().verb(Verb::Update).resource("leases.coordination.k8s.io").name("leader");
/// let status_writes = Requests::all().resource("deployments/status");
/// let discovery = Requests::all().path("/apis");
/// # let _ = (renewals, status_writes, discovery);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Requests {
    verb: Option<Verb>,
    resource: Option<ResourceName>,
    namespace: Option<String>,
    name: Option<String>,
    user_agent: Option<String>,
    path: Option<String>,
}

#[derive(Clone, Debug)]
struct ResourceName {
    plural: String,
    group: Option<String>,
    subresource: String,
}

impl Requests {
    /// All requests to anything that is served, discovery and health included.
    pub fn all() -> Requests {
        Requests::default()
    }

    /// Only requests with this verb.
    pub fn verb(mut self, verb: Verb) -> Self {
        self.verb = Some(verb);
        self
    }

    /// Only requests to this resource: `pods`, `deployments.apps`, or a subresource such as `pods/eviction`.
    ///
    /// Without a group, as in `deployments`, the resource may be in any. A resource is meant without its subresources.
    pub fn resource(mut self, resource: &str) -> Self {
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        let (plural, group) = match resource.split_once('.') {
            Some((plural, group)) => (plural, Some(group.to_owned())),
            None => (resource, None),
        };
        self.resource = Some(ResourceName {
            plural: plural.to_owned(),
            group,
            subresource: subresource.to_owned(),
        });
        self
    }

    /// Only requests in this namespace; not those across all namespaces.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// Only requests whose path names this object. Creations do not: the name is in the body.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Only requests of clients whose `User-Agent` begins with this.
    pub fn user_agent(mut self, prefix: impl Into<String>) -> Self {
        self.user_agent = Some(prefix.into());
        self
    }

    /// Only requests whose path begins with this, as it was sent.
    pub fn path(mut self, prefix: impl Into<String>) -> Self {
        self.path = Some(prefix.into());
        self
    }

    /// Whether a request is one of these.
    pub fn contain(&self, action: &Action) -> bool {
        let is =
            |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        let begins = |prefix: &Option<String>, is: &str| {
            prefix
                .as_deref()
                .is_none_or(|prefix| is.starts_with(prefix))
        };
        self.verb.is_none_or(|verb| verb == action.verb)
            && self
                .resource
                .as_ref()
                .is_none_or(|resource| resource.is_of(action))
            && is(&self.namespace, &action.namespace)
            && is(&self.name, &action.name)
            && begins(&self.user_agent, &action.user_agent)
            && begins(&self.path, &action.path)
    }
}

impl ResourceName {
    fn is_of(&self, action: &Action) -> bool {
        self.plural == action.resource
            && self.subresource == action.subresource
            && self
                .group
                .as_ref()
                .is_none_or(|group| *group == action.group)
    }
}
