//! How long to wait after a failure.

use std::time::Duration;

use rand::RngExt;
use rand::rngs::SmallRng;
use tokio::time::Instant;

/// The wait after the first failure, before jitter.
const FIRST: Duration = Duration::from_millis(800);
/// The longest wait, before jitter.
const LONGEST: Duration = Duration::from_secs(30);
/// After this long without a failure the next one counts as the first.
const RESET_AFTER: Duration = Duration::from_secs(120);

/// An exponential backoff with client-go's numbers: 800 ms doubling to 30 s, each stretched by a random part of itself, and
/// forgotten after two quiet minutes.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
    last_failure: Option<Instant>,
}

impl Backoff {
    pub(super) fn new() -> Self {
        Self {
            next: FIRST,
            last_failure: None,
        }
    }

    /// Counts a failure and returns how long to wait because of it.
    pub(super) fn failed(&mut self, now: Instant, rng: &mut SmallRng) -> Duration {
        let quiet = self
            .last_failure
            .is_some_and(|last| now.duration_since(last) > RESET_AFTER);
        if quiet {
            self.next = FIRST;
        }
        let wait = self.next.mul_f64(1.0 + rng.random::<f64>());
        self.next = (self.next * 2).min(LONGEST);
        self.last_failure = Some(now);
        wait
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn doubles_to_the_longest_wait_within_its_jitter() {
        let mut rng = SmallRng::seed_from_u64(1);
        let mut backoff = Backoff::new();
        let mut now = Instant::now();
        for expected in [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000] {
            let expected = Duration::from_millis(expected);
            let wait = backoff.failed(now, &mut rng);
            assert!(
                wait >= expected && wait < expected * 2,
                "{wait:?} for {expected:?}"
            );
            now += wait;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn starts_anew_after_two_quiet_minutes() {
        let mut rng = SmallRng::seed_from_u64(1);
        let mut backoff = Backoff::new();
        let now = Instant::now();
        for _ in 0..5 {
            backoff.failed(now, &mut rng);
        }
        assert!(backoff.failed(now + RESET_AFTER, &mut rng) >= Duration::from_secs(25));
        let quiet = now + 2 * RESET_AFTER + Duration::from_millis(1);
        assert!(backoff.failed(quiet, &mut rng) < 2 * FIRST);
    }
}
