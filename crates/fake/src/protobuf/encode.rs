//! From JSON to a message.
//!
//! The text is read once, without building a document. Go writes fields in the order of their numbers and JSON has them in another, so
//! the fields of a message are appended as they come, then once more in order, and the first lot is taken out again.
//!
//! The format leaves a writer some choices, and this one does as Go does in Kubernetes: fields that are no pointers are written even when
//! they are zero, empty lists and maps are not, entries of maps are in the order of their keys, and lists of numbers are not packed.

mod list;
mod map;
mod value;
mod zero;

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use self::list::ListSeed;
use self::map::MapSeed;
use self::value::ValueSeed;
use self::zero::{nested, put_zero};
use super::messages::{Field, Kind, Message, Shape};

pub(super) use self::list::ItemSeed;

/// Appends the message that `json` says. Fields that the message does not have are left out.
///
/// # Errors
///
/// What is no JSON or has a value of another type than the field.
pub(crate) fn encode(
    json: &[u8],
    message: &'static Message,
    out: &mut Vec<u8>,
) -> Result<(), serde_json::Error> {
    let mut text = serde_json::Deserializer::from_slice(json);
    let seed = MessageSeed { message, out };
    seed.deserialize(&mut text)?;
    text.end()
}

/// Reads an object and appends the fields of its message.
struct MessageSeed<'a> {
    message: &'static Message,
    out: &'a mut Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for MessageSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, text: D) -> Result<(), D::Error> {
        text.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for MessageSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object ({})", self.message.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        put_fields(map, self.message, self.out)
    }
}

/// Reads the members of an object and appends the fields of its message.
pub(super) fn put_fields<'de, A: MapAccess<'de>>(
    mut map: A,
    message: &'static Message,
    out: &mut Vec<u8>,
) -> Result<(), A::Error> {
    let start = out.len();
    let mut found = Found::new(message);
    while let Some(way) = map.next_key_seed(WaySeed(message))? {
        let Some((field, place)) = way.and_then(|way| found.place(way)) else {
            map.next_value::<IgnoredAny>()?;
            continue;
        };
        let from = out.len();
        let seed = FieldSeed { field, out };
        map.next_value_seed(seed)
            .map_err(|error| A::Error::custom(format_args!("{}: {error}", field.name)))?;
        *place = from..out.len();
    }
    let end = out.len();
    found.write(out);
    out.drain(start..end);
    Ok(())
}

/// Where the fields of a message have been appended.
struct Found {
    message: &'static Message,
    /// By the place of the field in the message; empty for what is not there.
    fields: Vec<Range<usize>>,
    /// The same of the messages that are inlined in this one.
    inlined: Vec<(usize, Found)>,
}

impl Found {
    fn new(message: &'static Message) -> Found {
        let inlined =
            message
                .fields
                .iter()
                .enumerate()
                .filter_map(|(at, field)| match field.kind {
                    Kind::Message(inner) if field.inline => Some((at, Found::new(inner.get()))),
                    _ => None,
                });
        Found {
            message,
            fields: vec![0..0; message.fields.len()],
            inlined: inlined.collect(),
        }
    }

    /// The field at the end of a way, and where to note its range.
    fn place(&mut self, way: &[usize]) -> Option<(&'static Field, &mut Range<usize>)> {
        let (at, rest) = way.split_first()?;
        if rest.is_empty() {
            return Some((self.message.fields.get(*at)?, self.fields.get_mut(*at)?));
        }
        let (_, inner) = self.inlined.iter_mut().find(|(place, _)| place == at)?;
        inner.place(rest)
    }

    /// Appends the fields in order.
    fn write(&self, out: &mut Vec<u8>) {
        for (at, field) in self.message.fields.iter().enumerate() {
            let range = self.fields[at].clone();
            if let Some((_, inner)) = self.inlined.iter().find(|(place, _)| *place == at) {
                nested(field.number, out, |out| inner.write(out));
            } else if !range.is_empty() {
                out.extend_from_within(range);
            } else if field.written {
                put_zero(field.number, field.kind, out);
            }
        }
    }
}

/// Reads the name of a member.
struct WaySeed(&'static Message);

impl<'de> DeserializeSeed<'de> for WaySeed {
    type Value = Option<&'static [usize]>;

    fn deserialize<D: Deserializer<'de>>(self, text: D) -> Result<Self::Value, D::Error> {
        text.deserialize_str(self)
    }
}

impl Visitor<'_> for WaySeed {
    type Value = Option<&'static [usize]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.way_to(name))
    }
}

/// Reads the value of a member and appends it with its key. Appends nothing for `null`.
struct FieldSeed<'a> {
    field: &'static Field,
    out: &'a mut Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for FieldSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, text: D) -> Result<(), D::Error> {
        let FieldSeed { field, out } = self;
        match field.shape {
            Shape::One => ValueSeed::new(field.number, field.kind, out).deserialize(text),
            Shape::Many => text.deserialize_any(ListSeed { field, out }),
            Shape::Map => text.deserialize_any(MapSeed { field, out }),
        }
    }
}
