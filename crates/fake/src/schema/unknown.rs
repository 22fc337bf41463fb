//! Fields that a type does not have.

use serde_json::{Map, Value};

use super::{Schema, built_in};

/// What is known about a field of an object, or an item of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Member {
    Known(Schema),
    /// The type does not have it.
    Unknown,
}

impl Member {
    pub(crate) fn field(self, name: &str) -> Member {
        match self {
            Member::Known(schema) => schema.member(name),
            Member::Unknown => Member::Unknown,
        }
    }

    pub(crate) fn items(self) -> Member {
        match self {
            Member::Known(schema) => Member::Known(schema.items()),
            Member::Unknown => Member::Unknown,
        }
    }
}

impl Schema {
    /// What is known about a field of this name. Types of which nothing is said may have any.
    pub(crate) fn member(self, name: &str) -> Member {
        let definition = match self {
            Schema::Unknown => None,
            Schema::Kind(_, definition) => Some(definition),
            Schema::Property(property) => property.reference.as_deref().and_then(built_in::named),
        };
        match definition {
            Some(definition)
                if !definition.properties.is_empty() && definition.field(name).is_none() =>
            {
                Member::Unknown
            }
            _ => Member::Known(self.field(name)),
        }
    }

    /// Takes out of an object what its type does not have, and gives the paths of that.
    pub(crate) fn drop_unknown(self, document: &mut Map<String, Value>) -> Vec<String> {
        let mut unknown = Vec::new();
        drop_of_object(document, self, "", &mut unknown);
        unknown
    }
}

fn drop_of_object(
    object: &mut Map<String, Value>,
    schema: Schema,
    path: &str,
    unknown: &mut Vec<String>,
) {
    object.retain(|name, value| {
        let path = match path {
            "" => name.clone(),
            path => format!("{path}.{name}"),
        };
        match schema.member(name) {
            Member::Known(schema) => drop_of_value(value, schema, &path, unknown),
            Member::Unknown => {
                unknown.push(path);
                return false;
            }
        }
        true
    });
}

fn drop_of_value(value: &mut Value, schema: Schema, path: &str, unknown: &mut Vec<String>) {
    match value {
        // Of what nothing is known, nothing below is known either.
        _ if matches!(schema, Schema::Unknown) => {}
        Value::Object(object) => drop_of_object(object, schema, path, unknown),
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                let path = format!("{path}[{index}]");
                drop_of_value(item, schema.items(), &path, unknown);
            }
        }
        _ => {}
    }
}
