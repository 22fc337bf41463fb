//! Waiting for the next key.

use std::hash::Hash;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::task::coop;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::item::Item;
use crate::queue::WorkQueue;
use crate::state::Next;
use crate::waiting::Ticket;

/// The future behind [`WorkQueue::get`].
pub(crate) struct Get<'a, K: Clone + Eq + Hash> {
    queue: &'a WorkQueue<K>,
    // Where this getter waits; `None` before and after.
    ticket: Option<Ticket>,
    // Made only for the getter that keeps the time.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl<'a, K: Clone + Eq + Hash> Get<'a, K> {
    pub(crate) fn new(queue: &'a WorkQueue<K>) -> Self {
        Self {
            queue,
            ticket: None,
            alarm: None,
        }
    }

    fn poll_alarm(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let alarm = self
            .alarm
            .get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if alarm.deadline() != deadline {
            alarm.as_mut().reset(deadline);
        }
        alarm.as_mut().poll(cx)
    }
}

impl<K: Clone + Eq + Hash> Future for Get<'_, K> {
    type Output = Option<Item<K>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        // A worker whose queue never runs dry must let other tasks run now and then.
        let progress = ready!(coop::poll_proceed(cx));
        loop {
            // The former waker leaves the lock before it is dropped, since that may drop a task that uses the queue.
            let (next, _former) = this
                .queue
                .access(|state, now| state.next(&mut this.ticket, cx.waker(), now));
            match next {
                Next::Key(key) => {
                    progress.made_progress();
                    return Poll::Ready(Some(Item::new(key, this.queue.clone())));
                }
                Next::ShutDown => return Poll::Ready(None),
                Next::Wait => {
                    this.alarm = None;
                    return Poll::Pending;
                }
                Next::KeepTime(deadline) => ready!(this.poll_alarm(deadline, cx)),
            }
        }
    }
}

impl<K: Clone + Eq + Hash> Drop for Get<'_, K> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            let _former = self.queue.access(|state, _| state.cancel_get(ticket));
        }
    }
}
