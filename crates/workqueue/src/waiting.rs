//! Where futures wait, and how they are woken.

use std::collections::BTreeMap;
use std::task::Waker;

/// The right to a place in a [`WaitingRoom`]; lower tickets are older.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// Wakers in the order in which their owners came to wait.
#[derive(Debug, Default)]
pub(crate) struct WaitingRoom {
    issued: u64,
    waiting: BTreeMap<Ticket, Waker>,
}

impl WaitingRoom {
    pub(crate) fn ticket(&mut self) -> Ticket {
        self.issued += 1;
        Ticket(self.issued)
    }

    pub(crate) fn wait(&mut self, ticket: Ticket, waker: Waker) {
        self.waiting.insert(ticket, waker);
    }

    /// Ends the wait of a ticket; `None` if it was not waiting.
    pub(crate) fn leave(&mut self, ticket: Ticket) -> Option<Waker> {
        self.waiting.remove(&ticket)
    }

    /// Ends the longest wait.
    pub(crate) fn pop(&mut self) -> Option<Waker> {
        self.waiting.pop_first().map(|(_, waker)| waker)
    }

    pub(crate) fn wake_all(&mut self, wakes: &mut Wakes) {
        while let Some(waker) = self.pop() {
            wakes.push(waker);
        }
    }
}

/// Wakers to call once the lock is released; allocates only for more than one.
#[derive(Debug, Default)]
pub(crate) struct Wakes {
    first: Option<Waker>,
    rest: Vec<Waker>,
}

impl Wakes {
    pub(crate) fn push(&mut self, waker: Waker) {
        if self.first.is_none() {
            self.first = Some(waker);
        } else {
            self.rest.push(waker);
        }
    }

    pub(crate) fn wake(self) {
        self.first
            .into_iter()
            .chain(self.rest)
            .for_each(Waker::wake);
    }
}
