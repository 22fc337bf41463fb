//! From text to tokens.

use std::sync::Arc;

/// The smallest part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Ident(String),
    Int(u64),
    UInt(u64),
    Double(f64),
    Text(Arc<str>),
    Bytes(Arc<[u8]>),
    Sign(&'static str),
}

/// Signs, the longer ones first.
const SIGNS: [&str; 25] = [
    "&&", "||", "==", "!=", "<=", ">=", "[?", ".?", "<", ">", "+", "-", "*", "/", "%", "!", "?",
    ":", ".", ",", "(", ")", "[", "]", "{",
];

/// Splits an expression into tokens.
///
/// # Errors
///
/// Says what is no token.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = skip_blank(text);
    while let Some(first) = rest.chars().next() {
        let (token, after) = if let Some(literal) = quoted(rest) {
            literal?
        } else if first.is_ascii_digit() || is_fraction(rest) {
            number(rest)?
        } else if first.is_ascii_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
            (Token::Ident(name.to_owned()), after)
        } else {
            sign(rest)
                .ok_or_else(|| format!("Syntax error: token recognition error at: '{first}'"))?
        };
        tokens.push(token);
        rest = skip_blank(after);
    }
    Ok(tokens)
}

/// Skips blanks and comments.
fn skip_blank(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix("//") {
        let end = comment.find('\n').unwrap_or(comment.len());
        rest = comment[end..].trim_start();
    }
    rest
}

fn sign(text: &str) -> Option<(Token, &str)> {
    let signs = SIGNS.iter().chain(&["}"]);
    let mut found = signs.filter_map(|sign| Some((Token::Sign(sign), text.strip_prefix(sign)?)));
    found.next()
}

fn is_fraction(text: &str) -> bool {
    let after = text.strip_prefix('.');
    after.is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
}

fn number(text: &str) -> Result<(Token, &str), String> {
    let wrong = |text: &str| format!("Syntax error: invalid number '{text}'");
    if let Some(hex) = text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        let end = hex
            .find(|c: char| !c.is_ascii_hexdigit())
            .unwrap_or(hex.len());
        let (digits, after) = hex.split_at(end);
        let number = u64::from_str_radix(digits, 16).map_err(|_| wrong(digits))?;
        return integer(number, after).ok_or_else(|| wrong(digits));
    }
    let end = end_of_number(text);
    let (digits, after) = text.split_at(end);
    if digits.contains(['.', 'e', 'E']) {
        let number = digits.parse().map_err(|_| wrong(digits))?;
        return Ok((Token::Double(number), after));
    }
    let number = digits.parse().map_err(|_| wrong(digits))?;
    integer(number, after).ok_or_else(|| wrong(digits))
}

fn integer(number: u64, after: &str) -> Option<(Token, &str)> {
    match after.strip_prefix(['u', 'U']) {
        Some(after) => Some((Token::UInt(number), after)),
        // One more than the largest is the smallest once it is negated.
        None if number <= 1 << 63 => Some((Token::Int(number), after)),
        None => None,
    }
}

fn end_of_number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + signed);
        if exponent > end + 1 + signed {
            end = exponent;
        }
    }
    end
}

/// A text or bytes, raw or not, with one quote or three.
fn quoted(text: &str) -> Option<Result<(Token, &str), String>> {
    let (mut is_raw, mut is_bytes) = (false, false);
    let mut rest = text;
    while let Some(after) = rest.strip_prefix(['r', 'R', 'b', 'B']) {
        let is_r = rest.starts_with(['r', 'R']);
        if (is_r && is_raw) || (!is_r && is_bytes) {
            return None;
        }
        is_raw |= is_r;
        is_bytes |= !is_r;
        rest = after;
    }
    let quotes = ["\"\"\"", "'''", "\"", "'"];
    let quote = quotes.into_iter().find(|quote| rest.starts_with(quote))?;
    Some(inside(&rest[quote.len()..], quote, is_raw, is_bytes))
}

fn inside<'a>(
    text: &'a str,
    quote: &str,
    is_raw: bool,
    is_bytes: bool,
) -> Result<(Token, &'a str), String> {
    let mut out: Vec<u8> = Vec::new();
    let mut rest = text;
    loop {
        if let Some(after) = rest.strip_prefix(quote) {
            let token = match is_bytes {
                true => Token::Bytes(out.into()),
                false => Token::Text(String::from_utf8_lossy(&out).into()),
            };
            return Ok((token, after));
        }
        let Some(character) = rest.chars().next() else {
            return Err("Syntax error: a text has no end".to_owned());
        };
        let after = &rest[character.len_utf8()..];
        rest = match character {
            '\n' if quote.len() == 1 => {
                return Err("Syntax error: a text ends with its line".to_owned());
            }
            '\\' if !is_raw => escape(after, is_bytes, &mut out)?,
            _ => {
                out.extend(character.to_string().bytes());
                after
            }
        };
    }
}

fn escape<'a>(text: &'a str, is_bytes: bool, out: &mut Vec<u8>) -> Result<&'a str, String> {
    let wrong = || "Syntax error: invalid escape in a text".to_owned();
    let character = text.chars().next().ok_or_else(wrong)?;
    let after = &text[character.len_utf8()..];
    let (digits, base) = match character {
        'x' | 'X' => (2, 16),
        'u' => (4, 16),
        'U' => (8, 16),
        '0'..='3' => (3, 8),
        _ => {
            let plain = match character {
                'a' => 7,
                'b' => 8,
                'f' => 12,
                'n' => b'\n',
                'r' => b'\r',
                't' => b'\t',
                'v' => 11,
                '\\' | '\'' | '"' | '`' | '?' => u8::try_from(character).map_err(|_| wrong())?,
                _ => return Err(wrong()),
            };
            out.push(plain);
            return Ok(after);
        }
    };
    let start = if base == 8 { text } else { after };
    let (code, after) = start.split_at_checked(digits).ok_or_else(wrong)?;
    let code = u32::from_str_radix(code, base).map_err(|_| wrong())?;
    match (is_bytes, u8::try_from(code)) {
        (true, Ok(byte)) => out.push(byte),
        _ => {
            let character = char::from_u32(code).ok_or_else(wrong)?;
            out.extend(character.to_string().bytes());
        }
    }
    Ok(after)
}
