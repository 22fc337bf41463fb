//! How far apart requests begin.

use std::time::Duration;

use tokio::time::Instant;

/// The gap after the first refusal; it doubles with each further one.
const FIRST_GAP: Duration = Duration::from_millis(20);
/// The largest gap.
const LARGEST_GAP: Duration = Duration::from_secs(1);
/// The longest that one request waits for its turn, so that a crowd of requests does not starve a lease renewal.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// The gap between the beginnings of two requests: doubled by each refusal, halved by each other answer until it is gone.
#[derive(Debug, Default)]
pub(super) struct Pace {
    gap: Duration,
    next: Option<Instant>,
}

impl Pace {
    /// Takes the next turn and returns when it is.
    pub(super) fn reserve(&mut self, now: Instant) -> Instant {
        if self.gap.is_zero() {
            self.next = None;
            return now;
        }
        let turn = self
            .next
            .map_or(now + self.gap, |next| next.max(now))
            .min(now + LONGEST_WAIT);
        self.next = Some(turn + self.gap);
        turn
    }

    /// Takes note of a refusal.
    pub(super) fn slow_down(&mut self) {
        self.gap = (self.gap * 2).clamp(FIRST_GAP, LARGEST_GAP);
    }

    /// Takes note of an answer that is no refusal.
    pub(super) fn speed_up(&mut self) {
        self.gap /= 2;
        if self.gap < FIRST_GAP / 2 {
            self.gap = Duration::ZERO;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_before_the_first_refusal() {
        let mut pace = Pace::default();
        let now = Instant::now();
        assert_eq!(
            [(); 3].map(|()| pace.reserve(now)),
            [now, now, now],
            "three requests at once"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn requests_are_spaced_out_after_a_refusal() {
        let mut pace = Pace::default();
        let now = Instant::now();
        pace.slow_down();
        let turns = [(); 3].map(|()| pace.reserve(now) - now);
        assert_eq!(turns, [FIRST_GAP, FIRST_GAP * 2, FIRST_GAP * 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_gap_doubles_to_its_limit() {
        let mut pace = Pace::default();
        for _ in 0..20 {
            pace.slow_down();
        }
        assert_eq!(pace.gap, LARGEST_GAP);
    }

    #[tokio::test(start_paused = true)]
    async fn a_crowd_does_not_starve_anyone() {
        let mut pace = Pace::default();
        for _ in 0..20 {
            pace.slow_down();
        }
        let now = Instant::now();
        let last = (0..100).map(|_| pace.reserve(now)).last();
        assert_eq!(last, Some(now + LONGEST_WAIT));
    }

    #[tokio::test(start_paused = true)]
    async fn answers_make_the_client_fast_again() {
        let mut pace = Pace::default();
        for _ in 0..20 {
            pace.slow_down();
        }
        for _ in 0..8 {
            pace.speed_up();
        }
        let now = Instant::now();
        assert_eq!(pace.reserve(now), now);
    }
}
