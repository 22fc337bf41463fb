//! What a protobuf answer is compared by: its type and the names in it.

use std::collections::HashMap;

use serde_json::{Value, json};

const MAGIC: &[u8] = b"k8s\0";

/// The fields of a message: numbers have no bytes.
type Fields<'a> = HashMap<u64, Vec<&'a [u8]>>;

/// Reduces a message in the envelope of the API server; `None` for what has no envelope.
pub(super) fn reduce(data: &[u8]) -> Option<Value> {
    let data = data.strip_prefix(MAGIC)?;
    let reduced = envelope(data).unwrap_or_else(|| "undecodable".into());
    Some(json!({ "protobuf": reduced }))
}

fn envelope(data: &[u8]) -> Option<Value> {
    let envelope = fields(data)?;
    let types = fields(first(&envelope, 1).unwrap_or_default())?;
    let raw = fields(first(&envelope, 2).unwrap_or_default())?;
    let kind = text(&types, 2)?;
    let mut reduced = json!({"apiVersion": text(&types, 1)?, "kind": kind});
    if kind.ends_with("List") {
        let items = raw.get(&2).map_or(&[][..], Vec::as_slice);
        let names: Option<Vec<String>> = items.iter().map(|item| name(&fields(item)?)).collect();
        reduced["names"] = names?.into();
    } else if kind != "Status" {
        reduced["name"] = name(&raw)?.into();
    }
    Some(reduced)
}

/// `metadata.name` of an object.
fn name(object: &Fields<'_>) -> Option<String> {
    String::from_utf8(first(&fields(first(object, 1)?)?, 1)?.to_vec()).ok()
}

/// A text, empty where there is none.
fn text(message: &Fields<'_>, field: u64) -> Option<String> {
    String::from_utf8(first(message, field).unwrap_or_default().to_vec()).ok()
}

fn first<'a>(message: &Fields<'a>, field: u64) -> Option<&'a [u8]> {
    message.get(&field)?.first().copied()
}

fn fields(mut data: &[u8]) -> Option<Fields<'_>> {
    let mut fields = Fields::new();
    while !data.is_empty() {
        let tag = varint(&mut data)?;
        let length = match tag & 7 {
            0 => varint(&mut data).map(|_| 0)?,
            1 => 8,
            5 => 4,
            _ => usize::try_from(varint(&mut data)?).ok()?,
        };
        let (value, rest) = data.split_at_checked(length)?;
        data = rest;
        fields.entry(tag >> 3).or_default().push(value);
    }
    Some(fields)
}

fn varint(data: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = data.split_first()?;
        *data = rest;
        number |= u64::from(byte & 127) << shift;
        if *byte < 128 {
            return Some(number);
        }
    }
    None
}
