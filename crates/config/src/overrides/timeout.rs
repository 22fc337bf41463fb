//! Timeouts as they are written on a command line.

use std::{fmt, str::FromStr, time::Duration};

/// The value of `--request-timeout`: a duration as Go writes it, or a number of seconds.
///
/// A duration is a sequence of numbers, each with a unit of `ns`, `us` (`µs`), `ms`, `s`, `m` or `h` and perhaps a
/// fraction, such as `1h15m30.5s`. Zero and the empty text mean without limit.
///
/// Matches `clientcmd.ParseTimeout`, less the negative durations, which mean nothing.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kubekit_config::{Overrides, RequestTimeout};
///
/// let RequestTimeout(timeout) = "1m30s".parse()?;
/// assert_eq!(timeout, Some(Duration::from_secs(90)));
/// assert_eq!("0".parse(), Ok(RequestTimeout(None)));
/// assert!("soon".parse::<RequestTimeout>().is_err());
/// # Ok::<(), kubekit_config::InvalidTimeout>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestTimeout(pub Option<Duration>);

/// A text is not a timeout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTimeout(String);

impl FromStr for RequestTimeout {
    type Err = InvalidTimeout;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let timeout = match text.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) if text.is_empty() => Some(Duration::ZERO),
            Err(_) => go_duration(text),
        };
        let timeout = timeout.ok_or_else(|| InvalidTimeout(text.to_owned()))?;
        Ok(Self(Some(timeout).filter(|timeout| !timeout.is_zero())))
    }
}

fn go_duration(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(end);
        let end = tail
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        sum = sum.checked_add(quantity(number, nanoseconds(unit)?)?)?;
        rest = tail;
    }
    Some(sum)
}

/// Multiplies a decimal number with a unit; what is finer than a nanosecond is cut off.
fn quantity(number: &str, unit: u64) -> Option<Duration> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let whole: u64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let mut nanoseconds = whole.checked_mul(unit)?;
    let mut share = unit;
    for digit in fraction.bytes() {
        share /= 10;
        nanoseconds = nanoseconds.checked_add(share * u64::from(digit - b'0'))?;
    }
    Some(Duration::from_nanos(nanoseconds))
}

fn nanoseconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

impl fmt::Display for InvalidTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a timeout: write a number of seconds, or a duration such as 1m30s",
            self.0
        )
    }
}

impl std::error::Error for InvalidTimeout {}
