//! Where to look next for something of which there is only so much.

use std::sync::atomic::{AtomicU32, Ordering};

/// Goes round the ranges that addresses and ports are taken from. What has just been given is given again as late as possible, so that
/// two requests at the same time are not given the same.
#[derive(Debug, Default)]
pub(crate) struct Allocations {
    addresses: AtomicU32,
    ports: AtomicU32,
}

impl Allocations {
    /// A free number of an address; `None` if there is none.
    pub(crate) fn next_address(
        &self,
        first: u32,
        last: u32,
        is_free: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        next(&self.addresses, first, last, is_free)
    }

    /// A free port; `None` if there is none.
    pub(crate) fn next_port(
        &self,
        first: u32,
        last: u32,
        is_free: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        next(&self.ports, first, last, is_free)
    }
}

fn next(cursor: &AtomicU32, first: u32, last: u32, is_free: impl Fn(u32) -> bool) -> Option<u32> {
    let size = last.checked_sub(first)?.checked_add(1)?;
    (0..size)
        .map(|_| first + cursor.fetch_add(1, Ordering::Relaxed) % size)
        .find(|number| is_free(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_round_and_skips_what_is_taken() {
        let allocations = Allocations::default();
        let next = |taken: &[u32]| allocations.next_port(5, 7, |port| !taken.contains(&port));
        assert_eq!(next(&[]), Some(5));
        assert_eq!(next(&[5, 6]), Some(7));
        assert_eq!(next(&[6]), Some(5));
        assert_eq!(next(&[5, 6, 7]), None);
    }
}
