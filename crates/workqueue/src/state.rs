//! The whole queue as a state machine: no I/O, no clock, no lock.

use std::hash::Hash;
use std::task::{Poll, Waker};
use std::time::Duration;

use tokio::time::Instant;

use crate::delayed::Delayed;
use crate::fifo::Fifo;
use crate::getters::Getters;
use crate::stats::Stats;
use crate::waiting::{Ticket, WaitingRoom, Wakes};

/// What stands for "never": tokio's clock cannot count much further.
const FAR_FUTURE: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

#[derive(Debug)]
pub(crate) struct State<K> {
    fifo: Fifo<K>,
    delayed: Delayed<K>,
    getters: Getters,
    drainers: WaitingRoom,
    phase: Phase,
    retries: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// Takes nothing in; drainers wait.
    Draining,
    /// Takes nothing in; drainers do not wait.
    ShutDown,
}

/// What a getter is to do.
#[derive(Debug)]
pub(crate) enum Next<K> {
    /// Work on this key.
    Key(K),
    /// End.
    ShutDown,
    /// Wait to be woken.
    Wait,
    /// Wait to be woken, but not beyond this time.
    KeepTime(Instant),
}

impl<K: Clone + Eq + Hash> State<K> {
    pub(crate) fn add(&mut self, key: K, now: Instant) {
        if self.phase == Phase::Open {
            self.fifo.add(key, now);
        }
    }

    pub(crate) fn add_after(&mut self, key: K, delay: Duration, now: Instant) {
        if self.phase != Phase::Open {
            return;
        }
        self.retries += 1;
        if delay.is_zero() {
            self.fifo.add(key, now);
        } else {
            self.delayed.insert(key, now + delay.min(FAR_FUTURE));
        }
    }

    /// Moves the keys whose delay has ended to where they would be, had somebody watched the clock all the time.
    ///
    /// Comes before every other step, so that keys are queued in the order of their times even while all workers are busy.
    pub(crate) fn promote(&mut self, now: Instant) {
        while let Some((key, due)) = self.delayed.pop_due(now) {
            self.fifo.add(key, due);
        }
    }

    /// Takes the next key, or makes the getter wait; also returns the waker that the getter waited with before.
    pub(crate) fn next(
        &mut self,
        ticket: &mut Option<Ticket>,
        waker: &Waker,
        now: Instant,
    ) -> (Next<K>, Option<Waker>) {
        let held = ticket.take();
        let former = held.and_then(|ticket| self.getters.leave(ticket));
        if let Some(key) = self.fifo.pop(now) {
            return (Next::Key(key), former);
        }
        if self.is_shutting_down() {
            return (Next::ShutDown, former);
        }
        let held = held.unwrap_or_else(|| self.getters.ticket());
        *ticket = Some(held);
        let deadline = self
            .getters
            .wait(held, waker.clone(), self.delayed.next_due());
        (deadline.map_or(Next::Wait, Next::KeepTime), former)
    }

    pub(crate) fn cancel_get(&mut self, ticket: Ticket) -> Option<Waker> {
        self.getters.leave(ticket)
    }

    pub(crate) fn done(&mut self, key: &K, now: Instant) {
        self.fifo.done(key, now);
    }

    pub(crate) fn shut_down(&mut self) {
        self.close(Phase::ShutDown);
    }

    pub(crate) fn begin_drain(&mut self) {
        self.close(Phase::Draining);
    }

    pub(crate) fn poll_drained(
        &mut self,
        ticket: &mut Option<Ticket>,
        waker: &Waker,
    ) -> (Poll<()>, Option<Waker>) {
        let held = ticket.take();
        let former = held.and_then(|ticket| self.drainers.leave(ticket));
        if self.is_drained() {
            return (Poll::Ready(()), former);
        }
        let held = held.unwrap_or_else(|| self.drainers.ticket());
        *ticket = Some(held);
        self.drainers.wait(held, waker.clone());
        (Poll::Pending, former)
    }

    pub(crate) fn cancel_drain(&mut self, ticket: Ticket) -> Option<Waker> {
        self.drainers.leave(ticket)
    }

    /// Collects those who must be woken because of what has changed. Comes after every other step.
    pub(crate) fn settle(&mut self, wakes: &mut Wakes) {
        if self.is_shutting_down() {
            self.getters.wake_all(wakes);
            if self.is_drained() {
                self.drainers.wake_all(wakes);
            }
        } else {
            self.getters
                .wake_for(self.fifo.ready(), self.delayed.next_due(), wakes);
        }
    }

    pub(crate) fn is_shutting_down(&self) -> bool {
        self.phase != Phase::Open
    }

    pub(crate) fn ready(&self) -> usize {
        self.fifo.ready()
    }

    pub(crate) fn stats(&self, now: Instant) -> Stats {
        Stats {
            delayed: self.delayed.len(),
            retries: self.retries,
            ..self.fifo.stats(now)
        }
    }

    fn close(&mut self, phase: Phase) {
        self.phase = phase;
        self.delayed = Delayed::default();
    }

    fn is_drained(&self) -> bool {
        self.phase == Phase::ShutDown || self.fifo.is_idle()
    }
}

impl<K> Default for State<K> {
    fn default() -> Self {
        Self {
            fifo: Fifo::default(),
            delayed: Delayed::default(),
            getters: Getters::default(),
            drainers: WaitingRoom::default(),
            phase: Phase::Open,
            retries: 0,
        }
    }
}
