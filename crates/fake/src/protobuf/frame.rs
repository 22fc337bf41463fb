//! What is around a message in a stream: a length of four bytes, and a `WatchEvent` that holds the envelope.

use bytes::BufMut;

use super::wire::{put_key, put_text, text_len};

/// Appends what comes before the envelope of an event, if that has `length` bytes. Nothing comes after it.
pub(crate) fn put_frame(change: &str, length: usize, out: &mut impl BufMut) {
    let object = text_len(1, length);
    let event = text_len(1, change.len()) + text_len(2, object);
    // Nothing that is stored comes near four gigabytes.
    out.put_u32(u32::try_from(event).unwrap_or(u32::MAX));
    put_text(1, change, out);
    put_key(2, object, out);
    put_key(1, length, out);
}
