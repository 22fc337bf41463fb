//! Quantities: numbers with a suffix, such as `500m` and `1Gi`.

use serde_json::Value;

use crate::failure::Malformed;

const RULE: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/// Numbers with more digits or larger exponents are kept as they are written.
const MOST_DIGITS: usize = 18;
const LARGEST_EXPONENT: i32 = 18;

const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: [(&str, i32); 10] = [
    ("n", -9),
    ("u", -6),
    ("m", -3),
    ("", 0),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
];

/// A quantity as it is written.
struct Written<'a> {
    is_negative: bool,
    whole: &'a str,
    fraction: &'a str,
    unit: Unit,
}

#[derive(Clone, Copy)]
enum Unit {
    /// A power of 1024.
    Binary(u32),
    /// A power of ten, written as a letter.
    Decimal(i32),
    /// A power of ten, written as a number.
    Exponent(i32),
}

/// Makes a quantity of a number, and checks a text.
///
/// # Errors
///
/// Fails for what is not a quantity.
pub(super) fn settle(value: &mut Value) -> Result<(), Malformed> {
    if let Value::Number(number) = value {
        *value = number.to_string().into();
    }
    match value.as_str() {
        Some(text) if Written::parse(text).is_some() => Ok(()),
        _ => Err(Malformed::text(RULE)),
    }
}

/// Writes a quantity as the API server does: rounded up to thousandths, with the largest suffix that needs no fraction.
pub(super) fn canonicalize(value: &mut Value) {
    let canonical = value.as_str().and_then(Written::parse);
    if let Some(text) = canonical.and_then(|written| written.canonical()) {
        *value = text.into();
    }
}

/// The thousandths in a quantity, rounded up; `None` for what is no quantity or too large.
pub(crate) fn thousandths(text: &str) -> Option<i128> {
    Written::parse(text)?.thousandths()
}

impl<'a> Written<'a> {
    fn parse(text: &'a str) -> Option<Written<'a>> {
        if text.is_empty() {
            return None;
        }
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, rest) = digits(unsigned);
        let (fraction, suffix) = match rest.strip_prefix('.') {
            Some(rest) => digits(rest),
            None => ("", rest),
        };
        Some(Written {
            is_negative: text.starts_with('-'),
            whole,
            fraction,
            unit: Unit::parse(suffix)?,
        })
    }

    fn thousandths(&self) -> Option<i128> {
        let digits = format!("{}{}", self.whole, self.fraction);
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Some(0);
        }
        if digits.len() > MOST_DIGITS {
            return None;
        }
        let (factor, exponent) = match self.unit {
            Unit::Binary(power) => (1_i128.checked_shl(10 * power)?, 0),
            Unit::Decimal(exponent) | Unit::Exponent(exponent) => (1, exponent),
        };
        let digits_after = i32::try_from(self.fraction.len()).ok()?;
        let exponent = exponent.checked_add(3)?.checked_sub(digits_after)?;
        if exponent.unsigned_abs() > LARGEST_EXPONENT.unsigned_abs() + 3 {
            return None;
        }
        let number = digits.parse::<i128>().ok()?.checked_mul(factor)?;
        let number = if self.is_negative { -number } else { number };
        let power = 10_i128.pow(exponent.unsigned_abs());
        if exponent < 0 {
            Some(divide_up(number, power))
        } else {
            number.checked_mul(power)
        }
    }

    fn canonical(&self) -> Option<String> {
        let thousandths = self.thousandths()?;
        match self.unit {
            Unit::Binary(_) if thousandths.abs() >= 1_024_000 => {
                Some(binary(divide_up(thousandths, 1000)))
            }
            Unit::Exponent(_) => Some(match decimal(thousandths) {
                (number, 0) => number.to_string(),
                (number, exponent) => format!("{number}e{exponent}"),
            }),
            _ => {
                let (number, exponent) = decimal(thousandths);
                let suffix = DECIMAL.iter().find(|(_, known)| *known == exponent);
                suffix.map(|(suffix, _)| format!("{number}{suffix}"))
            }
        }
    }
}

impl Unit {
    fn parse(suffix: &str) -> Option<Unit> {
        if let Some((_, exponent)) = DECIMAL.iter().find(|(known, _)| *known == suffix) {
            return Some(Unit::Decimal(*exponent));
        }
        if let Some(power) = BINARY.iter().position(|known| *known == suffix) {
            return Some(Unit::Binary(u32::try_from(power).ok()? + 1));
        }
        let exponent = suffix.strip_prefix(['e', 'E'])?;
        exponent.parse().ok().map(Unit::Exponent)
    }
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

fn divide_up(number: i128, by: i128) -> i128 {
    let quotient = number.div_euclid(by);
    quotient + i128::from(number.rem_euclid(by) != 0)
}

fn binary(mut number: i128) -> String {
    let mut power = 0;
    while number % 1024 == 0 && power < BINARY.len() {
        number /= 1024;
        power += 1;
    }
    match power {
        0 => number.to_string(),
        power => format!("{number}{}", BINARY[power - 1]),
    }
}

/// A number of thousandths without its trailing zeros, three at a time, and the exponent that stands for them.
fn decimal(mut number: i128) -> (i128, i32) {
    let mut exponent = -3;
    while number % 1000 == 0 && exponent < LARGEST_EXPONENT && (number != 0 || exponent < 0) {
        number /= 1000;
        exponent += 3;
    }
    (number, exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_written_in_one_way() {
        for (written, canonical) in [
            ("0.1", "100m"),
            ("1000m", "1"),
            ("1500m", "1500m"),
            ("1024Mi", "1Gi"),
            ("1.5Gi", "1536Mi"),
            ("0.5Ki", "512"),
            ("1000", "1k"),
            ("1e3", "1e3"),
            ("0.0001", "1m"),
            ("-1500n", "0"),
            ("0", "0"),
            ("00", "0"),
            ("5.", "5"),
            ("1E", "1E"),
        ] {
            let mut value = Value::from(written);
            canonicalize(&mut value);
            assert_eq!(value, canonical, "{written}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused_and_what_is_huge_stays() {
        for text in ["", "lots", "1 Gi", "1ki", "1e", "--1"] {
            assert!(settle(&mut text.into()).is_err(), "{text}");
        }
        let mut huge = Value::from("1e2147483647");
        assert!(settle(&mut huge).is_ok());
        canonicalize(&mut huge);
        assert_eq!(huge, "1e2147483647");
        let mut number = Value::from(2);
        assert!(settle(&mut number).is_ok());
        assert_eq!(number, "2");
    }
}
