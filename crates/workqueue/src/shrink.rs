//! Giving memory back after a burst.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// Below this many elements memory is kept.
const KEEP: usize = 1024;

/// A collection that is emptied element by element.
pub(crate) trait Shrink {
    /// Halves the memory if less than an eighth of it is used, which keeps the cost of a removal constant on average.
    fn shrink_if_sparse(&mut self);
}

impl<K: Eq + Hash, V> Shrink for HashMap<K, V> {
    fn shrink_if_sparse(&mut self) {
        if is_sparse(self.len(), self.capacity()) {
            self.shrink_to(self.capacity() / 2);
        }
    }
}

impl<T> Shrink for VecDeque<T> {
    fn shrink_if_sparse(&mut self) {
        if is_sparse(self.len(), self.capacity()) {
            self.shrink_to(self.capacity() / 2);
        }
    }
}

fn is_sparse(len: usize, capacity: usize) -> bool {
    capacity > KEEP && len < capacity / 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_leaves_little_memory() {
        let mut map: HashMap<u32, u32> = (0..100_000).map(|n| (n, n)).collect();
        let mut deque: VecDeque<u32> = (0..100_000).collect();
        for n in 0..100_000 {
            map.remove(&n);
            map.shrink_if_sparse();
            deque.pop_front();
            deque.shrink_if_sparse();
        }
        assert!(map.capacity() <= 2 * KEEP, "{}", map.capacity());
        assert!(deque.capacity() <= 2 * KEEP, "{}", deque.capacity());
    }
}
