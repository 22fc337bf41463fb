//! What stands in an expectation for a value that a server chooses.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jiff::Timestamp;
use regex::Regex;

/// How far a time may be from the present.
const NEAR: i64 = 86_400;

/// Kinds and what they stand for.
const KINDS: [(&str, &str); 12] = [
    ("rv", r"[1-9][0-9]*"),
    (
        "uid",
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    ),
    ("gen", r"[bcdfghjklmnpqrstvwxz2456789]{5}"),
    (
        "time",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
    ),
    (
        "microtime",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z",
    ),
    ("continue", r"\S+"),
    (
        "ip",
        r"(?:[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9a-f:]*:[0-9a-f:]+)",
    ),
    ("jwt", r"[0-9A-Za-z_-]+\.[0-9A-Za-z_-]+\.[0-9A-Za-z_-]+"),
    ("int", r"[0-9]+"),
    ("hash", r"[0-9A-Za-z_+/=-]+"),
    ("age", r"(?:[0-9]+[smhdy])+|<unknown>|<invalid>"),
    ("etag", r#""[^"]+""#),
];

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
    let pattern = format!(
        "<(rv|uid|gen):([0-9]+)>|<({})>|<len:([0-9]+)>",
        kinds.join("|")
    );
    Regex::new(&pattern).expect("it is a valid pattern")
});

/// A text with placeholders, ready to be compared. Texts repeat a lot, so each is prepared once.
#[derive(Debug)]
pub(super) struct Pattern {
    whole: Regex,
    parts: Vec<Part>,
}

/// A placeholder in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The same number always stands for the same value.
    Numbered(String, u64),
    /// A time.
    Time,
    /// A text of so many characters.
    Length(usize),
    Any,
}

impl Pattern {
    pub(super) fn of(text: &str) -> Arc<Pattern> {
        static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Pattern>>>> =
            LazyLock::new(Mutex::default);
        let mut known = KNOWN
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(pattern) = known.get(text) {
            return Arc::clone(pattern);
        }
        let pattern = Arc::new(Pattern::new(text));
        known.insert(text.to_owned(), Arc::clone(&pattern));
        pattern
    }

    fn new(text: &str) -> Pattern {
        let mut parts = Vec::new();
        let mut pattern = r"\A(?:".to_owned();
        let mut end = 0;
        for found in PLACEHOLDER.captures_iter(text) {
            let place = found.get(0).expect("the whole match is always there");
            let group = |index| found.get(index).map(|group| group.as_str());
            pattern.push_str(&regex::escape(&text[end..place.start()]));
            end = place.end();
            let (part, kind) = match (group(1), group(3), group(4)) {
                (Some(kind), ..) => (Part::Numbered(kind.to_owned(), number(group(2))), kind),
                (_, Some(kind @ ("time" | "microtime")), _) => (Part::Time, kind),
                (_, Some(kind), _) => (Part::Any, kind),
                _ => (Part::Length(number(group(4)) as usize), ""),
            };
            let stands_for = KINDS
                .iter()
                .find(|(known, _)| *known == kind)
                .map_or(r"[\s\S]*", |(_, pattern)| pattern);
            pattern.push_str(&format!("({stands_for})"));
            parts.push(part);
        }
        pattern.push_str(&regex::escape(&text[end..]));
        pattern.push_str(r")\z");
        let whole =
            Regex::new(&pattern).expect("escaped texts and known kinds make a valid pattern");
        Pattern { whole, parts }
    }

    /// The placeholders with what stands in their place; `None` when the text is another one.
    pub(super) fn matches<'a>(&'a self, text: &'a str) -> Option<Vec<(&'a Part, &'a str)>> {
        let found = self.whole.captures(text)?;
        let values = found.iter().skip(1).flatten().map(|value| value.as_str());
        let fits = |(part, value): &(&Part, &str)| match part {
            Part::Length(length) => value.chars().count() == *length,
            Part::Time => is_near(value),
            _ => true,
        };
        let pairs: Vec<(&Part, &str)> = self.parts.iter().zip(values).collect();
        pairs.iter().all(fits).then_some(pairs)
    }
}

fn number(digits: Option<&str>) -> u64 {
    digits
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(u64::MAX)
}

fn is_near(time: &str) -> bool {
    let time = time.parse::<Timestamp>();
    time.is_ok_and(|time| (time.as_second() - Timestamp::now().as_second()).abs() < NEAR)
}
