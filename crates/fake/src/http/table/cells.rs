//! The makers of cells.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::age::age;

/// What an empty cell shows.
pub(super) const NONE: &str = "<none>";

/// What a time shows that nobody has set.
pub(super) const UNKNOWN: &str = "<unknown>";

/// A text at a JSON pointer, empty when there is none.
pub(super) fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// An integer at a JSON pointer, zero when there is none.
pub(super) fn integer(object: &Value, pointer: &str) -> i64 {
    object
        .pointer(pointer)
        .and_then(Value::as_i64)
        .unwrap_or_default()
}

/// The elements of an array at a JSON pointer.
pub(super) fn elements<'a>(object: &'a Value, pointer: &str) -> &'a [Value] {
    object
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// How many members an object at a JSON pointer has.
pub(super) fn count(object: &Value, pointer: &str) -> usize {
    object
        .pointer(pointer)
        .and_then(Value::as_object)
        .map_or(0, Map::len)
}

/// A text, or the sign that there is none.
pub(super) fn or_none(text: &str) -> Value {
    if text.is_empty() {
        NONE.into()
    } else {
        text.into()
    }
}

/// A text of each element of an array, with commas in between.
pub(super) fn joined(object: &Value, array: &str, pointer: &str) -> String {
    let texts: Vec<&str> = elements(object, array)
        .iter()
        .map(|element| text(element, pointer))
        .collect();
    texts.join(",")
}

/// Labels as a selector writes them.
pub(super) fn labels(object: &Value, pointer: &str) -> String {
    let labels = object.pointer(pointer).and_then(Value::as_object);
    let pairs: Vec<String> = labels
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    pairs.join(",")
}

/// How long ago a timestamp was.
pub(super) fn date(timestamp: &str, now: Timestamp) -> String {
    match timestamp {
        "" => UNKNOWN.to_owned(),
        timestamp => timestamp
            .parse()
            .map_or_else(|_| "<invalid>".to_owned(), |then| age(then, now)),
    }
}
