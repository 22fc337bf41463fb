//! Who is woken for what: as many getters as there are keys, and one for the clock.

use std::task::Waker;

use tokio::time::Instant;

use crate::waiting::{Ticket, WaitingRoom, Wakes};

/// The getters that wait for a key.
///
/// One of them, the timekeeper, sleeps until the next delayed key is due; the others sleep until they are woken. A getter
/// that has been woken is neither, and is *notified* until it has been polled or dropped. After
/// [`wake_for`](Self::wake_for):
///
/// * there are at least as many notified getters as ready keys, unless nobody waits;
/// * if a key is delayed, then the timekeeper wakes up in time for it, or there is a notified getter to spare that will take
///   the clock over, unless nobody waits.
///
/// A notified getter that is dropped merely leaves, and the next `wake_for` sees that one is missing. That is all it takes
/// for no wake-up to be lost.
#[derive(Debug, Default)]
pub(crate) struct Getters {
    idle: WaitingRoom,
    timekeeper: Option<Timekeeper>,
    notified: usize,
}

#[derive(Debug)]
struct Timekeeper {
    ticket: Ticket,
    deadline: Instant,
    waker: Waker,
}

impl Getters {
    pub(crate) fn ticket(&mut self) -> Ticket {
        self.idle.ticket()
    }

    /// Makes a getter wait. Returns the time to sleep until if it has become the timekeeper.
    pub(crate) fn wait(
        &mut self,
        ticket: Ticket,
        waker: Waker,
        next_due: Option<Instant>,
    ) -> Option<Instant> {
        let deadline = next_due.filter(|_| self.timekeeper.is_none());
        match deadline {
            None => self.idle.wait(ticket, waker),
            Some(deadline) => {
                self.timekeeper = Some(Timekeeper {
                    ticket,
                    deadline,
                    waker,
                });
            }
        }
        deadline
    }

    /// Ends the wait of a getter that is polled or dropped. Returns its waker unless it was notified.
    pub(crate) fn leave(&mut self, ticket: Ticket) -> Option<Waker> {
        let keeper = self.timekeeper.take_if(|keeper| keeper.ticket == ticket);
        let waker = keeper
            .map(|keeper| keeper.waker)
            .or_else(|| self.idle.leave(ticket));
        if waker.is_none() {
            self.notified -= 1;
        }
        waker
    }

    /// Notifies as many getters as it takes for `ready` keys and the time `next_due`.
    pub(crate) fn wake_for(&mut self, ready: usize, next_due: Option<Instant>, wakes: &mut Wakes) {
        while self.notified < ready
            && let Some(waker) = self.pop()
        {
            self.notify(waker, wakes);
        }
        if let Some(next_due) = next_due {
            self.watch_the_clock(ready, next_due, wakes);
        }
    }

    pub(crate) fn wake_all(&mut self, wakes: &mut Wakes) {
        while let Some(waker) = self.pop() {
            self.notify(waker, wakes);
        }
    }

    fn watch_the_clock(&mut self, ready: usize, next_due: Instant, wakes: &mut Wakes) {
        let woken = match &self.timekeeper {
            Some(keeper) if keeper.deadline <= next_due => None,
            Some(_) => self.timekeeper.take().map(|keeper| keeper.waker),
            None if self.notified > ready => None,
            None => self.idle.pop(),
        };
        if let Some(waker) = woken {
            self.notify(waker, wakes);
        }
    }

    /// Ends the wait of some getter; the timekeeper is the last resort, because another would have to replace it.
    fn pop(&mut self) -> Option<Waker> {
        self.idle
            .pop()
            .or_else(|| self.timekeeper.take().map(|keeper| keeper.waker))
    }

    fn notify(&mut self, waker: Waker, wakes: &mut Wakes) {
        self.notified += 1;
        wakes.push(waker);
    }
}
