//! From a message to the document that its JSON would be.

mod slots;

use serde_json::{Map, Value};

use self::slots::{Slot, Slots};
use super::messages::{Field, Kind, Message};
use super::problem::{Problem, ProblemKind};
use super::special::base64_encoded;
use super::wire::Reader;
use crate::request::Document;

/// How deep messages may be nested. JSON is not read deeper than 128.
const DEEPEST: usize = 100;

/// How many values a message may become. An empty message is two bytes on the wire but much in memory.
const MOST: usize = 1_000_000;

/// Decodes a message. Fields that are not known are left out.
///
/// # Errors
///
/// What is no message, or not this one.
pub(crate) fn decode(bytes: &[u8], message: &'static Message) -> Result<Document, Problem> {
    let mut document = Map::new();
    Decoder { left: MOST }.fields(bytes, message, DEEPEST, &mut document)?;
    Ok(document)
}

/// Decodes messages within bounds.
#[derive(Debug)]
pub(super) struct Decoder {
    /// How many values there may still be.
    left: usize,
}

impl Decoder {
    /// Decodes a message to its JSON.
    pub(super) fn message(
        &mut self,
        bytes: &[u8],
        message: &'static Message,
        depth: usize,
    ) -> Result<Value, Problem> {
        if let Some(field) = message.transparent() {
            let mut slots = Slots::read(Reader::new(bytes), message, self, depth)?;
            return match slots.take(0) {
                Slot::Many(values) => Ok(values.into()),
                _ if field.shown => Ok(Value::Null),
                _ => Ok(Value::Array(Vec::new())),
            };
        }
        let mut object = Map::new();
        self.fields(bytes, message, depth, &mut object)?;
        Ok(object.into())
    }

    /// Adds the fields of a message to an object.
    fn fields(
        &mut self,
        bytes: &[u8],
        message: &'static Message,
        depth: usize,
        object: &mut Map<String, Value>,
    ) -> Result<(), Problem> {
        let depth = depth.checked_sub(1).ok_or(ProblemKind::TooDeep)?;
        let mut slots = Slots::read(Reader::new(bytes), message, self, depth)?;
        for (at, field) in message.fields.iter().enumerate() {
            let slot = slots.take(at);
            match field.kind {
                Kind::Message(inner) if field.inline => {
                    self.fields(&slot.bytes(), inner.get(), depth, object)
                }
                _ => self.field(slot, field, depth, object),
            }
            .map_err(|problem| problem.within(field.name))?;
        }
        Ok(())
    }

    fn field(
        &mut self,
        slot: Slot<'_>,
        field: &'static Field,
        depth: usize,
        object: &mut Map<String, Value>,
    ) -> Result<(), Problem> {
        let value = match slot {
            Slot::Absent if field.written => self.zero(field.kind, depth)?,
            Slot::Absent => Value::Null,
            Slot::Value(value) => value,
            Slot::Bytes(bytes) => self.nested(&bytes, field.kind, depth)?,
            Slot::Many(mut values) => {
                if field.typed {
                    values
                        .iter_mut()
                        .for_each(|value| say_types(value, field.kind));
                }
                values.into()
            }
            Slot::Map(values) => values.into(),
        };
        let empty = match &value {
            Value::Null => true,
            // A value of a pointer is there because it was set.
            _ if !field.written => false,
            Value::Bool(value) => !value,
            Value::Number(value) => value.as_f64() == Some(0.0),
            Value::String(value) => value.is_empty(),
            Value::Array(_) | Value::Object(_) => false,
        };
        if field.shown || !empty {
            self.count()?;
            object.insert(field.name.to_owned(), value);
        }
        Ok(())
    }

    /// The value of a field that nobody has set.
    fn zero(&mut self, kind: Kind, depth: usize) -> Result<Value, Problem> {
        Ok(match kind {
            Kind::String | Kind::Bytes => "".into(),
            Kind::Bool => false.into(),
            Kind::Int32 | Kind::Int64 | Kind::Double => 0.into(),
            Kind::Message(_) | Kind::Special(_) => self.nested(b"", kind, depth)?,
        })
    }

    /// The value of bytes.
    fn nested(&mut self, bytes: &[u8], kind: Kind, depth: usize) -> Result<Value, Problem> {
        match kind {
            Kind::Message(message) => self.message(bytes, message.get(), depth),
            Kind::Special(special) => special.decode(bytes, self, depth),
            Kind::Bytes => Ok(base64_encoded(bytes).into()),
            _ => Ok(String::from_utf8_lossy(bytes).into()),
        }
    }

    fn count(&mut self) -> Result<(), ProblemKind> {
        self.left = self.left.checked_sub(1).ok_or(ProblemKind::TooMany)?;
        Ok(())
    }
}

/// Adds kind and version to the JSON of a message.
fn say_types(value: &mut Value, kind: Kind) {
    if let (Value::Object(object), Kind::Message(message)) = (value, kind)
        && let Some((kind, version)) = message.get().core_types()
    {
        object.insert("kind".to_owned(), kind.into());
        object.insert("apiVersion".to_owned(), version.into());
    }
}
