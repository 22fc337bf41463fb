//! Dates, times and durations.

use jiff::civil;

/// The units of a duration, with the names of those who write them out.
const UNITS: [(&[&str], f64); 8] = [
    (&["ns", "nano", "nanos", "nanosecond", "nanoseconds"], 1e-9),
    (
        &[
            "us",
            "\u{b5}s",
            "\u{3bc}s",
            "micro",
            "micros",
            "microsecond",
            "microseconds",
        ],
        1e-6,
    ),
    (
        &["ms", "milli", "millis", "millisecond", "milliseconds"],
        1e-3,
    ),
    (&["s", "sec", "secs", "second", "seconds"], 1.0),
    (&["m", "min", "mins", "minute", "minutes"], 60.0),
    (&["h", "hr", "hour", "hours"], 3600.0),
    (&["d", "day", "days"], 86_400.0),
    (&["w", "wk", "week", "weeks"], 604_800.0),
];

pub(super) fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<civil::Date>().is_ok()
}

pub(super) fn is_date_time(text: &str) -> bool {
    let has_time = text
        .get(10..11)
        .is_some_and(|sign| matches!(sign, "T" | "t" | " "));
    has_time && text.parse::<jiff::Timestamp>().is_ok()
}

pub(super) fn is_duration(text: &str) -> bool {
    seconds(text).is_some()
}

/// How long a duration is: `1h30m`, or a number with a unit that may be a word.
pub(crate) fn seconds(text: &str) -> Option<f64> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if text == "0" {
        return Some(0.0);
    }
    if text.is_empty() {
        return None;
    }
    let mut rest = text.trim();
    let mut sum = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(end);
        let after = after.trim_start();
        let is_unit = |c: char| !c.is_ascii_digit() && c != '.' && c != ' ';
        let end = after.find(|c| !is_unit(c)).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let (_, scale) = UNITS.iter().find(|(names, _)| names.contains(&unit))?;
        sum += number.parse::<f64>().ok()? * scale;
        rest = after.trim_start();
    }
    Some(sign * sum)
}
