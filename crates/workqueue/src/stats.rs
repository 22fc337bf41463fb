//! What the queue knows about itself.

use std::time::Duration;

/// A queue's counters and timings at one moment.
///
/// The fields correspond to client-go's `workqueue_*` metrics. They are exact: what client-go refreshes twice a second is
/// computed when it is asked for.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let queue = kubekit_workqueue::WorkQueue::new();
/// queue.add("default/blog");
/// queue.add("default/shop");
/// let item = queue.get().await;
///
/// let stats = queue.stats();
/// assert_eq!((stats.adds, stats.depth, stats.processing), (2, 1, 1));
/// assert_eq!(stats.queue_latency.count(), 1);
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Stats {
    /// The keys that need work: those that are ready, and those added again while a worker has them. `workqueue_depth`.
    pub depth: usize,
    /// The keys that could be handed out right now, as [`WorkQueue::len`](crate::WorkQueue::len) counts them.
    pub ready: usize,
    /// The keys whose delay has not ended.
    pub delayed: usize,
    /// The keys that workers have.
    pub processing: usize,
    /// How many keys have been added, without those that were there already. `workqueue_adds_total`.
    pub adds: u64,
    /// How many keys have been added with a delay or rate limited. `workqueue_retries_total`.
    pub retries: u64,
    /// How long keys have waited from being added to being handed out. `workqueue_queue_duration_seconds`.
    pub queue_latency: Timing,
    /// How long workers have had keys that are done. `workqueue_work_duration_seconds`.
    pub work_duration: Timing,
    /// How long workers have had the keys that are not done, in sum. `workqueue_unfinished_work_seconds`.
    pub unfinished_work: Duration,
    /// How long a worker has had the key that it has had for longest; zero if there is none.
    /// `workqueue_longest_running_processor_seconds`.
    pub longest_running: Duration,
}

/// A histogram of durations.
///
/// The upper bounds of its buckets are 10 ns, 20 ns, 50 ns, 100 ns and so on to 10 s: client-go's, which are the powers of
/// ten, and two between any of them.
#[derive(Debug, Clone)]
pub struct Timing {
    /// One count for each bound, and one for what is longer than the last.
    counts: [u64; BOUNDS.len() + 1],
    total: Duration,
    max: Duration,
}

const BOUNDS: [Duration; 28] = bounds();

impl Timing {
    /// Says how many durations have been recorded.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Returns the sum of the durations.
    pub fn total(&self) -> Duration {
        self.total
    }

    /// Returns the longest duration; zero if there is none.
    pub fn max(&self) -> Duration {
        self.max
    }

    /// Returns the average duration; zero if there is none.
    pub fn mean(&self) -> Duration {
        let nanos = self.total.as_nanos() / u128::from(self.count().max(1));
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// Returns a bound that a share of the durations, `quantile` (0.0 to 1.0), does not exceed; zero if there is none.
    ///
    /// The answer is as fine as the buckets, and never longer than the longest duration.
    ///
    /// # Examples
    ///
    /// ```
    /// # let queue = kubekit_workqueue::WorkQueue::<String>::new();
    /// let latency = queue.stats().queue_latency;
    /// println!("99 % of the keys waited at most {:?}", latency.quantile(0.99));
    /// ```
    pub fn quantile(&self, quantile: f64) -> Duration {
        let rank = (quantile.clamp(0.0, 1.0) * self.count() as f64).ceil() as u64;
        self.buckets()
            .find(|(_, below)| *below >= rank.max(1))
            .map_or(self.max, |(bound, _)| bound.min(self.max))
    }

    /// Lists the buckets: an upper bound and how many durations do not exceed it.
    ///
    /// Durations beyond the last bound are only in [`count`](Self::count).
    pub fn buckets(&self) -> impl Iterator<Item = (Duration, u64)> + '_ {
        let running = self.counts.iter().scan(0, |sum, count| {
            *sum += count;
            Some(*sum)
        });
        BOUNDS.into_iter().zip(running)
    }

    pub(crate) fn record(&mut self, duration: Duration) {
        self.counts[BOUNDS.partition_point(|bound| *bound < duration)] += 1;
        self.total = self.total.saturating_add(duration);
        self.max = self.max.max(duration);
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            counts: [0; BOUNDS.len() + 1],
            total: Duration::ZERO,
            max: Duration::ZERO,
        }
    }
}

const fn bounds() -> [Duration; 28] {
    let mut bounds = [Duration::ZERO; 28];
    let mut decade = 10;
    let mut i = 0;
    while i < bounds.len() {
        let factor = [1, 2, 5][i % 3];
        bounds[i] = Duration::from_nanos(factor * decade);
        if factor == 5 {
            decade *= 10;
        }
        i += 1;
    }
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timing(durations: impl IntoIterator<Item = Duration>) -> Timing {
        let mut timing = Timing::default();
        durations.into_iter().for_each(|d| timing.record(d));
        timing
    }

    #[test]
    fn bounds_run_from_ten_nanoseconds_to_ten_seconds() {
        assert_eq!(BOUNDS[0], Duration::from_nanos(10));
        assert_eq!(BOUNDS[4], Duration::from_nanos(200));
        assert_eq!(BOUNDS[27], Duration::from_secs(10));
        assert!(BOUNDS.is_sorted());
    }

    #[test]
    fn a_duration_belongs_to_the_bucket_it_does_not_exceed() {
        let timing = timing([Duration::from_millis(5), Duration::from_secs(60)]);
        let below = |bound| timing.buckets().find(|(b, _)| *b == bound).map(|(_, n)| n);
        assert_eq!(below(Duration::from_millis(2)), Some(0));
        assert_eq!(below(Duration::from_millis(5)), Some(1));
        assert_eq!(below(Duration::from_secs(10)), Some(1));
        assert_eq!(timing.count(), 2);
    }

    #[test]
    fn quantiles_are_bucket_bounds_up_to_the_longest() {
        let timing = timing((1..=100).map(Duration::from_millis));
        assert_eq!(timing.quantile(0.5), Duration::from_millis(50));
        assert_eq!(timing.quantile(0.99), Duration::from_millis(100));
        assert_eq!(timing.quantile(0.0), Duration::from_millis(1));
        assert_eq!(timing.mean(), Duration::from_micros(50_500));
        assert_eq!(Timing::default().quantile(0.99), Duration::ZERO);
        assert_eq!(Timing::default().mean(), Duration::ZERO);
    }

    #[test]
    fn what_exceeds_every_bound_is_answered_with_the_longest() {
        let timing = timing([Duration::from_secs(100), Duration::from_secs(200)]);
        assert_eq!(timing.quantile(0.1), Duration::from_secs(200));
    }
}
