//! What is known about the types of fields.

mod built_in;
mod computed;
mod go_type;
mod quantity;
mod settle;
mod unknown;
mod walk;

use crate::object::Types;
pub(crate) use built_in::{Definition, FACTS, Property};
pub(crate) use quantity::thousandths;
pub(crate) use unknown::Member;
pub(crate) use walk::Typed;

/// What is known about the type of a value. Cheap to copy.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Schema {
    /// Nothing.
    #[default]
    Unknown,
    /// An object of the type of this name.
    Kind(&'static str, &'static Definition),
    /// A field of an object, with all that is said about it there.
    Property(&'static Property),
}

/// How a strategic merge patch changes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merge<'a> {
    /// It is replaced.
    Replace,
    /// Fields are merged one by one.
    Fields,
    /// Values are added to the list.
    Values,
    /// Items are merged with those that have the same value in this field.
    ItemsBy(&'a str),
}

impl Schema {
    /// The type of the objects of a built-in resource.
    pub(crate) fn of_built_in(group: &str, version: &str, kind: &str) -> Schema {
        match built_in::kind(group, version, kind) {
            Some((name, definition)) => Schema::Kind(name, definition),
            None => Schema::Unknown,
        }
    }

    /// The type of objects of these types; nothing is known of those that are not built in.
    pub(crate) fn of_types(types: &Types) -> Schema {
        let api_version = types.api_version();
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Schema::of_built_in(group, version, types.kind())
    }

    /// The type of a field, or of a value of a map.
    pub(crate) fn field(self, name: &str) -> Schema {
        let known = match self {
            Schema::Unknown => None,
            Schema::Kind(_, definition) => definition.field(name),
            Schema::Property(property) => property.field(name),
        };
        known.map_or(Schema::Unknown, Schema::Property)
    }

    /// The type of the items of a list.
    pub(crate) fn items(self) -> Schema {
        match self {
            Schema::Property(property) => {
                property.items().map_or(Schema::Unknown, Schema::Property)
            }
            _ => Schema::Unknown,
        }
    }

    /// How a strategic merge patch changes a list of this type.
    pub(crate) fn list_merge(self) -> Merge<'static> {
        match self {
            Schema::Property(property) if property.merges() => match property.merge_key() {
                Some(key) => Merge::ItemsBy(key),
                None => Merge::Values,
            },
            _ => Merge::Replace,
        }
    }

    /// How a strategic merge patch changes an object of this type.
    pub(crate) fn object_merge(self) -> Merge<'static> {
        match self {
            Schema::Property(property) if property.replaces() => Merge::Replace,
            _ => Merge::Fields,
        }
    }
}
