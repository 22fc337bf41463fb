//! The types of an expression that follow from a schema.

use std::sync::Arc;

use super::names::escape;
use crate::cel::{Fields, Type};
use crate::crd::schema::Structural;

/// The type of what a schema describes; `None` for what expressions do not see.
pub(super) fn of(schema: &Structural, is_resource: bool) -> Option<Type<'_>> {
    if schema.int_or_string {
        return Some(Type::Dyn);
    }
    Some(match schema.kind.as_str() {
        "boolean" => Type::Bool,
        "integer" => Type::Int,
        "number" => Type::Double,
        "string" => match schema.format.as_str() {
            "byte" => Type::Bytes,
            "duration" => Type::Duration,
            "date" | "date-time" => Type::Timestamp,
            _ => Type::Text,
        },
        "array" => {
            let item = schema.item()?;
            Type::list(of(item, item.embeds_resource)?)
        }
        "object" => match schema.value() {
            Some(value) => Type::map(of(value, value.embeds_resource)?),
            None => Type::Object(Arc::new(Object {
                schema,
                is_resource,
            })),
        },
        _ => return None,
    })
}

#[derive(Debug)]
struct Object<'a> {
    schema: &'a Structural,
    /// Whether it has the fields that every resource has.
    is_resource: bool,
}

impl<'a> Fields<'a> for Object<'a> {
    fn field(&self, name: &str) -> Option<Type<'a>> {
        match name {
            "apiVersion" | "kind" if self.is_resource => return Some(Type::Text),
            "metadata" if self.is_resource => return Some(Type::Object(Arc::new(Metadata))),
            _ => {}
        }
        let mut properties = self.schema.properties.iter();
        let (_, property) = properties.find(|(known, _)| escape(known).as_deref() == Some(name))?;
        of(property, property.embeds_resource)
    }
}

/// Of metadata expressions only see names.
#[derive(Debug)]
struct Metadata;

impl<'a> Fields<'a> for Metadata {
    fn field(&self, name: &str) -> Option<Type<'a>> {
        matches!(name, "name" | "generateName").then_some(Type::Text)
    }
}
