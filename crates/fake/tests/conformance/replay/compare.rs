//! Expectation against answer, value by value.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::names::Names;
use super::path::ABSENT;

const NODE_PORTS: RangeInclusive<u64> = 30_000..=32_767;

/// The most that is shown of a value.
const SHOWN: usize = 300;

/// Appends `path: want X got Y` for every difference. Numbers, texts, truth values and null are never the same.
pub(crate) fn compare(
    want: &Value,
    got: &Value,
    path: &str,
    names: &mut Names,
    differences: &mut Vec<String>,
) {
    match (want, got) {
        (Value::String(want), Value::Number(got)) if want == "<nodePort>" && is_node_port(got) => {}
        (Value::Object(want), Value::Object(got)) => objects(want, got, path, names, differences),
        (Value::Array(want), Value::Array(got)) => {
            for (index, (want, got)) in want.iter().zip(got).enumerate() {
                compare(want, got, &format!("{path}[{index}]"), names, differences);
            }
            if want.len() != got.len() {
                let (wanted, is) = (want.len(), got.len());
                differences.push(format!(
                    "{path}: want {wanted} items got {is}: {}",
                    show(&got.clone().into())
                ));
            }
        }
        (Value::String(want), Value::String(text)) => {
            if let Some(wanted) = names.mismatch(want, text) {
                differences.push(format!("{path}: want {wanted} got {}", show(got)));
            }
        }
        _ if want == got => {}
        _ => differences.push(format!("{path}: want {} got {}", show(want), show(got))),
    }
}

/// A value as it stands in a report.
pub(super) fn show(value: &Value) -> String {
    if value == ABSENT {
        return ABSENT.to_owned();
    }
    let mut text = value.to_string();
    if let Some((cut, _)) = text.char_indices().nth(SHOWN) {
        text.truncate(cut);
        text.push_str("...");
    }
    text
}

fn objects(
    want: &Map<String, Value>,
    got: &Map<String, Value>,
    path: &str,
    names: &mut Names,
    differences: &mut Vec<String>,
) {
    let mut unexpected: Vec<&String> = got.keys().collect();
    for (key, want) in want {
        let key = names.expand(key);
        let below = below(path, &key);
        match got.get(&key) {
            Some(got) => compare(want, got, &below, names, differences),
            None => differences.push(format!("{below}: want {} got nothing", show(want))),
        }
        unexpected.retain(|known| **known != key);
    }
    for key in unexpected {
        differences.push(format!(
            "{}: want nothing got {}",
            below(path, key),
            show(&got[key])
        ));
    }
}

fn below(path: &str, key: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_$-".contains(c);
    if !key.is_empty() && key.chars().all(plain) {
        format!("{path}.{key}")
    } else {
        format!("{path}[{key:?}]")
    }
}

fn is_node_port(number: &serde_json::Number) -> bool {
    number
        .as_u64()
        .is_some_and(|port| NODE_PORTS.contains(&port))
}
