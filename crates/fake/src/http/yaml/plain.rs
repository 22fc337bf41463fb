//! Which texts can stand as they are.

/// What YAML 1.1 reads as a boolean, as nothing, or as a directive to merge.
const WORDS: [&str; 33] = [
    "", "~", "null", "Null", "NULL", "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO",
    "true", "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF", "<<",
    "=", ".nan", ".NaN", ".NAN", "-",
];

/// Characters that cannot begin a text without quotes.
const INDICATORS: &str = "#,[]{}&*!|>'\"%@`";

/// Whether a text has lines that a literal block can show.
pub(super) fn is_block(text: &str) -> bool {
    text.contains('\n') && !text.ends_with(' ') && !text.split('\n').any(needs_escapes)
}

/// Whether a text has characters that only a quoted one can show.
pub(super) fn needs_escapes(text: &str) -> bool {
    text.chars().any(is_odd)
}

/// Whether YAML does not allow a character as it is, or takes it for the end of a line. All of these have four digits at most.
pub(super) fn is_odd(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

/// Whether a text without quotes would be read as something that is no text.
pub(super) fn means_something_else(text: &str) -> bool {
    WORDS.contains(&text)
        || is_infinite(text)
        || is_number(text)
        || is_base_60(text)
        || is_time(text)
}

/// Whether a text without quotes is read as itself.
pub(super) fn is_plain(text: &str) -> bool {
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return false;
    };
    let second_is_space = characters.next().is_none_or(char::is_whitespace);
    let indicates =
        INDICATORS.contains(first) || (matches!(first, '-' | '?' | ':') && second_is_space);
    !indicates
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.starts_with("---")
        && !text.starts_with("...")
}

fn is_infinite(text: &str) -> bool {
    matches!(unsigned(text), ".inf" | ".Inf" | ".INF")
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

/// Decimal, hexadecimal, octal and binary integers, with underscores, and floats.
fn is_number(text: &str) -> bool {
    let digits = unsigned(text).replace('_', "");
    let radix = |prefixes: [&str; 2], radix: u32| {
        let rest = prefixes
            .iter()
            .find_map(|prefix| digits.strip_prefix(prefix));
        rest.is_some_and(|rest| rest.chars().all(|digit| digit.is_digit(radix)))
    };
    let is_float = digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && digits.contains(|digit: char| digit.is_ascii_digit())
        && digits.parse::<f64>().is_ok();
    is_float || radix(["0x", "0X"], 16) || radix(["0b", "0B"], 2) || radix(["0o", "0O"], 8)
}

/// Numbers such as `1:30`, as times were once written.
fn is_base_60(text: &str) -> bool {
    let (whole, _) = unsigned(text)
        .split_once('.')
        .unwrap_or((unsigned(text), ""));
    whole.contains(':')
        && whole.split(':').all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|digit| digit.is_ascii_digit() || digit == '_')
        })
}

/// Dates, and whatever follows them.
fn is_time(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut is_digits = |least: usize, most: usize| {
        let part = parts.next().unwrap_or_default();
        (least..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let has_date = is_digits(4, 4) && is_digits(1, 2);
    has_date
        && parts
            .next()
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}
