//! Single values.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};

use super::list::{self, ListSeed};
use super::put_fields;
use crate::protobuf::messages::Kind;
use crate::protobuf::special::{Special, base64_decoded, raw};
use crate::protobuf::wire::{put_double, put_nested, put_number, put_text};

/// Reads one value and appends it with its key.
pub(super) struct ValueSeed<'a> {
    number: u32,
    kind: Kind,
    out: &'a mut Vec<u8>,
}

impl<'a> ValueSeed<'a> {
    pub(super) fn new(number: u32, kind: Kind, out: &'a mut Vec<u8>) -> Self {
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
            Kind::Special(Special::Raw) => raw::put(self.number, text, self.out),
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
                let bytes = base64_decoded(text)
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
