//! YAML that every reader takes for the same values.
//!
//! serde_yaml writes words such as `on` without quotes, which YAML 1.1 (and so kubectl) reads as booleans. Here,
//! whatever is not plainly a word or a path is quoted.

use serde_json::{Map, Value};

/// Writes a value in block style.
pub(crate) fn yaml(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => mapping(&mut out, map, 0),
        Value::Array(items) if !items.is_empty() => list(&mut out, items, 0),
        scalar_or_empty => {
            inline(&mut out, scalar_or_empty);
            out.push('\n');
        }
    }
    out
}

fn mapping(out: &mut String, map: &Map<String, Value>, indent: usize) {
    for (index, (key, value)) in map.iter().enumerate() {
        // The first entry continues the line of a list item, if there is one.
        if index > 0 || out.ends_with('\n') {
            pad(out, indent);
        }
        text(out, key);
        out.push(':');
        match value {
            Value::Object(map) if !map.is_empty() => {
                out.push('\n');
                mapping(out, map, indent + 2);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                list(out, items, indent);
            }
            scalar_or_empty => {
                out.push(' ');
                inline(out, scalar_or_empty);
                out.push('\n');
            }
        }
    }
}

fn list(out: &mut String, items: &[Value], indent: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 || out.ends_with('\n') {
            pad(out, indent);
        }
        out.push_str("- ");
        match item {
            Value::Object(map) if !map.is_empty() => mapping(out, map, indent + 2),
            Value::Array(items) if !items.is_empty() => list(out, items, indent + 2),
            scalar_or_empty => {
                inline(out, scalar_or_empty);
                out.push('\n');
            }
        }
    }
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn inline(out: &mut String, value: &Value) {
    match value {
        Value::String(value) => text(out, value),
        // Empty lists and mappings, numbers, booleans and null are the same in JSON and in YAML.
        value => out.push_str(&value.to_string()),
    }
}

fn text(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => escape(out, c),
            c if c.is_control() => escape(out, c),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn escape(out: &mut String, c: char) {
    out.push_str(&format!("\\u{:04x}", u32::from(c)));
}

/// Whether a text can do without quotes: it begins as a word or a path, has no character that means something to
/// YAML, and is not a word that means something.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./@:+=".contains(&byte);
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.bytes().all(allowed)
        && !text.ends_with(':')
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}
