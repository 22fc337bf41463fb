//! What a text in YAML 1.1 stands for.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use saphyr_parser::Tag;
use serde_json::Value;

/// The value of a scalar; `is_plain` says that it is not quoted. Times stay the texts they are.
///
/// # Errors
///
/// Fails for what is not what its tag says, and for numbers that JSON does not have.
pub(super) fn resolve(text: &str, is_plain: bool, tag: Option<&Tag>) -> Result<Value, String> {
    let Some(tag) = tag.filter(|tag| tag.is_yaml_core_schema()) else {
        return if is_plain && tag.is_none() {
            implicit(text)
        } else {
            Ok(text.into())
        };
    };
    match tag.suffix.as_str() {
        "binary" => binary(text),
        "bool" => implicit(text).and_then(|value| explicit(value, text, tag, Value::is_boolean)),
        "null" => implicit(text).and_then(|value| explicit(value, text, tag, Value::is_null)),
        "float" => implicit(text).and_then(|value| explicit(value, text, tag, Value::is_number)),
        "int" => implicit(text).and_then(|value| explicit(value, text, tag, is_integer)),
        _ => Ok(text.into()),
    }
}

fn explicit(
    value: Value,
    text: &str,
    tag: &Tag,
    is_so: impl Fn(&Value) -> bool,
) -> Result<Value, String> {
    match is_so(&value) {
        true => Ok(value),
        false => Err(format!("cannot decode `{text}` as a !!{}", tag.suffix)),
    }
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64()
}

fn binary(text: &str) -> Result<Value, String> {
    let digits: String = text
        .chars()
        .filter(|digit| !digit.is_ascii_whitespace())
        .collect();
    match STANDARD.decode(digits) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned().into()),
        Err(_) => Err("!!binary value contains invalid base64 data".to_owned()),
    }
}

/// What a text without quotes and tag stands for.
fn implicit(text: &str) -> Result<Value, String> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            true.into()
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            false.into()
        }
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF"
        | "-.inf" | "-.Inf" | "-.INF" => return Err(format!("unsupported value: {text}")),
        text if text.starts_with('.') => float(text).unwrap_or_else(|| text.into()),
        text if text.starts_with(|first: char| first.is_ascii_digit() || "+-".contains(first)) => {
            let digits = text.replace('_', "");
            let number = integer(&digits).or_else(|| float(&digits));
            number.unwrap_or_else(|| text.into())
        }
        text => text.into(),
    })
}

/// Decimal, hexadecimal, octal (with `0o`, or just `0`) and binary integers.
fn integer(text: &str) -> Option<Value> {
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => (&text[..1], digits),
        None => ("", text),
    };
    let (digits, radix) = match digits.get(..2) {
        Some("0x" | "0X") => (&digits[2..], 16),
        Some("0o" | "0O") => (&digits[2..], 8),
        Some("0b" | "0B") => (&digits[2..], 2),
        Some(_) if digits.starts_with('0') => (&digits[1..], 8),
        _ => (digits, 10),
    };
    // A second sign is no digit, but would be read as one.
    if !digits.starts_with(|first: char| first.is_digit(radix)) {
        return None;
    }
    let signed = i64::from_str_radix(&format!("{sign}{digits}"), radix);
    match signed {
        Ok(number) => Some(number.into()),
        Err(_) if sign.is_empty() => u64::from_str_radix(digits, radix).ok().map(Value::from),
        Err(_) => None,
    }
}

/// A number with a point or an exponent, or one too large for an integer. Where JSON would write it as an integer, it is one.
fn float(text: &str) -> Option<Value> {
    let is_number = |byte: u8| byte.is_ascii_digit() || b".eE+-".contains(&byte);
    if !text.bytes().all(is_number) {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the number is whole and in the range of the type"
    )]
    let whole =
        (number.fract() == 0.0 && number.abs() < 9.2e18).then(|| Value::from(number as i64));
    whole.or_else(|| serde_json::Number::from_f64(number).map(Value::Number))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_texts_mean_what_they_do_in_yaml_1_1() {
        for (text, value) in [
            ("y", json!(true)),
            ("Off", json!(false)),
            ("yEs", json!("yEs")),
            ("~", json!(null)),
            ("nUll", json!("nUll")),
            ("0755", json!(493)),
            ("0o755", json!(493)),
            ("-0x1F", json!(-31)),
            ("0b101", json!(5)),
            ("1_000", json!(1000)),
            ("08", json!(8)),
            ("0x", json!("0x")),
            ("0x-5", json!("0x-5")),
            ("+5", json!(5)),
            ("+-5", json!("+-5")),
            ("1.0", json!(1)),
            ("1.5e3", json!(1500)),
            (".5", json!(0.5)),
            ("1e400", json!("1e400")),
            ("18446744073709551615", json!(u64::MAX)),
            ("100000000000000000000", json!(1e20)),
            ("1:30", json!("1:30")),
            ("2024-01-01", json!("2024-01-01")),
            ("1.2.3", json!("1.2.3")),
            ("0é", json!("0é")),
            ("=", json!("=")),
        ] {
            assert_eq!(resolve(text, true, None), Ok(value), "{text}");
            assert_eq!(resolve(text, false, None), Ok(text.into()), "{text}");
        }
        assert!(resolve(".inf", true, None).is_err());
    }

    #[test]
    fn tags_say_what_a_text_is() {
        let tagged = |text: &str, suffix: &str| {
            let tag = Tag {
                handle: "tag:yaml.org,2002:".to_owned(),
                suffix: suffix.to_owned(),
            };
            resolve(text, false, Some(&tag))
        };
        assert_eq!(tagged("1", "str"), Ok(json!("1")));
        assert_eq!(tagged("1", "int"), Ok(json!(1)));
        assert_eq!(tagged("on", "bool"), Ok(json!(true)));
        assert_eq!(tagged("aGk=", "binary"), Ok(json!("hi")));
        assert!(tagged("one", "int").is_err());
        assert!(tagged("yes", "null").is_err());
    }
}
