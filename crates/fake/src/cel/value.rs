//! Values.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

/// A value. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Double(f64),
    Text(Arc<str>),
    Bytes(Arc<[u8]>),
    List(Arc<Items>),
    Map(Arc<BTreeMap<Key, Value>>),
    Timestamp(Timestamp),
    Duration(SignedDuration),
    Optional(Option<Arc<Value>>),
    /// A type, by its name.
    Type(&'static str),
}

/// The key of a map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Bool(bool),
    Int(i64),
    UInt(u64),
    Text(Arc<str>),
}

/// The items of a list, and what makes two lists equal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Items {
    pub(crate) items: Vec<Value>,
    pub(crate) kind: ItemsKind,
}

/// What makes two lists equal.
#[derive(Clone, Debug, Default)]
pub(crate) enum ItemsKind {
    /// Equal items in the same order.
    #[default]
    Ordered,
    /// Equal items in any order.
    Set,
    /// The same keys with equal items, in any order.
    Map(Arc<[String]>),
}

impl Value {
    pub(crate) fn text(text: impl AsRef<str>) -> Value {
        Value::Text(text.as_ref().into())
    }

    pub(crate) fn list(items: Vec<Value>) -> Value {
        let kind = ItemsKind::Ordered;
        Value::List(Arc::new(Items { items, kind }))
    }

    pub(super) fn optional(value: Option<Value>) -> Value {
        Value::Optional(value.map(Arc::new))
    }

    /// The name of the type.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null_type",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::UInt(_) => "uint",
            Value::Double(_) => "double",
            Value::Text(_) => "string",
            Value::Bytes(_) => "bytes",
            Value::List(_) => "list",
            Value::Map(_) => "map",
            Value::Timestamp(_) => "google.protobuf.Timestamp",
            Value::Duration(_) => "google.protobuf.Duration",
            Value::Optional(_) => "optional_type",
            Value::Type(_) => "type",
        }
    }

    /// As the key of a map; numbers without a fraction are the same whatever their type.
    pub(super) fn key(&self) -> Option<Key> {
        Some(match self {
            Value::Bool(value) => Key::Bool(*value),
            Value::Int(value) => Key::Int(*value),
            Value::UInt(value) => i64::try_from(*value).map_or(Key::UInt(*value), Key::Int),
            #[allow(
                clippy::cast_possible_truncation,
                reason = "only what is not truncated counts"
            )]
            Value::Double(value) if value.fract() == 0.0 && value.abs() < 9e15 => {
                Key::Int(*value as i64)
            }
            Value::Text(value) => Key::Text(Arc::clone(value)),
            _ => return None,
        })
    }

    /// How much there is to compare or to search, about.
    pub(super) fn size(&self) -> usize {
        match self {
            Value::Text(text) => text.len() / 8,
            Value::Bytes(bytes) => bytes.len() / 8,
            Value::List(list) => list.items.len(),
            Value::Map(map) => map.len(),
            _ => 0,
        }
    }
}

impl From<Key> for Value {
    fn from(key: Key) -> Value {
        match key {
            Key::Bool(value) => Value::Bool(value),
            Key::Int(value) => Value::Int(value),
            Key::UInt(value) => Value::UInt(value),
            Key::Text(value) => Value::Text(value),
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Bytes(a), Value::Bytes(b)) => a == b,
            (Value::List(a), Value::List(b)) => a == b,
            (Value::Map(a), Value::Map(b)) => a == b,
            (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
            (Value::Duration(a), Value::Duration(b)) => a == b,
            (Value::Optional(a), Value::Optional(b)) => a == b,
            (Value::Type(a), Value::Type(b)) => a == b,
            (a, b) => super::operators::compare_numbers(a, b).is_some_and(|order| order.is_eq()),
        }
    }
}

impl PartialEq for Items {
    fn eq(&self, other: &Items) -> bool {
        if self.items.len() != other.items.len() {
            return false;
        }
        match (&self.kind, &other.kind) {
            (ItemsKind::Ordered, _) => self.items == other.items,
            (ItemsKind::Set, _) => self.items.iter().all(|item| other.items.contains(item)),
            (ItemsKind::Map(keys), _) => self
                .items
                .iter()
                .all(|item| other.with_keys_of(item, keys) == Some(item)),
        }
    }
}

impl Items {
    /// The item that has the same keys.
    pub(super) fn with_keys_of(&self, item: &Value, keys: &[String]) -> Option<&Value> {
        let mut items = self.items.iter();
        items.find(|other| keys.iter().all(|key| field(other, key) == field(item, key)))
    }
}

fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Map(map) => map.get(&Key::Text(name.into())),
        _ => None,
    }
}
