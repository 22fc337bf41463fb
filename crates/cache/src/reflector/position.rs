//! Where in the server's history a reflector stands.

use std::cmp::Ordering;
use std::time::Duration;

use kubekit_core::{ChangeKind, ResourceVersion};
use tokio::time::Instant;

/// A second rewind within this time means that the server's versions have no order to be trusted.
const REWIND_MEMORY: Duration = Duration::from_secs(600);

/// Where in the server's history a reflector stands, and whether that place still exists.
#[derive(Debug, Default)]
pub(super) struct Position {
    version: Option<ResourceVersion>,
    /// The server no longer has, or does not have yet, the version: only the most recent state will do.
    unavailable: bool,
    last_rewind: Option<Instant>,
    /// Versions went back twice in short time, so they are taken as opaque.
    unordered: bool,
}

/// How a version that the server sent relates to the position.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It lies ahead; the position is now there.
    Ahead,
    /// The position stays.
    Still,
    /// It lies behind, so the server's history is not the one that was followed so far.
    Back,
}

impl Position {
    pub(super) fn version(&self) -> Option<&ResourceVersion> {
        self.version.as_ref()
    }

    /// Returns the version to list at: any state at first, then one not older than what was seen, and the most recent one
    /// (`None`) if that is not to be had.
    pub(super) fn list_version(&self) -> Option<ResourceVersion> {
        match &self.version {
            _ if self.unavailable => None,
            None => Some(ResourceVersion::ANY),
            Some(version) => Some(version.clone()),
        }
    }

    pub(super) fn is_available(&self) -> bool {
        !self.unavailable
    }

    pub(super) fn lost(&mut self) {
        self.unavailable = true;
    }

    /// Takes over the version of a complete list.
    pub(super) fn listed(&mut self, version: Option<ResourceVersion>) {
        self.version = version;
        self.unavailable = false;
    }

    /// Follows an object's version. A deletion may carry the version that the object had before.
    pub(super) fn changed(
        &mut self,
        change: ChangeKind,
        version: ResourceVersion,
        now: Instant,
    ) -> Step {
        match self.compare(&version) {
            Some(Ordering::Equal) => Step::Still,
            Some(Ordering::Less) if change == ChangeKind::Deleted => Step::Still,
            Some(Ordering::Less) => self.went_back(now),
            Some(Ordering::Greater) | None => self.advance(version),
        }
    }

    /// Follows a bookmark's version.
    pub(super) fn bookmarked(&mut self, version: ResourceVersion, now: Instant) -> Step {
        self.changed(ChangeKind::Modified, version, now)
    }

    fn advance(&mut self, version: ResourceVersion) -> Step {
        if self.version.as_ref() == Some(&version) {
            return Step::Still;
        }
        self.version = Some(version);
        Step::Ahead
    }

    fn went_back(&mut self, now: Instant) -> Step {
        let repeated = self
            .last_rewind
            .is_some_and(|last| now.duration_since(last) < REWIND_MEMORY);
        self.last_rewind = Some(now);
        self.unordered = repeated;
        self.unavailable = true;
        Step::Back
    }

    fn compare(&self, version: &ResourceVersion) -> Option<Ordering> {
        if self.unordered {
            return None;
        }
        version.partial_cmp(self.version.as_ref()?)
    }
}
