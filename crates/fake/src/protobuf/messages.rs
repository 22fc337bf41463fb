//! The messages of built-in kinds: facts about kube-apiserver 1.36.2, kept in `data/protobuf.json`.
//!
//! A field is written there as `number name type flags`. The name is that of the field in JSON. A type is a scalar, the name of a message
//! or one of the [`Special`] types, with `[]` before it for a list and `map:` for a map with strings as keys. The flags are:
//!
//! * `=` the field is no pointer in Go: it is on the wire even when it is zero;
//! * `!` JSON shows the field when it is empty: as its zero if it is no pointer, else as `null`;
//! * `~` the fields of this message are fields of the message around it in JSON;
//! * `@` the message is only there for this list: JSON has the list in its place;
//! * `^` JSON says kind and version of the values, which are those of the core group; the message cannot.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::special::Special;
use crate::object::Types;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let json = include_str!("../../data/protobuf.json");
    Table::parse(json).expect("the embedded data is checked by a test of this crate")
});

/// Kinds that every group has, though they are of none.
const GROUPLESS: [&str; 12] = [
    "APIGroup",
    "APIGroupList",
    "APIResourceList",
    "APIVersions",
    "CreateOptions",
    "DeleteOptions",
    "GetOptions",
    "ListOptions",
    "PartialObjectMetadata",
    "PatchOptions",
    "Status",
    "UpdateOptions",
];

/// A message.
#[derive(Debug)]
pub(crate) struct Message {
    pub(super) name: &'static str,
    /// In the order of their numbers, which is that of the wire.
    pub(super) fields: Vec<Field>,
    /// Where the fields of the JSON object are: a field of this message or, further down, of messages that are inlined in it.
    names: HashMap<&'static str, Box<[usize]>>,
}

/// A field of a message.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) number: u32,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) shape: Shape,
    /// Whether it is on the wire when it is zero.
    pub(super) written: bool,
    /// Whether JSON has it when it is empty.
    pub(super) shown: bool,
    /// Whether its fields are fields of the message around it in JSON.
    pub(super) inline: bool,
    /// Whether its values say their kind and version in JSON.
    pub(super) typed: bool,
    /// Whether JSON has it in the place of its message.
    transparent: bool,
}

/// How many values a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    One,
    Many,
    /// By strings.
    Map,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    String,
    Bytes,
    Bool,
    Int32,
    Int64,
    Double,
    Message(Reference),
    Special(Special),
}

/// A message that another one refers to. Messages can contain themselves, so it is by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference(usize);

#[derive(Debug)]
struct Table {
    messages: Vec<Message>,
    names: HashMap<&'static str, usize>,
}

/// The message of a kind; `None` for kinds that have none, such as those of custom resources.
pub(crate) fn message(types: &Types) -> Option<&'static Message> {
    let (group, version) = types
        .api_version()
        .rsplit_once('/')
        .unwrap_or(("", types.api_version()));
    let package = match group {
        "" => "core",
        "internal.apiserver.k8s.io" => "apiserverinternal",
        group => group.split('.').next().unwrap_or(group),
    };
    let kind = types.kind();
    named(&format!("{package}.{version}.{kind}")).or_else(|| {
        GROUPLESS
            .contains(&kind)
            .then(|| named(&format!("meta.v1.{kind}")))
            .flatten()
    })
}

/// The message of this name: group without its domain, version and kind.
pub(crate) fn named(name: &str) -> Option<&'static Message> {
    let index = TABLE.names.get(name)?;
    TABLE.messages.get(*index)
}

impl Message {
    /// The field that JSON calls `name`: the way to it through messages that are inlined.
    pub(super) fn way_to(&self, name: &str) -> Option<&[usize]> {
        self.names.get(name).map(|way| &**way)
    }

    /// The field with a number, and its place among the fields.
    pub(super) fn numbered(&self, number: u32) -> Option<(usize, &Field)> {
        let found = self
            .fields
            .binary_search_by_key(&number, |field| field.number);
        found.ok().map(|index| (index, &self.fields[index]))
    }

    /// Kind and version of a message of the core group.
    pub(super) fn core_types(&self) -> Option<(&'static str, &'static str)> {
        let (version, kind) = self.name.strip_prefix("core.")?.split_once('.')?;
        Some((kind, version))
    }

    /// The list that JSON has in the place of this message.
    pub(super) fn transparent(&self) -> Option<&Field> {
        self.fields.first().filter(|field| field.transparent)
    }
}

impl Reference {
    pub(super) fn get(self) -> &'static Message {
        &TABLE.messages[self.0]
    }
}

impl Table {
    fn parse(json: &'static str) -> Option<Table> {
        let data: BTreeMap<&'static str, Vec<&'static str>> = serde_json::from_str(json).ok()?;
        let names: HashMap<_, _> = data
            .keys()
            .enumerate()
            .map(|(at, name)| (*name, at))
            .collect();
        let mut messages = Vec::with_capacity(data.len());
        for (name, fields) in data {
            let fields = fields.into_iter().map(|field| Field::parse(field, &names));
            messages.push(Message {
                name,
                fields: fields.collect::<Option<_>>()?,
                names: HashMap::new(),
            });
        }
        for index in 0..messages.len() {
            let mut found = HashMap::new();
            collect_names(&messages, index, &[], &mut found);
            messages[index].names = found;
        }
        Some(Table { messages, names })
    }
}

/// Finds the names of the JSON fields of a message. What is inlined is not inlined in itself.
fn collect_names(
    messages: &[Message],
    index: usize,
    way: &[usize],
    found: &mut HashMap<&'static str, Box<[usize]>>,
) {
    for (at, field) in messages[index].fields.iter().enumerate() {
        let way: Vec<usize> = way.iter().copied().chain([at]).collect();
        match field.kind {
            Kind::Message(Reference(inner)) if field.inline => {
                collect_names(messages, inner, &way, found);
            }
            _ => {
                found.insert(field.name, way.into());
            }
        }
    }
}

impl Field {
    fn parse(text: &'static str, names: &HashMap<&'static str, usize>) -> Option<Field> {
        let mut parts = text.split(' ');
        let number = parts.next()?.parse().ok()?;
        let name = parts.next()?;
        let kind = parts.next()?;
        let flags = parts.next().unwrap_or("");
        let (shape, kind) = if let Some(kind) = kind.strip_prefix("[]") {
            (Shape::Many, kind)
        } else if let Some(kind) = kind.strip_prefix("map:") {
            (Shape::Map, kind)
        } else {
            (Shape::One, kind)
        };
        Some(Field {
            number,
            name,
            kind: Kind::parse(kind, names)?,
            shape,
            written: flags.contains('='),
            shown: flags.contains('!'),
            inline: flags.contains('~'),
            typed: flags.contains('^'),
            transparent: flags.contains('@'),
        })
    }
}

impl Kind {
    fn parse(text: &str, names: &HashMap<&'static str, usize>) -> Option<Kind> {
        let schema = names.get("apiextensions.v1.JSONSchemaProps").copied();
        let schema = schema.map(Reference);
        Some(match text {
            "string" => Kind::String,
            "bytes" => Kind::Bytes,
            "bool" => Kind::Bool,
            "int32" => Kind::Int32,
            "int64" => Kind::Int64,
            "double" => Kind::Double,
            other => match Special::named(other, schema) {
                Some(special) => Kind::Special(special),
                None => Kind::Message(Reference(*names.get(other)?)),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Registry;

    #[test]
    fn every_kind_that_is_stored_has_a_message_with_metadata_first() {
        for resource in Registry::new().snapshot().stored() {
            let message = message(&resource.types).expect("a message");
            let metadata = &message.fields[0];
            assert_eq!(
                (metadata.number, metadata.name),
                (1, "metadata"),
                "{message:?}"
            );
            if !resource.verbs.iter().any(|verb| verb == "list") {
                continue;
            }
            let list = Types::new(&resource.group, &resource.version, &resource.list_kind);
            let list = super::message(&list).expect("the message of a list");
            assert_eq!((list.fields[1].number, list.fields[1].name), (2, "items"));
        }
    }

    #[test]
    fn fields_are_in_the_order_of_their_numbers() {
        for message in &TABLE.messages {
            assert!(
                message.fields.is_sorted_by(|a, b| a.number < b.number),
                "{}",
                message.name
            );
        }
    }
}
