//! Numbers as custom resources keep them.

use serde_json::{Number, Value};

/// Brings all numbers into the form in which the API server writes them: `1.0` is `1`, and `-0.0` is `0`.
pub(crate) fn normalize(value: &mut Value) {
    match value {
        Value::Number(number) => *number = normal(number),
        Value::Array(items) => items.iter_mut().for_each(normalize),
        Value::Object(members) => members.values_mut().for_each(normalize),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

fn normal(number: &Number) -> Number {
    if number.is_i64() {
        return number.clone();
    }
    let Some(float) = number.as_f64() else {
        return number.clone();
    };
    if float == 0.0 {
        return Number::from(0);
    }
    // What has no fraction is written without one, in the digits that tell it from its neighbours.
    if float.fract() == 0.0 {
        let digits = format!("{float}");
        if let Ok(integer) = digits.parse::<i64>() {
            return Number::from(integer);
        }
        if let Ok(integer) = digits.parse::<u64>() {
            return Number::from(integer);
        }
    }
    Number::from_f64(float).unwrap_or_else(|| number.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_a_fraction_is_written_without_one() {
        let cases = [
            ("1.0", "1"),
            ("-0.0", "0"),
            ("1e3", "1000"),
            ("0.5", "0.5"),
            ("9007199254740993", "9007199254740993"),
            ("123456789012345678901234567890", "1.2345678901234568e+29"),
        ];
        for (sent, kept) in cases {
            let mut value: Value = serde_json::from_str(sent).expect("a number");
            normalize(&mut value);
            assert_eq!(value.to_string(), kept);
        }
    }
}
