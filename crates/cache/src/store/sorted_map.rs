//! A sorted map whose clone is one pointer: what makes snapshots cheap.

use std::cmp::Ordering;
use std::sync::Arc;

/// The most entries of a chunk. Small enough that copying one is cheap, large enough that there are few of them.
const CHUNK: usize = 128;

/// A sorted map in chunks, shared between its clones until one of them is changed.
///
/// A clone shares everything. A change copies the list of chunks and the chunk it touches, unless this map is their only
/// owner, and leaves other clones as they are. Entries lie side by side, so walking the map or a part of it is fast, and entries
/// that arrive in order, as they do in a list of the API server, fill chunks to the brim.
///
/// Searches take a comparison with the wanted key instead of a key, so that no key has to be built for them. As with
/// [`slice::binary_search_by`], it says how an entry's key compares with the wanted one.
#[derive(Debug)]
pub(crate) struct SortedMap<Q, T> {
    chunks: Arc<Vec<Arc<Chunk<Q, T>>>>,
    len: usize,
}

type Chunk<Q, T> = Vec<(Q, T)>;

/// A place in a map, for walking it without borrowing it in between.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursor {
    chunk: usize,
    slot: usize,
}

impl<Q, T> SortedMap<Q, T> {
    pub(crate) fn new() -> Self {
        Self {
            chunks: Arc::new(Vec::new()),
            len: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, compare: impl Fn(&Q) -> Ordering) -> Option<&T> {
        let (chunk, slot) = self.locate(compare).ok()?;
        Some(&self.chunks[chunk][slot].1)
    }

    /// Walks the map from its start.
    pub(crate) fn iter(&self) -> Iter<'_, Q, T> {
        Iter {
            map: self,
            cursor: Cursor::default(),
        }
    }

    /// Walks the map from the first entry that is not less than what `compare` looks for.
    pub(crate) fn iter_from(&self, compare: impl Fn(&Q) -> Ordering) -> Iter<'_, Q, T> {
        // Nothing equals this, so the search always ends at the place before the first entry that is not less.
        let not_less = |key: &Q| compare(key).then(Ordering::Greater);
        let (chunk, slot) = self.locate(not_less).unwrap_or_else(|place| place);
        Iter {
            map: self,
            cursor: Cursor { chunk, slot },
        }
    }

    /// Returns the entry at the cursor and moves the cursor to the next one.
    pub(crate) fn advance(&self, cursor: &mut Cursor) -> Option<(&Q, &T)> {
        let mut chunk = self.chunks.get(cursor.chunk)?;
        if cursor.slot >= chunk.len() {
            cursor.chunk += 1;
            cursor.slot = 0;
            chunk = self.chunks.get(cursor.chunk)?;
        }
        let (key, value) = chunk.get(cursor.slot)?;
        cursor.slot += 1;
        Some((key, value))
    }

    /// Finds the chunk and slot of an entry, or those at which it would have to be inserted.
    fn locate(&self, compare: impl Fn(&Q) -> Ordering) -> Result<(usize, usize), (usize, usize)> {
        let after = self
            .chunks
            .partition_point(|chunk| chunk.first().is_some_and(|(key, _)| compare(key).is_le()));
        let index = after.saturating_sub(1);
        let Some(chunk) = self.chunks.get(index) else {
            return Err((0, 0));
        };
        match chunk.binary_search_by(|(key, _)| compare(key)) {
            Ok(slot) => Ok((index, slot)),
            Err(slot) => Err((index, slot)),
        }
    }
}

impl<Q: Ord + Clone, T: Clone> SortedMap<Q, T> {
    /// Sets the value of a key and returns the one it had.
    pub(crate) fn insert(&mut self, key: Q, value: T) -> Option<T> {
        let place = self.locate(|probe| probe.cmp(&key));
        let chunks = Arc::make_mut(&mut self.chunks);
        match place {
            Ok((index, slot)) => {
                let chunk = Arc::make_mut(&mut chunks[index]);
                Some(std::mem::replace(&mut chunk[slot], (key, value)).1)
            }
            Err((index, slot)) => {
                let (index, slot) = make_room(chunks, index, slot);
                Arc::make_mut(&mut chunks[index]).insert(slot, (key, value));
                self.len += 1;
                None
            }
        }
    }

    /// Removes an entry and returns its value.
    pub(crate) fn remove(&mut self, compare: impl Fn(&Q) -> Ordering) -> Option<T> {
        let (index, slot) = self.locate(compare).ok()?;
        let chunks = Arc::make_mut(&mut self.chunks);
        let (_, value) = Arc::make_mut(&mut chunks[index]).remove(slot);
        self.len -= 1;
        join_neighbours(chunks, index);
        Some(value)
    }
}

impl<Q, T> Clone for SortedMap<Q, T> {
    fn clone(&self) -> Self {
        Self {
            chunks: Arc::clone(&self.chunks),
            len: self.len,
        }
    }
}

/// Walks a map in order.
#[derive(Clone, Debug)]
pub(crate) struct Iter<'a, Q, T> {
    map: &'a SortedMap<Q, T>,
    cursor: Cursor,
}

impl<'a, Q, T> Iterator for Iter<'a, Q, T> {
    type Item = (&'a Q, &'a T);

    fn next(&mut self) -> Option<Self::Item> {
        self.map.advance(&mut self.cursor)
    }
}

/// Makes sure that an entry can be inserted at a place; the place may move.
fn make_room<Q: Clone, T: Clone>(
    chunks: &mut Vec<Arc<Chunk<Q, T>>>,
    index: usize,
    slot: usize,
) -> (usize, usize) {
    let Some(chunk) = chunks.get(index) else {
        chunks.push(Arc::new(Vec::new()));
        return (index, 0);
    };
    if chunk.len() < CHUNK {
        return (index, slot);
    }
    if slot == CHUNK {
        match chunks.get(index + 1) {
            Some(next) if next.len() < CHUNK => return (index + 1, 0),
            Some(_) => {}
            None => {
                chunks.push(Arc::new(Vec::with_capacity(CHUNK)));
                return (index + 1, 0);
            }
        }
    }
    let upper = Arc::make_mut(&mut chunks[index]).split_off(CHUNK / 2);
    chunks.insert(index + 1, Arc::new(upper));
    if slot <= CHUNK / 2 {
        (index, slot)
    } else {
        (index + 1, slot - CHUNK / 2)
    }
}

/// Drops the chunk if it is empty, and joins it with the next or previous one if both have become small.
fn join_neighbours<Q: Clone, T: Clone>(chunks: &mut Vec<Arc<Chunk<Q, T>>>, index: usize) {
    if chunks[index].is_empty() {
        chunks.remove(index);
        return;
    }
    for left in [index, index.wrapping_sub(1)] {
        let Some(right) = left.checked_add(1).filter(|right| *right < chunks.len()) else {
            continue;
        };
        if chunks[left].len() + chunks[right].len() <= CHUNK / 2 {
            let right = chunks.remove(right);
            Arc::make_mut(&mut chunks[left]).extend(Arc::unwrap_or_clone(right));
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn entries(map: &SortedMap<u16, u32>) -> Vec<(u16, u32)> {
        map.iter().map(|(key, value)| (*key, *value)).collect()
    }

    proptest! {
        #[test]
        fn behaves_as_a_btree_map_and_leaves_clones_alone(
            operations in prop::collection::vec((0_u16..600, any::<bool>()), 0..3000),
            clone_at in 0_usize..3000,
        ) {
            let mut map = SortedMap::new();
            let mut model = BTreeMap::new();
            let mut kept = (map.clone(), Vec::new());
            for (step, (key, insert)) in operations.into_iter().enumerate() {
                if step == clone_at {
                    kept = (map.clone(), entries(&map));
                }
                let value = u32::try_from(step).unwrap();
                if insert {
                    prop_assert_eq!(map.insert(key, value), model.insert(key, value));
                } else {
                    prop_assert_eq!(map.remove(|probe| probe.cmp(&key)), model.remove(&key));
                }
                prop_assert_eq!(map.len(), model.len());
                prop_assert_eq!(map.get(|probe| probe.cmp(&key)), model.get(&key));
            }
            prop_assert_eq!(entries(&map), model.clone().into_iter().collect::<Vec<_>>());
            for from in (0_u16..600).step_by(37) {
                let walked = map.iter_from(|probe| probe.cmp(&from)).next().map(|(key, _)| *key);
                prop_assert_eq!(walked, model.range(from..).next().map(|(key, _)| *key));
            }
            prop_assert_eq!(entries(&kept.0), kept.1);
        }
    }

    #[test]
    fn entries_in_order_fill_chunks_to_the_brim() {
        let mut map = SortedMap::new();
        for key in 0..1024_u16 {
            map.insert(key, 0_u32);
        }
        assert_eq!(map.chunks.len(), 1024 / CHUNK);
    }
}
