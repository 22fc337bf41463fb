//! When a request is sent again.
//!
//! [`RetryPolicy`] decides and does nothing else: no clock, no randomness, no I/O. A [`ClientBuilder`](crate::ClientBuilder)
//! takes one for the requests of a client.

use std::time::Duration;

use http::StatusCode;

/// The wait before the first repetition without a `Retry-After`; it doubles from there.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest wait without a `Retry-After`.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Decides whether a request is sent again, and when.
///
/// The rules, for up to 10 attempts begun within 30 s of the first:
///
/// * 429, 503 and 504 with a `Retry-After` in seconds: any request, after that time. The server says so only when it has not
///   carried the request out.
/// * Any other 5xx, and a connection that was lost before the answer began: only a request that is safe to repeat. Those are
///   reads, server-side applies and dry runs; a create, update, other patch or delete may have been committed and is not sent
///   again.
/// * Everything else, a connection that could not be made among it, is returned at once.
///
/// Waits are jittered, so that clients that failed together do not return together: up to half the backoff is added to a
/// `Retry-After`; without one the wait is 100 ms, doubled for each attempt up to 5 s, less up to half of it. When the next
/// attempt would begin after the deadline, the last answer is returned at once.
///
/// client-go makes 11 attempts without a deadline, also repeats a 500 or 502 with `Retry-After` for any verb, and repeats
/// neither a 5xx without it nor anything but a GET after a lost connection. Its retries on a `Retry-After` that is a date
/// do not exist either.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kubekit_rest::RetryPolicy;
///
/// let policy = RetryPolicy::new().attempts(3).deadline(Duration::from_secs(5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    deadline: Duration,
}

/// What is known of an attempt that has just ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attempt {
    /// Which attempt it was, from 1.
    pub number: u32,
    /// The time since the first attempt began.
    pub elapsed: Duration,
    /// Whether the request may be carried out twice.
    pub repeatability: Repeatability,
    /// A random number from 0 up to but not including 1.
    pub jitter: f64,
}

/// Whether a request may be carried out twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repeatability {
    /// It changes nothing, or the same thing once more.
    Safe,
    /// Carrying it out twice is not the same as once.
    Unsafe,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The server answered.
    Answered {
        /// The status code.
        status: StatusCode,
        /// The `Retry-After` header, if it is a number of seconds.
        retry_after: Option<Duration>,
    },
    /// The connection broke after the request may have been sent and before an answer began.
    ConnectionLost,
    /// It failed in a way that another attempt will not mend.
    Failed,
}

/// What to do after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Return the answer or error.
    Return,
    /// Send the request again after this time.
    RetryIn(Duration),
}

impl RetryPolicy {
    /// Makes the default policy: 10 attempts, begun within 30 s.
    pub const fn new() -> Self {
        Self {
            attempts: 10,
            deadline: Duration::from_secs(30),
        }
    }

    /// Makes a policy that sends every request once.
    pub const fn never() -> Self {
        Self::new().attempts(1)
    }

    /// Sets the most attempts to make, the first among them. 10 by default; 0 is taken for 1.
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the time after the first attempt within which the last one must begin. 30 s by default.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Decides what to do after an attempt. It depends on its arguments only.
    pub fn decide(&self, attempt: Attempt, outcome: Outcome) -> Decision {
        if attempt.number >= self.attempts {
            return Decision::Return;
        }
        match wait(attempt, outcome) {
            Some(wait) if attempt.elapsed.saturating_add(wait) <= self.deadline => {
                Decision::RetryIn(wait)
            }
            _ => Decision::Return,
        }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns how long to wait, or `None` if the outcome must not be answered with another attempt.
fn wait(attempt: Attempt, outcome: Outcome) -> Option<Duration> {
    let half_backoff = backoff(attempt.number) / 2;
    let jitter = half_backoff.mul_f64(attempt.jitter.clamp(0.0, 1.0));
    let asked = match outcome {
        Outcome::Answered {
            status,
            retry_after: Some(asked),
        } if suggests_retry(status) => asked,
        _ if attempt.repeatability == Repeatability::Unsafe => return None,
        Outcome::Answered {
            status,
            retry_after,
        } if status.is_server_error() => retry_after.unwrap_or(half_backoff),
        Outcome::ConnectionLost => half_backoff,
        Outcome::Answered { .. } | Outcome::Failed => return None,
    };
    Some(asked.saturating_add(jitter))
}

/// The codes that, with a `Retry-After`, say that the request was turned away.
fn suggests_retry(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// Doubles from the first wait to the longest.
fn backoff(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    (FIRST_WAIT * 2_u32.pow(doublings)).min(LONGEST_WAIT)
}
