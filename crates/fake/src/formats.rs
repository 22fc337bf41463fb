//! The formats of texts that the API server knows. One that it does not know says nothing.

mod addresses;
mod times;

pub(crate) use times::seconds as duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::meta;
use crate::strategy::NameRule;

/// Whether a text is in a format.
pub(crate) fn is_valid(format: &str, text: &str) -> bool {
    // `date-time` and `datetime` are the same; only the newer names are what they are.
    match format {
        "k8s-short-name" => return meta::name_problems(text, NameRule::Label).is_empty(),
        "k8s-long-name" => return meta::name_problems(text, NameRule::Subdomain).is_empty(),
        _ => {}
    }
    match format.replace('-', "").as_str() {
        "date" => times::is_date(text),
        "datetime" => times::is_date_time(text),
        "duration" => times::is_duration(text),
        "byte" => STANDARD.decode(text).is_ok(),
        "uuid" => is_uuid(text, None),
        "uuid3" => is_uuid(text, Some('3')),
        "uuid4" => is_uuid(text, Some('4')),
        "uuid5" => is_uuid(text, Some('5')),
        "ipv4" => addresses::is_ipv4(text),
        "ipv6" => addresses::is_ipv6(text),
        "cidr" => addresses::is_cidr(text),
        "mac" => addresses::is_mac(text),
        "hostname" => addresses::is_hostname(text),
        "uri" => addresses::is_uri(text),
        "email" => addresses::is_email(text),
        "hexcolor" => is_hex_color(text),
        "rgbcolor" => is_rgb_color(text),
        "bsonobjectid" => text.len() == 24 && is_hex(text),
        "isbn" => is_isbn10(text) || is_isbn13(text),
        "isbn10" => is_isbn10(text),
        "isbn13" => is_isbn13(text),
        "creditcard" => is_credit_card(text),
        "ssn" => is_social_security_number(text),
        _ => true,
    }
}

/// Groups of 8, 4, 4, 4 and 12 hexadecimal digits with optional dashes between them.
fn is_uuid(text: &str, version: Option<char>) -> bool {
    let mut rest = text;
    for (index, length) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        let Some((group, after)) = rest.split_at_checked(length) else {
            return false;
        };
        let wrong_version = index == 2 && version.is_some_and(|v| !group.starts_with(v));
        // Only these versions say which variant they are.
        let wrong_variant = index == 3
            && matches!(version, Some('4' | '5'))
            && !group.starts_with(['8', '9', 'a', 'b', 'A', 'B']);
        if !is_hex(group) || wrong_version || wrong_variant {
            return false;
        }
        rest = after
            .strip_prefix('-')
            .filter(|_| index < 4)
            .unwrap_or(after);
    }
    rest.is_empty()
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_hex_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or(text);
    matches!(digits.len(), 3 | 6) && is_hex(digits)
}

fn is_rgb_color(text: &str) -> bool {
    let inside = text
        .strip_prefix("rgb(")
        .and_then(|rest| rest.strip_suffix(')'));
    let Some(inside) = inside else {
        return false;
    };
    let parts: Vec<&str> = inside.split(',').map(str::trim).collect();
    let is_part = |part: &&str| part.len() <= 3 && part.parse::<u8>().is_ok();
    parts.len() == 3 && parts.iter().all(is_part)
}

fn bare(text: &str) -> String {
    text.replace(['-', ' '], "")
}

fn is_isbn10(text: &str) -> bool {
    let text = bare(text);
    let value = |(place, digit): (u32, char)| match digit {
        'X' if place == 9 => Some(10 * 10),
        digit => Some((place + 1) * digit.to_digit(10)?),
    };
    let sum: Option<u32> = (0..).zip(text.chars()).map(value).sum();
    text.chars().count() == 10 && sum.is_some_and(|sum: u32| sum.is_multiple_of(11))
}

fn is_isbn13(text: &str) -> bool {
    let text = bare(text);
    let value = |(place, digit): (u32, char)| Some((1 + 2 * (place % 2)) * digit.to_digit(10)?);
    let sum: Option<u32> = (0..).zip(text.chars()).map(value).sum();
    text.chars().count() == 13 && sum.is_some_and(|sum: u32| sum.is_multiple_of(10))
}

/// The digits of a card that its issuer could have given, with a sound check digit.
fn is_credit_card(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    if !(13..=16).contains(&digits.len()) {
        return false;
    }
    let doubled = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let places = digits.iter().rev().enumerate();
    let sum: u32 = places
        .map(|(place, digit)| {
            if place % 2 == 1 {
                doubled(*digit)
            } else {
                *digit
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_social_security_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let bytes = text.as_bytes();
    let separators = bytes.iter().filter(|byte| matches!(byte, b'-' | b' '));
    let is_at = |at: usize| {
        bytes
            .get(at)
            .is_some_and(|byte| matches!(byte, b'-' | b' '))
    };
    let placed = match separators.count() {
        0 => true,
        1 => is_at(3) || is_at(5),
        2 => is_at(3) && is_at(6),
        _ => false,
    };
    digits == 9 && placed && bytes.len() <= 11
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn each_format_takes_its_own() {
        let cases = [
            ("date", "2020-02-29", "2021-02-29"),
            ("date-time", "2020-01-01T00:00:00.5Z", "yesterday"),
            ("datetime", "2020-01-01T00:00:00+02:00", "2020-01-01"),
            ("duration", "1h30m", "later"),
            ("duration", "22 ns", "22 lightyears"),
            ("byte", "aGVsbG8=", "?"),
            ("uuid", "C0FFEE00-0000-4000-8000-00000000ABCD", "c0ffee"),
            (
                "uuid4",
                "c0ffee0000004000800000000000abcd",
                "c0ffee00-0000-3000-8000-00000000abcd",
            ),
            ("ipv4", "10.0.0.1", "10.0.0.256"),
            ("ipv6", "::1", "10.0.0.1"),
            ("cidr", "10.0.0.0/8", "10.0.0.0/33"),
            ("mac", "00:00:5e:00:53:01", "00:00:5e"),
            ("hostname", "a.example.com", "-a.example.com"),
            ("uri", "https://example.com/a", "example.com"),
            ("email", "a@example.com", "a.example.com"),
            ("hexcolor", "#fff", "#ffg"),
            ("rgbcolor", "rgb(1, 2, 255)", "rgb(1,2,256)"),
            ("isbn", "978-0321751041", "978-0321751042"),
            ("isbn10", "0321751043", "0321751044"),
            ("creditcard", "4111 1111 1111 1111", "4111 1111 1111 1112"),
            ("ssn", "111-22-3333", "111-2-33333"),
            ("k8s-short-name", "a-b", "A"),
            ("k8s-long-name", "a.b", "a..b"),
        ];
        for (format, good, bad) in cases {
            assert!(is_valid(format, good), "{format} {good}");
            assert!(!is_valid(format, bad), "{format} {bad}");
        }
    }

    #[test]
    fn an_unknown_format_takes_everything() {
        assert!(is_valid("flavour", "anything"));
        assert!(is_valid("", ""));
        assert!(is_valid("password", "x"));
    }
}
