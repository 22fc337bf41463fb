//! The states of a reflector.
//!
//! A streaming list, which is a watch that begins with the present state, will be one more way from [`State::Waiting`] to
//! [`State::Watching`], beside [`State::Listing`].

use std::time::Duration;

use kubekit_core::ResourceVersion;
use tokio::time::Instant;

use super::{GRACE, SHORT_WATCH, SILENCE};

/// What a reflector is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReflectorState {
    /// A list has been requested.
    Listing,
    /// A watch has been requested.
    Opening,
    /// A watch is open.
    Watching,
    /// A request has failed and will be repeated at this moment.
    BackingOff(Instant),
    /// It has been stopped for good.
    Stopped,
}

#[derive(Debug)]
pub(super) enum State {
    Listing(Listing),
    Opening {
        server_timeout: Duration,
        deadline: Instant,
    },
    Watching(Watching),
    Waiting {
        until: Instant,
        next: Next,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Next {
    List,
    Watch,
}

#[derive(Debug)]
pub(super) struct Listing {
    /// The version that the first page asks for.
    pub(super) version: Option<ResourceVersion>,
    pub(super) token: Option<String>,
    /// Everything at once, because pages expired.
    pub(super) full: bool,
    pub(super) deadline: Instant,
}

#[derive(Debug)]
pub(super) struct Watching {
    opened: Instant,
    /// When the server should long have ended the watch.
    end: Instant,
    /// When the server was last heard, once it has shown that it sends bookmarks.
    heard: Option<Instant>,
    pub(super) progressed: bool,
}

impl State {
    pub(super) fn public(&self) -> ReflectorState {
        match self {
            Self::Listing(_) => ReflectorState::Listing,
            Self::Opening { .. } => ReflectorState::Opening,
            Self::Watching(_) => ReflectorState::Watching,
            Self::Waiting { until, .. } => ReflectorState::BackingOff(*until),
        }
    }
}

impl Watching {
    pub(super) fn new(now: Instant, server_timeout: Duration) -> Self {
        Self {
            opened: now,
            end: now + server_timeout + GRACE,
            heard: None,
            progressed: false,
        }
    }

    pub(super) fn deadline(&self) -> Instant {
        self.heard
            .map_or(self.end, |heard| self.end.min(heard + SILENCE))
    }

    pub(super) fn heard(&mut self, now: Instant) {
        if self.heard.is_some() {
            self.heard = Some(now);
        }
    }

    pub(super) fn bookmarked(&mut self, now: Instant) {
        self.heard = Some(now);
    }

    /// Says whether the watch was of any use, so that it may be repeated at once.
    pub(super) fn was_healthy(&self, now: Instant) -> bool {
        self.progressed || now.duration_since(self.opened) >= SHORT_WATCH
    }
}
