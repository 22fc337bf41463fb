//! Going through all objects of known types within a document.

use serde_json::{Map, Value};

use super::Schema;
use super::built_in::{self, Definition, Property};

/// An object of a known type within a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Typed<'a> {
    /// Where it is in the document; empty for the document itself.
    pub(crate) path: &'a str,
    /// The name of its type.
    pub(crate) name: &'static str,
    pub(crate) object: &'a Map<String, Value>,
    definition: &'static Definition,
}

impl Schema {
    /// Visits the document and every object of a known type in it but for the metadata and the status of the document.
    pub(crate) fn walk(self, document: &Map<String, Value>, visit: &mut dyn FnMut(Typed<'_>)) {
        if let Schema::Kind(name, definition) = self {
            visit(Typed {
                path: "",
                name,
                object: document,
                definition,
            });
            let mut path = String::new();
            for (field, value) in document {
                if !matches!(field.as_str(), "metadata" | "status")
                    && let Some(property) = definition.field(field)
                {
                    path.push_str(field);
                    walk(value, property, &mut path, visit);
                    path.clear();
                }
            }
        }
    }
}

impl<'a> Typed<'a> {
    /// Every text whose type says which values it may have: its path, the text and these values.
    pub(crate) fn choices(self) -> impl Iterator<Item = (String, &'a str, &'static [String])> {
        let fields = self.object.iter().filter_map(move |(field, value)| {
            let property = self.definition.field(field)?;
            Some((field, value, property))
        });
        fields.flat_map(move |(field, value, property)| {
            let own = value
                .as_str()
                .map(|text| (self.at(field), text, property.choices.as_slice()));
            let choices = property
                .items()
                .map_or(&[][..], |items| items.choices.as_slice());
            let items = value.as_array().into_iter().flatten().enumerate();
            let items = items.filter_map(move |(index, item)| {
                Some((
                    self.at(&format!("{field}[{index}]")),
                    item.as_str()?,
                    choices,
                ))
            });
            own.into_iter()
                .chain(items)
                .filter(|(_, _, choices)| !choices.is_empty())
        })
    }

    /// The path of a field.
    pub(crate) fn at(self, field: &str) -> String {
        match self.path {
            "" => field.to_owned(),
            path => format!("{path}.{field}"),
        }
    }
}

fn walk(
    value: &Value,
    property: &'static Property,
    path: &mut String,
    visit: &mut dyn FnMut(Typed<'_>),
) {
    let end = path.len();
    match value {
        Value::Array(items) => {
            let Some(property) = property.items() else {
                return;
            };
            for (index, item) in items.iter().enumerate() {
                path.push_str(&format!("[{index}]"));
                walk(item, property, path, visit);
                path.truncate(end);
            }
        }
        Value::Object(object) => {
            let defined = property
                .reference
                .as_deref()
                .and_then(built_in::named_whole);
            if let Some((name, definition)) = defined {
                visit(Typed {
                    path,
                    name,
                    object,
                    definition,
                });
            }
            for (field, value) in object {
                let Some(below) = property.field(field) else {
                    continue;
                };
                match defined {
                    Some(_) => path.push_str(&format!(".{field}")),
                    None => path.push_str(&format!("[{field}]")),
                }
                walk(value, below, path, visit);
                path.truncate(end);
            }
        }
        _ => {}
    }
}
