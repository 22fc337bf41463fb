//! What is around a message in a stream: a length of four bytes, and a `WatchEvent` that holds the envelope.

use super::wire::{put_key, put_text, varint_len};

/// What comes before the envelope of an event, if that has `length` bytes. Nothing comes after it.
pub(crate) fn framed(change: &str, length: usize, out: &mut Vec<u8>) {
    let raw = 1 + varint_len(length as u64) + length;
    let event = 2 + change.len() + 1 + varint_len(raw as u64) + raw;
    // Nothing that is stored comes near four gigabytes.
    let event = u32::try_from(event).unwrap_or(u32::MAX);
    out.extend_from_slice(&event.to_be_bytes());
    put_text(1, change, out);
    put_key(2, raw, out);
    put_key(1, length, out);
}
