//! Percentages, where a number or a percentage is allowed.

use serde_json::Value;

/// What is wrong with a text that is to be a percentage.
pub(super) fn problems(text: &str) -> Vec<String> {
    if of(text).is_some() {
        return Vec::new();
    }
    vec![
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
            .to_owned(),
    ]
}

/// Whether it is more than all.
pub(super) fn is_more_than_all(value: &Value) -> bool {
    value
        .as_str()
        .and_then(of)
        .is_some_and(|percent| percent > 100)
}

/// Whether a number or a percentage is nothing.
pub(super) fn is_zero(value: &Value) -> bool {
    value.as_i64() == Some(0) || value.as_str().and_then(of) == Some(0)
}

fn of(text: &str) -> Option<u64> {
    let digits = text.strip_suffix('%')?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u64::MAX))
}
