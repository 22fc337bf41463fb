//! Which resource and which verb a request is for.

use std::sync::Arc;

use http::Method;

use super::path::ResourcePath;
use super::query::Query;
use crate::failure::{self, Failure};
use crate::faults::{Disconnected, Mishap};
use crate::object::Types;
use crate::registry::{Catalog, Resource};

/// Why a request does not get to a verb.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// With an account that clients can read.
    Status(Failure),
    /// With `404 page not found` as plain text, as the API server answers outside of everything it serves.
    Page,
    /// Not at all.
    Disconnected(Disconnected),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Status(failure)
    }
}

impl From<Mishap> for Refusal {
    fn from(mishap: Mishap) -> Self {
        match mishap {
            Mishap::Refused(failure) => Self::Status(failure),
            Mishap::Disconnected(cut) => Self::Disconnected(cut),
        }
    }
}

impl From<Disconnected> for Refusal {
    fn from(cut: Disconnected) -> Self {
        Self::Disconnected(cut)
    }
}

/// What a request is for.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) resource: Arc<Resource>,
    pub(crate) subresource: Option<String>,
    pub(crate) namespace: Option<String>,
    /// Empty where the verb works on a collection.
    pub(crate) name: String,
    pub(crate) verb: Verb,
    /// The types that the body of a create or an update has.
    pub(crate) types: Types,
}

/// What a request does, as authorization and discovery name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verb {
    /// POST of an object.
    Create,
    /// GET of an object.
    Get,
    /// GET of a collection.
    List,
    /// GET of the changes of a collection, or of an object.
    Watch,
    /// PUT of an object.
    Update,
    /// PATCH of an object.
    Patch,
    /// DELETE of an object.
    Delete,
    /// DELETE of a collection.
    DeleteCollection,
}

impl Verb {
    /// Returns the verb as access rules have it, such as `deletecollection`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
            Self::List => "list",
            Self::Watch => "watch",
            Self::Update => "update",
            Self::Patch => "patch",
            Self::Delete => "delete",
            Self::DeleteCollection => "deletecollection",
        }
    }

    fn of(method: &Method, path: &ResourcePath, query: &Query) -> Option<Self> {
        let one = path.name.is_some();
        let created_below = path.subresource.is_some();
        let watches = path.watch || (!one && query.flag("watch") == Some(true));
        Some(match *method {
            Method::GET if watches => Self::Watch,
            _ if path.watch => return None,
            Method::GET if one => Self::Get,
            Method::GET => Self::List,
            Method::POST if !one || created_below => Self::Create,
            Method::PUT if one => Self::Update,
            Method::PATCH if one => Self::Patch,
            Method::DELETE if one => Self::Delete,
            Method::DELETE => Self::DeleteCollection,
            _ => return None,
        })
    }
}

impl Target {
    /// Finds what a request is for.
    ///
    /// # Errors
    ///
    /// 404 for what is not served, as a page outside of built-in groups and as a status inside; 405 for verbs that what is
    /// served does not have.
    pub(crate) fn find(
        catalog: &Catalog,
        path: ResourcePath,
        method: &Method,
        query: &Query,
    ) -> Result<Self, Refusal> {
        let group = catalog.group(&path.group).ok_or(Refusal::Page)?;
        let missing = || match group.built_in {
            true => failure::resource_not_found().into(),
            false => Refusal::Page,
        };
        let version = group.version(&path.version).ok_or_else(missing)?;
        let resource = version.resource(&path.plural).ok_or_else(missing)?;
        let verb = Verb::of(method, &path, query);
        check_scope(resource, &path, verb, missing)?;
        let types = check_verb(resource, &path, verb)?;
        Ok(Self {
            resource: Arc::clone(resource),
            subresource: path.subresource,
            namespace: path.namespace,
            name: path.name.unwrap_or_default(),
            verb: verb.ok_or_else(failure::method_not_allowed)?,
            types,
        })
    }
}

/// A namespaced resource can be listed and watched across namespaces; all else needs one. Others cannot have one.
fn check_scope(
    resource: &Resource,
    path: &ResourcePath,
    verb: Option<Verb>,
    missing: impl Fn() -> Refusal,
) -> Result<(), Refusal> {
    if resource.is_namespaced() == path.namespace.is_some() {
        return Ok(());
    }
    let across = path.name.is_none() && resource.is_namespaced();
    match verb {
        Some(Verb::List | Verb::Watch) if across => Ok(()),
        _ if across && !resource.is_custom() => Err(failure::method_not_allowed().into()),
        _ => Err(missing()),
    }
}

/// Checks that the resource or its subresource has the verb, and says what its bodies are.
fn check_verb(
    resource: &Resource,
    path: &ResourcePath,
    verb: Option<Verb>,
) -> Result<Types, Refusal> {
    let Some(subresource) = &path.subresource else {
        return match verb {
            Some(verb) if resource.verbs.iter().any(|known| known == verb.as_str()) => {
                Ok(resource.types.clone())
            }
            _ => Err(failure::method_not_allowed().into()),
        };
    };
    // Only a proxy has something behind it.
    let (name, below) = subresource.split_once('/').unwrap_or((subresource, ""));
    let known = resource
        .subresource(name)
        .filter(|_| below.is_empty() || name == "proxy")
        .ok_or_else(failure::resource_not_found)?;
    let verb = verb.ok_or_else(failure::method_not_allowed)?;
    if !known.verbs.iter().any(|known| known == verb.as_str()) {
        return Err(failure::method_not_allowed().into());
    }
    Ok(match known.version.as_str() {
        "" => Types::new(&resource.group, &resource.version, &known.kind),
        version => Types::new(&known.group, version, &known.kind),
    })
}
