//! The fields of a message as they are found on the wire.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use super::Decoder;
use crate::protobuf::messages::{Field, Kind, Message, Shape};
use crate::protobuf::problem::{Problem, ProblemKind};
use crate::protobuf::wire::{Payload, Reader};

/// What has been found of a field.
#[derive(Debug, Default)]
pub(super) enum Slot<'a> {
    #[default]
    Absent,
    Value(Value),
    /// What is decoded once all of it is there: a message that comes in several pieces is the sum of them.
    Bytes(Cow<'a, [u8]>),
    Many(Vec<Value>),
    Map(Map<String, Value>),
}

/// What has been found of all fields, by their place in the message.
#[derive(Debug)]
pub(super) struct Slots<'a>(Vec<Slot<'a>>);

impl<'a> Slots<'a> {
    /// Reads a message to its end.
    pub(super) fn read(
        mut reader: Reader<'a>,
        message: &'static Message,
        decoder: &mut Decoder,
        depth: usize,
    ) -> Result<Self, Problem> {
        let mut slots: Vec<Slot<'a>> = Vec::new();
        slots.resize_with(message.fields.len(), Slot::default);
        while let Some((number, payload)) = reader.next()? {
            if let Some((at, field)) = message.numbered(number) {
                slots[at]
                    .add(payload, field, decoder, depth)
                    .map_err(|problem| problem.within(field.name))?;
            }
        }
        Ok(Self(slots))
    }

    pub(super) fn take(&mut self, at: usize) -> Slot<'a> {
        self.0.get_mut(at).map(std::mem::take).unwrap_or_default()
    }
}

impl<'a> Slot<'a> {
    /// The bytes of a message; of one that is absent, none.
    pub(super) fn bytes(self) -> Cow<'a, [u8]> {
        match self {
            Slot::Bytes(bytes) => bytes,
            _ => Cow::Borrowed(&[]),
        }
    }

    fn add(
        &mut self,
        payload: Payload<'a>,
        field: &'static Field,
        decoder: &mut Decoder,
        depth: usize,
    ) -> Result<(), Problem> {
        match field.shape {
            Shape::One => self.set(payload, field.kind),
            Shape::Many => self.push(payload, field.kind, decoder, depth),
            Shape::Map => self.insert(payload, field.kind, decoder, depth),
        }
    }

    fn set(&mut self, payload: Payload<'a>, kind: Kind) -> Result<(), Problem> {
        let merges = matches!(kind, Kind::Message(_) | Kind::Special(_));
        match (payload, &mut *self) {
            (Payload::Delimited(more), Slot::Bytes(bytes)) if merges => {
                bytes.to_mut().extend_from_slice(more);
            }
            (Payload::Delimited(bytes), _) if is_delimited(kind) => {
                *self = Slot::Bytes(Cow::Borrowed(bytes));
            }
            _ => *self = Slot::Value(number(payload, kind)?),
        }
        Ok(())
    }

    fn push(
        &mut self,
        payload: Payload<'a>,
        kind: Kind,
        decoder: &mut Decoder,
        depth: usize,
    ) -> Result<(), Problem> {
        if !matches!(self, Slot::Many(_)) {
            *self = Slot::Many(Vec::new());
        }
        let Slot::Many(values) = self else {
            return Ok(());
        };
        match payload {
            Payload::Delimited(bytes) if is_delimited(kind) => {
                decoder.count()?;
                values.push(decoder.nested(bytes, kind, depth)?);
            }
            // Numbers may be packed, though Go never writes them so.
            Payload::Delimited(bytes) => {
                let mut reader = Reader::new(bytes);
                while reader.left() > 0 {
                    let payload = match kind {
                        Kind::Double => Payload::Fixed64(reader.fixed64()?),
                        _ => Payload::Varint(reader.varint()?),
                    };
                    decoder.count()?;
                    values.push(number(payload, kind)?);
                }
            }
            payload => {
                decoder.count()?;
                values.push(number(payload, kind)?);
            }
        }
        Ok(())
    }

    fn insert(
        &mut self,
        payload: Payload<'a>,
        kind: Kind,
        decoder: &mut Decoder,
        depth: usize,
    ) -> Result<(), Problem> {
        let Payload::Delimited(entry) = payload else {
            return Err(ProblemKind::WrongType.into());
        };
        let mut reader = Reader::new(entry);
        let (mut key, mut value) = (String::new(), None);
        while let Some(field) = reader.next()? {
            match field {
                (1, Payload::Delimited(bytes)) => key = String::from_utf8_lossy(bytes).into_owned(),
                (2, Payload::Delimited(bytes)) if is_delimited(kind) => {
                    value = Some(decoder.nested(bytes, kind, depth)?);
                }
                (2, payload) => value = Some(number(payload, kind)?),
                _ => {}
            }
        }
        decoder.count()?;
        let value = match value {
            Some(value) => value,
            // Bytes that are not there are null, unlike empty ones.
            None if kind == Kind::Bytes => Value::Null,
            None => decoder.zero(kind, depth)?,
        };
        if !matches!(self, Slot::Map(_)) {
            *self = Slot::Map(Map::new());
        }
        if let Slot::Map(values) = self {
            values.insert(key, value);
        }
        Ok(())
    }
}

/// Whether values of this type have a length before them.
fn is_delimited(kind: Kind) -> bool {
    !matches!(kind, Kind::Bool | Kind::Int32 | Kind::Int64 | Kind::Double)
}

fn number(payload: Payload<'_>, kind: Kind) -> Result<Value, Problem> {
    match (kind, payload) {
        (Kind::Bool, Payload::Varint(value)) => Ok((value != 0).into()),
        // Bits that do not fit are lost, as in Go.
        (Kind::Int32, Payload::Varint(value)) => Ok((value as i32).into()),
        (Kind::Int64, Payload::Varint(value)) => Ok((value as i64).into()),
        (Kind::Double, Payload::Fixed64(bits)) => Ok(double(f64::from_bits(bits))),
        _ => Err(ProblemKind::WrongType.into()),
    }
}

/// Numbers without a fraction are written without one, with the digits that tell them from others and then zeros. Those that JSON
/// cannot have are null.
fn double(value: f64) -> Value {
    if value.fract() == 0.0 {
        let digits = value.to_string();
        if let Ok(integer) = digits.parse::<i64>() {
            return integer.into();
        }
        if let Ok(integer) = digits.parse::<u64>() {
            return integer.into();
        }
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}
