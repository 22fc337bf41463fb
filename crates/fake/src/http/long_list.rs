//! Long lists: encoded while the client reads them, so that the first item does not wait for the last, and no more than a piece of the
//! answer is in memory.

use bytes::{BufMut, Bytes, BytesMut};
use futures::{StreamExt, stream};

use super::body::Body;
use super::respond::write_list_head;
use crate::answer::List;
use crate::object::{Object, Types};

/// Lists of at least this many items are written in pieces.
pub(super) const FROM: usize = 1000;

/// How many items a piece has.
const PIECE: usize = 250;

/// The list as compact JSON, piece by piece.
pub(super) fn body(list: List, types: &Types) -> Body {
    let item_types = list
        .resource
        .is_custom()
        .then(|| list.resource.types.clone());
    let mut head = BytesMut::new();
    write_list_head(&list, types, &mut head);
    head.put_u8(b'[');

    let mut items = list.items.into_iter();
    let mut separator: &[u8] = b"";
    let pieces = std::iter::from_fn(move || {
        let piece: Vec<_> = items.by_ref().take(PIECE).collect();
        if piece.is_empty() {
            return None;
        }
        let size = piece.iter().map(Object::encoded_len).sum();
        let mut out = BytesMut::with_capacity(size);
        for object in &piece {
            out.put_slice(separator);
            separator = b",";
            object.write_json(item_types.as_ref(), &mut out);
        }
        Some(out.freeze())
    });
    let pieces = std::iter::once(head.freeze())
        .chain(pieces)
        .chain(std::iter::once(Bytes::from_static(b"]}\n")));
    Body::pieces(stream::iter(pieces).boxed())
}
