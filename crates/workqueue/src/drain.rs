//! Waiting for the last key to be done.

use std::hash::Hash;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::queue::WorkQueue;
use crate::waiting::Ticket;

/// The future behind [`WorkQueue::drain`].
pub(crate) struct Drain<'a, K: Clone + Eq + Hash> {
    queue: &'a WorkQueue<K>,
    ticket: Option<Ticket>,
}

impl<'a, K: Clone + Eq + Hash> Drain<'a, K> {
    pub(crate) fn new(queue: &'a WorkQueue<K>) -> Self {
        Self {
            queue,
            ticket: None,
        }
    }
}

impl<K: Clone + Eq + Hash> Future for Drain<'_, K> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let (poll, _former) = this
            .queue
            .access(|state, _| state.poll_drained(&mut this.ticket, cx.waker()));
        poll
    }
}

impl<K: Clone + Eq + Hash> Drop for Drain<'_, K> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            let _former = self.queue.access(|state, _| state.cancel_drain(ticket));
        }
    }
}
