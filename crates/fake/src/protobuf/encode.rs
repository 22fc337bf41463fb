//! From JSON to a message.
//!
//! The text is read once, without building a document. Go writes fields in the order of their numbers and JSON has them in another, so
//! the fields of a message are appended as they come, then once more in order, and the first lot is taken out again.
//!
//! The format leaves a writer some choices, and this one does as Go does in Kubernetes: fields that are no pointers are written even when
//! they are zero, empty lists and maps are not, entries of maps are in the order of their keys, and lists of numbers are not packed.

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};

use super::messages::{Field, Kind, Message, Shape};
use super::special::Special;
use super::wire::{put_double, put_nested, put_number, put_text};

mod list;
mod map;

use list::ListSeed;
use map::MapSeed;

pub(super) use list::ItemSeed;

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

/// Appends a value field that is zero, as Go writes one that nobody has set.
fn put_zero(number: u32, kind: Kind, out: &mut Vec<u8>) {
    match kind {
        Kind::String | Kind::Bytes => put_text(number, "", out),
        Kind::Bool | Kind::Int32 | Kind::Int64 => put_number(number, 0, out),
        Kind::Double => put_double(number, 0.0, out),
        Kind::Message(message) => nested(number, out, |out| put_zero_fields(message.get(), out)),
        Kind::Special(special) => nested(number, out, |out| special.put_zero(out)),
    }
}

/// Appends the fields of a message that nobody has set.
fn put_zero_fields(message: &Message, out: &mut Vec<u8>) {
    for field in message.fields.iter().filter(|field| field.written) {
        put_zero(field.number, field.kind, out);
    }
}

/// [`put_nested`] for what cannot fail.
fn nested(number: u32, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let written: Result<(), std::convert::Infallible> = put_nested(number, out, |out| {
        write(out);
        Ok(())
    });
    let Ok(()) = written;
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
            map.next_value::<serde::de::IgnoredAny>()?;
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

/// Reads one value and appends it with its key.
struct ValueSeed<'a> {
    number: u32,
    kind: Kind,
    out: &'a mut Vec<u8>,
}

impl<'a> ValueSeed<'a> {
    fn new(number: u32, kind: Kind, out: &'a mut Vec<u8>) -> Self {
        Self { number, kind, out }
    }

    fn special<E: Error>(
        self,
        what: Unexpected<'_>,
        put: impl FnOnce(Special, &mut Vec<u8>) -> bool,
    ) -> Result<(), E> {
        let Kind::Special(special) = self.kind else {
            return Err(E::invalid_type(what, &self));
        };
        match put_nested(self.number, self.out, |out| {
            put(special, out).then_some(()).ok_or(())
        }) {
            Ok(()) => Ok(()),
            Err(()) => Err(E::invalid_value(what, &special.expected())),
        }
    }

    fn integer<E: Error>(self, value: i128, what: Unexpected<'_>) -> Result<(), E> {
        let value = match self.kind {
            // Negative numbers of 32 bits are written with 64.
            Kind::Int32 => i32::try_from(value).map(i64::from).ok(),
            Kind::Int64 => i64::try_from(value).ok(),
            Kind::Double => {
                put_double(self.number, value as f64, self.out);
                return Ok(());
            }
            _ => return self.special(what, |special, out| special.put_integer(value, out)),
        };
        let value = value.ok_or_else(|| E::invalid_value(what, &"a smaller number"))?;
        put_number(self.number, value as u64, self.out);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, text: D) -> Result<(), D::Error> {
        match self.kind {
            Kind::Special(Special::Raw) => super::special::raw::put(self.number, text, self.out),
            _ => text.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::String => "a string",
            Kind::Bytes => "bytes in base64",
            Kind::Bool => "a boolean",
            Kind::Int32 | Kind::Int64 => "an integer",
            Kind::Double => "a number",
            Kind::Message(message) => return write!(f, "an object ({})", message.get().name),
            Kind::Special(special) => special.expected(),
        })
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        match self.kind {
            Kind::Bool => {
                put_number(self.number, value.into(), self.out);
                Ok(())
            }
            _ => self.special(Unexpected::Bool(value), |special, out| {
                special.put_bool(value, out)
            }),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.integer(value.into(), Unexpected::Signed(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.integer(value.into(), Unexpected::Unsigned(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        match self.kind {
            Kind::Double => {
                put_double(self.number, value, self.out);
                Ok(())
            }
            _ => self.special(Unexpected::Float(value), |special, out| {
                special.put_float(value, out)
            }),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.kind {
            Kind::String => {
                put_text(self.number, text, self.out);
                Ok(())
            }
            Kind::Bytes => {
                let bytes = super::special::base64_decoded(text)
                    .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &"base64"))?;
                put_text(self.number, bytes, self.out);
                Ok(())
            }
            _ => self.special(Unexpected::Str(text), |special, out| {
                special.put_str(text, out)
            }),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        let (number, out) = (self.number, &mut *self.out);
        match self.kind {
            Kind::Message(message) => match message.get().transparent() {
                Some(field) => {
                    put_nested(number, out, |out| ListSeed { field, out }.visit_seq(list))
                }
                None => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
            },
            Kind::Bytes => {
                put_text(number, list::bytes(list)?, out);
                Ok(())
            }
            Kind::Special(Special::Schema(schema)) => {
                put_nested(number, out, |out| schema.put_list(list, out))
            }
            _ => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let (number, out) = (self.number, &mut *self.out);
        match self.kind {
            Kind::Message(message) => {
                put_nested(number, out, |out| put_fields(map, message.get(), out))
            }
            Kind::Special(Special::Schema(schema)) => {
                put_nested(number, out, |out| schema.put_schema(map, out))
            }
            _ => Err(A::Error::invalid_type(Unexpected::Map, &self)),
        }
    }
}
