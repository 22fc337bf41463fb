//! The types of a kind in all its versions.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::shape::{self, Type};
use crate::crd::ServedVersion;
use crate::registry::{Catalog, Resource};

/// The types of the objects of one kind, by `apiVersion`.
#[derive(Debug)]
pub(crate) struct Schemas {
    /// The version that a request is in.
    own: String,
    origin: Origin,
}

#[derive(Debug)]
enum Origin {
    BuiltIn { kind: String },
    Custom(Vec<(String, Arc<ServedVersion>)>),
}

impl Schemas {
    /// The types of a resource's objects.
    pub(crate) fn of(resource: &Resource, catalog: &Catalog) -> Schemas {
        let origin = match resource.custom() {
            None => Origin::BuiltIn {
                kind: resource.kind.clone(),
            },
            Some(own) => {
                let own = (resource.types.api_version().to_owned(), Arc::clone(own));
                let versions = catalog.group(&resource.group).into_iter();
                let others = versions
                    .flat_map(|group| &group.versions)
                    .filter_map(|version| {
                        let other = version.resource(&resource.plural)?;
                        let served = Arc::clone(other.custom()?);
                        Some((other.types.api_version().to_owned(), served))
                    });
                Origin::Custom(std::iter::once(own).chain(others).collect())
            }
        };
        Schemas {
            own: resource.types.api_version().to_owned(),
            origin,
        }
    }

    /// The type of a built-in kind.
    pub(crate) fn built_in(api_version: &str, kind: &str) -> Schemas {
        Schemas {
            own: api_version.to_owned(),
            origin: Origin::BuiltIn {
                kind: kind.to_owned(),
            },
        }
    }

    /// The version that a request is in.
    pub(super) fn api_version(&self) -> &str {
        &self.own
    }

    /// The type in a version; none if there is no such version.
    pub(super) fn get(&self, api_version: &str) -> Option<Type<'_>> {
        match &self.origin {
            Origin::BuiltIn { kind } => {
                let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
                shape::built_in(group, version, kind)
            }
            Origin::Custom(versions) => {
                let (_, served) = versions.iter().find(|(known, _)| known == api_version)?;
                Some(served.shapes.get())
            }
        }
    }

    /// Whether the types may change while there are objects of them.
    pub(super) fn may_change(&self) -> bool {
        matches!(self.origin, Origin::Custom(_))
    }

    /// What an object is before anything has been written: built-in ones have all that is never left out.
    ///
    /// A null in a built-in object stands for such a field, too, so those of `new` count as being there.
    pub(super) fn empty(&self, new: &Value) -> Value {
        match (&self.origin, self.get(&self.own)) {
            (Origin::BuiltIn { .. }, Some(shape)) => empty(shape, new),
            _ => Value::Object(Map::new()),
        }
    }
}

fn empty(shape: Type<'_>, new: &Value) -> Value {
    let nulls = new.as_object().into_iter().flatten();
    let nulls = nulls.filter(|(_, value)| value.is_null());
    let mut members: Map<String, Value> =
        nulls.map(|(name, _)| (name.clone(), Value::Null)).collect();
    let fields = shape.map().into_iter();
    for (name, shape, default) in fields.flat_map(|fields| fields.always_there()) {
        let is_struct = default.as_object().is_some_and(Map::is_empty);
        let value = if is_struct {
            empty(shape, new.get(name).unwrap_or(&Value::Null))
        } else {
            default.clone()
        };
        members.insert(name.to_owned(), value);
    }
    Value::Object(members)
}
