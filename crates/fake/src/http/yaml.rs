//! JSON as YAML, in the way the API server writes it, and back.
//!
//! Its readers follow YAML 1.1, where `on` is a boolean and `1:30` a number, so a text that looks like either is quoted. Lists are not
//! indented below their key, and texts of several lines are literal blocks.

mod plain;
mod read;
mod scalar;

use std::fmt::Write;

use serde_json::{Map, Value};

pub(crate) use read::read;

/// Writes a document.
pub(crate) fn write(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => mapping(map, 0, &mut out),
        Value::Array(items) if !items.is_empty() => sequence(items, 0, &mut out),
        scalar_or_empty => {
            scalar(scalar_or_empty, 2, &mut out);
            out.push('\n');
        }
    }
    out
}

/// Writes the members of a map, each on its own lines. The first stands where the cursor is.
fn mapping(map: &Map<String, Value>, indent: usize, out: &mut String) {
    for (index, (key, value)) in map.iter().enumerate() {
        if index > 0 {
            pad(indent, out);
        }
        text(key, out);
        out.push(':');
        match value {
            Value::Object(map) if !map.is_empty() => {
                out.push('\n');
                pad(indent + 2, out);
                mapping(map, indent + 2, out);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                pad(indent, out);
                sequence(items, indent, out);
            }
            value => {
                out.push(' ');
                scalar(value, indent + 2, out);
                out.push('\n');
            }
        }
    }
}

/// Writes the items of a list, each on its own lines. The first stands where the cursor is.
fn sequence(items: &[Value], indent: usize, out: &mut String) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            pad(indent, out);
        }
        out.push_str("- ");
        match item {
            Value::Object(map) if !map.is_empty() => mapping(map, indent + 2, out),
            Value::Array(items) if !items.is_empty() => sequence(items, indent + 2, out),
            item => {
                scalar(item, indent + 2, out);
                out.push('\n');
            }
        }
    }
}

/// Writes what fits after a key: a scalar, or an empty map or list. `indent` is that of the lines of a block.
fn scalar(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::String(lines) if plain::is_block(lines) => block(lines, indent, out),
        Value::String(line) => text(line, out),
        other => out.push_str(&other.to_string()),
    }
}

/// Writes a text of one line: as it is where that is safe, else quoted.
fn text(line: &str, out: &mut String) {
    if plain::means_something_else(line) || plain::needs_escapes(line) {
        quoted(line, out);
    } else if plain::is_plain(line) {
        out.push_str(line);
    } else {
        let _ = write!(out, "'{}'", line.replace('\'', "''"));
    }
}

/// Writes a text between double quotes, in which everything can be said.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            odd if plain::is_odd(odd) => {
                let _ = write!(out, "\\u{:04x}", u32::from(odd));
            }
            usual => out.push(usual),
        }
    }
    out.push('"');
}

/// Writes a text of several lines as a literal block.
fn block(lines: &str, indent: usize, out: &mut String) {
    out.push('|');
    if lines.starts_with([' ', '\n']) {
        out.push('2');
    }
    if !lines.ends_with('\n') {
        out.push('-');
    } else if lines.ends_with("\n\n") || lines == "\n" {
        out.push('+');
    }
    let lines = lines.strip_suffix('\n').unwrap_or(lines);
    for line in lines.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            pad(indent, out);
            out.push_str(line);
        }
    }
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::write;

    #[test]
    fn documents_look_as_the_api_server_writes_them() {
        let value = json!({
            "apiVersion": "v1",
            "data": {"a": "1", "on": "on", "text": "one\ntwo\n", "colon": "a: b", "empty": ""},
            "items": [{"name": "x", "args": ["-v", "y"]}, {}, [1, 2.5]],
            "metadata": {"creationTimestamp": "2026-11-20T23:09:51Z", "labels": {}, "uid": "967e0a09-d322"},
            "nothing": null,
        });
        let expected = r#"apiVersion: v1
data:
  a: "1"
  colon: 'a: b'
  empty: ""
  "on": "on"
  text: |
    one
    two
items:
- args:
  - -v
  - "y"
  name: x
- {}
- - 1
  - 2.5
metadata:
  creationTimestamp: "2026-11-20T23:09:51Z"
  labels: {}
  uid: 967e0a09-d322
nothing: null
"#;
        assert_eq!(write(&value), expected);
    }

    fn values() -> impl Strategy<Value = Value> {
        let texts = prop_oneof![
            "[ -~]{0,8}",
            "[a-c \n:#'\"\\-]{0,12}",
            "[0-9:.eExobT_+-]{1,6}",
            any::<String>(),
        ];
        let leaves = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            texts.clone().prop_map(Value::from),
        ];
        leaves.prop_recursive(4, 32, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(texts.clone(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(value in values()) {
            let yaml = write(&value);
            let reading = super::read(yaml.as_bytes()).map_err(|error| {
                TestCaseError::fail(format!("{error} in:\n{yaml}"))
            })?;
            prop_assert_eq!(reading.value, value, "{}", yaml);
            prop_assert!(reading.repeated.is_empty());
        }
    }
}
