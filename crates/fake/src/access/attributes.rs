//! What a request asks for, as authorization sees it.

use std::sync::Arc;

use http::Method;
use kubekit_core::{FieldOperator, FieldSelector};

use super::user::User;
use crate::http::{ApiPath, Query, ResourcePath};

/// Who wants to do what. Matches `authorizer.Attributes` of the API server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attributes {
    /// Who asks.
    pub user: Arc<User>,
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, or a special verb such as `impersonate`. For a
    /// path outside of the resources it is the method of the request in lower case.
    pub verb: String,
    /// What it is asked for.
    pub target: Target,
}

/// What a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A resource, whether or not it exists.
    Resource(ResourceTarget),
    /// A path that leads to no resource, such as `/healthz`.
    Path(String),
}

/// A resource, an object or a subresource. What does not apply is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceTarget {
    /// Empty for the core group.
    pub group: String,
    /// The version in the path.
    pub version: String,
    /// The plural name.
    pub resource: String,
    /// `status`, `scale`.
    pub subresource: String,
    /// Empty for resources of the cluster, and for all namespaces.
    pub namespace: String,
    /// Empty for a collection and for an object that is to be created.
    pub name: String,
}

impl Attributes {
    /// What a request asks for.
    pub(crate) fn of(
        user: &Arc<User>,
        method: &Method,
        path: &ApiPath,
        raw: &str,
        query: &Query,
    ) -> Self {
        match path {
            ApiPath::Resource(path) => Self::of_resource(user, method, path, query),
            _ => Self {
                user: Arc::clone(user),
                verb: method.as_str().to_ascii_lowercase(),
                target: Target::Path(decoded(raw)),
            },
        }
    }

    pub(crate) fn on(user: &Arc<User>, verb: impl Into<String>, target: ResourceTarget) -> Self {
        Self {
            user: Arc::clone(user),
            verb: verb.into(),
            target: Target::Resource(target),
        }
    }

    fn of_resource(user: &Arc<User>, method: &Method, path: &ResourcePath, query: &Query) -> Self {
        let mut name = path.name.clone().unwrap_or_default();
        let verb = verb(method, path, query);
        if name.is_empty() && matches!(verb, "list" | "watch" | "deletecollection") {
            name = selected_name(query);
        }
        let is_namespace = path.plural == "namespaces" && path.group.is_empty();
        let subresource = path.subresource.as_deref().unwrap_or_default();
        let target = ResourceTarget {
            group: path.group.clone(),
            version: path.version.clone(),
            resource: path.plural.clone(),
            subresource: subresource.split('/').next().unwrap_or_default().to_owned(),
            // A namespace is in itself, so that its own roles can grant access to it.
            namespace: match &path.namespace {
                None if is_namespace => path.name.clone().unwrap_or_default(),
                namespace => namespace.clone().unwrap_or_default(),
            },
            name,
        };
        Self::on(user, verb, target)
    }
}

impl ResourceTarget {
    /// A resource of a group.
    pub fn new(group: impl Into<String>, resource: impl Into<String>) -> Self {
        Self {
            group: group.into(),
            resource: resource.into(),
            ..Self::default()
        }
    }

    /// An object of this name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// In this namespace.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// Its subresource.
    pub fn subresource(mut self, subresource: impl Into<String>) -> Self {
        self.subresource = subresource.into();
        self
    }

    /// `deployments` or `deployments/status`, as rules and messages name it.
    pub(crate) fn combined(&self) -> String {
        match self.subresource.as_str() {
            "" => self.resource.clone(),
            subresource => format!("{}/{subresource}", self.resource),
        }
    }
}

fn verb(method: &Method, path: &ResourcePath, query: &Query) -> &'static str {
    let one = path.name.is_some();
    let watches = path.watch || (!one && query.flag("watch") == Some(true));
    match *method {
        Method::GET | Method::HEAD if watches => "watch",
        Method::GET | Method::HEAD if one => "get",
        Method::GET | Method::HEAD => "list",
        Method::POST => "create",
        Method::PUT => "update",
        Method::PATCH => "patch",
        Method::DELETE if one => "delete",
        Method::DELETE => "deletecollection",
        _ => "",
    }
}

/// A collection of which only one name is selected is as good as that object: rules for single names apply.
fn selected_name(query: &Query) -> String {
    let Ok(selector) = query.text("fieldSelector").parse::<FieldSelector>() else {
        return String::new();
    };
    let wanted = selector.requirements().iter().find(|requirement| {
        requirement.field == "metadata.name" && requirement.operator == FieldOperator::Equals
    });
    wanted.map_or_else(String::new, |requirement| requirement.value.clone())
}

fn decoded(path: &str) -> String {
    percent_encoding::percent_decode_str(path)
        .decode_utf8_lossy()
        .into_owned()
}
