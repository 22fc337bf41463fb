//! Lists: the key of the field before each value.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};

use super::value::ValueSeed;
use super::zero::put_zero;
use crate::protobuf::messages::{Field, Kind};

/// Reads a list and appends its values. Appends nothing for `null`, as for an empty list.
pub(super) struct ListSeed<'a> {
    pub(super) field: &'static Field,
    pub(super) out: &'a mut Vec<u8>,
}

impl<'de> Visitor<'de> for ListSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Field { number, kind, .. } = *self.field;
        while list
            .next_element_seed(ItemSeed::new(number, kind, self.out))?
            .is_some()
        {}
        Ok(())
    }
}

/// Reads one of several values and appends it with its key. `null` is the zero of the type.
pub(in crate::protobuf) struct ItemSeed<'a> {
    number: u32,
    kind: Kind,
    out: &'a mut Vec<u8>,
}

impl<'a> ItemSeed<'a> {
    pub(in crate::protobuf) fn new(number: u32, kind: Kind, out: &'a mut Vec<u8>) -> Self {
        Self { number, kind, out }
    }
}

impl<'de> DeserializeSeed<'de> for ItemSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, text: D) -> Result<(), D::Error> {
        let before = self.out.len();
        ValueSeed::new(self.number, self.kind, self.out).deserialize(text)?;
        // Bytes that are null are none, unlike empty ones.
        if self.out.len() == before && self.kind != Kind::Bytes {
            put_zero(self.number, self.kind, self.out);
        }
        Ok(())
    }
}

/// Reads bytes that are written as numbers.
pub(super) fn bytes<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Vec<u8>, A::Error> {
    let mut bytes = Vec::new();
    while let Some(byte) = list.next_element()? {
        bytes.push(byte);
    }
    Ok(bytes)
}
