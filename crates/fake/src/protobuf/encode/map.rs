//! Maps: a message with key and value for each entry, in the order of the keys.

use std::fmt;
use std::ops::Range;

use serde::de::{MapAccess, Visitor};

use super::list::ItemSeed;
use crate::protobuf::messages::Field;
use crate::protobuf::wire::{put_nested, put_text};

/// Reads a map and appends its entries. Appends nothing for `null`, as for an empty map.
pub(super) struct MapSeed<'a> {
    pub(super) field: &'static Field,
    pub(super) out: &'a mut Vec<u8>,
}

impl<'de> Visitor<'de> for MapSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let MapSeed { field, out } = self;
        let start = out.len();
        let mut entries: Vec<(String, Range<usize>)> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let from = out.len();
            put_nested(field.number, out, |out| {
                put_text(1, &key, out);
                map.next_value_seed(ItemSeed::new(2, field.kind, out))
            })?;
            entries.push((key, from..out.len()));
        }
        if !entries.is_sorted_by(|(a, _), (b, _)| a < b) {
            sort(entries, start, out);
        }
        Ok(())
    }
}

/// Brings entries that begin at `start` into order. The last of those with the same key counts.
fn sort(mut entries: Vec<(String, Range<usize>)>, start: usize, out: &mut Vec<u8>) {
    let end = out.len();
    entries.reverse();
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    entries.dedup_by(|(a, _), (b, _)| a == b);
    for (_, range) in entries {
        out.extend_from_within(range);
    }
    out.drain(start..end);
}
