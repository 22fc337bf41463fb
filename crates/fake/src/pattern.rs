//! Patterns in the syntax of the API server, which is RE2.

use std::fmt::Write;
use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

/// A pattern, compiled when it is first needed. Empty matches everything.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Pattern {
    text: String,
    regex: OnceLock<Result<Regex, String>>,
}

impl Pattern {
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether the pattern is found somewhere in a text. One that cannot be compiled is found nowhere.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.regex()
            .as_ref()
            .is_ok_and(|regex| regex.is_match(text))
    }

    /// What is wrong with the pattern.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.regex().as_ref().err().map(String::as_str)
    }

    fn regex(&self) -> &Result<Regex, String> {
        self.regex.get_or_init(|| compile(&self.text))
    }
}

/// Compiles an expression in RE2 syntax.
///
/// # Errors
///
/// Says what is wrong with it, or that it is too large.
pub(crate) fn compile(text: &str) -> Result<Regex, String> {
    Regex::new(&translate(text)).map_err(|error| error.to_string())
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Pattern {
            text,
            regex: OnceLock::new(),
        }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// Writes in the syntax of `regex` what means something else there: classes such as `\d` are those of ASCII, `[`, `&` and `~` in a class
/// stand for themselves, so does a brace that is no repetition, and `\Q` quotes.
fn translate(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    let mut in_class = false;
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        rest = match character {
            '\\' => escape(after, in_class, &mut out),
            '[' if in_class => class_in_class(rest, &mut out),
            '[' => {
                in_class = true;
                begin_class(after, &mut out)
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
                after
            }
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(character);
                after
            }
            '{' if !in_class && !is_repetition(after) => {
                out.push_str("\\{");
                after
            }
            other => {
                out.push(other);
                after
            }
        };
    }
    out
}

/// A `]` that is the first in a class stands for itself.
fn begin_class<'a>(after: &'a str, out: &mut String) -> &'a str {
    out.push('[');
    let after = match after.strip_prefix('^') {
        Some(after) => {
            out.push('^');
            after
        }
        None => after,
    };
    match after.strip_prefix(']') {
        Some(after) => {
            out.push_str("\\]");
            after
        }
        None => after,
    }
}

/// `[:alpha:]` is a class of its own, everything else that begins like one is a bracket.
fn class_in_class<'a>(rest: &'a str, out: &mut String) -> &'a str {
    if let Some(end) = rest.strip_prefix("[:").and_then(|name| name.find(":]")) {
        let (class, after) = rest.split_at(end + 4);
        out.push_str(class);
        return after;
    }
    out.push_str("\\[");
    &rest[1..]
}

fn is_repetition(after: &str) -> bool {
    let Some((inside, _)) = after.split_once('}') else {
        return false;
    };
    let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && is_number(least) && is_number(most)
}

/// Translates what follows a backslash, and gives what comes after it.
fn escape<'a>(after: &'a str, in_class: bool, out: &mut String) -> &'a str {
    let Some(character) = after.chars().next() else {
        out.push('\\');
        return after;
    };
    let rest = &after[character.len_utf8()..];
    match character {
        'd' => out.push_str(if in_class { "0-9" } else { "[0-9]" }),
        'D' => out.push_str("[^0-9]"),
        'w' => out.push_str(if in_class {
            "0-9A-Za-z_"
        } else {
            "[0-9A-Za-z_]"
        }),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        's' => out.push_str(if in_class {
            "\\t\\n\\f\\r "
        } else {
            "[\\t\\n\\f\\r ]"
        }),
        'S' => out.push_str("[^\\t\\n\\f\\r ]"),
        'b' => out.push_str("(?-u:\\b)"),
        'B' => out.push_str("(?-u:\\B)"),
        'Q' => return quoted(rest, out),
        '0'..='7' => return octal(after, out),
        other if other.is_ascii_alphanumeric() => {
            out.push('\\');
            out.push(other);
        }
        // Some signs mean something after a backslash here, and none does there.
        sign => {
            // Writing to a string does not fail.
            let _ = write!(out, "\\x{{{:x}}}", u32::from(sign));
        }
    }
    rest
}

/// `\Q` quotes all up to `\E`.
fn quoted<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let (inside, after) = rest.split_once("\\E").unwrap_or((rest, ""));
    out.push_str(&regex::escape(inside));
    after
}

fn octal<'a>(after: &'a str, out: &mut String) -> &'a str {
    let digits = after.bytes().take(3);
    let count = digits
        .take_while(|byte| (b'0'..=b'7').contains(byte))
        .count();
    let (digits, rest) = after.split_at(count);
    // A single digit other than zero would be a reference to a group, which there is not.
    if count == 1 && digits != "0" {
        out.push('\\');
        out.push_str(digits);
        return rest;
    }
    let code = u32::from_str_radix(digits, 8).unwrap_or(0);
    let _ = write!(out, "\\x{{{code:x}}}");
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(pattern: &str, text: &str) -> bool {
        Pattern::from(pattern.to_owned()).is_in(text)
    }

    #[test]
    fn classes_are_those_of_ascii() {
        assert!(finds(r"^\d+$", "42"));
        assert!(!finds(r"^\d$", "\u{0664}"));
        assert!(!finds(r"^\w$", "\u{e9}"));
        assert!(finds(r"^[\w.-]+$", "a_b-c.d"));
        assert!(finds(r"^[^\s]$", "x"));
    }

    #[test]
    fn signs_that_mean_nothing_in_a_class_stand_for_themselves() {
        assert!(finds("^[[a]+$", "[a["));
        assert!(finds("^[a&&b]+$", "a&b"));
        assert!(finds("^[]a]+$", "]a"));
        assert!(finds("^[[:alpha:]]+$", "abc"));
    }

    #[test]
    fn a_brace_that_is_no_repetition_stands_for_itself() {
        assert!(finds(r"^a{$", "a{"));
        assert!(finds(r"^a{,2}$", "a{,2}"));
        assert!(finds(r"^a{2}$", "aa"));
        assert!(finds(r"^\{\/\<$", "{/<"));
    }

    #[test]
    fn quoted_text_stands_for_itself() {
        assert!(finds(r"^\Qa.b\E+$", "a.bb"));
        assert!(!finds(r"^\Qa.b\E$", "axb"));
    }

    #[test]
    fn what_cannot_be_compiled_has_a_problem() {
        for text in ["(", "[a", "*a", r"(?=x)", r"\1"] {
            assert!(Pattern::from(text.to_owned()).problem().is_some(), "{text}");
        }
    }
}
