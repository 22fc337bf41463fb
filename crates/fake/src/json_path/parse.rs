//! From text to steps.

use super::{JsonPath, Step};

/// Parses a whole path.
pub(super) fn path(text: &str) -> Option<Vec<Step>> {
    let mut rest = text;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = step(rest)?;
        steps.push(step);
        rest = after;
    }
    (!steps.is_empty()).then_some(steps)
}

fn step(text: &str) -> Option<(Step, &str)> {
    if let Some(inside) = text.strip_prefix("[?(") {
        let end = inside.find(")]")?;
        return Some((filter(&inside[..end])?, &inside[end + 2..]));
    }
    if let Some(inside) = text.strip_prefix('[') {
        let end = inside.find(']')?;
        return Some((bracket(&inside[..end])?, &inside[end + 1..]));
    }
    let (name, rest) = field(text.strip_prefix('.')?);
    match name.as_str() {
        "" => None,
        "*" => Some((Step::All, rest)),
        _ => Some((Step::Field(name), rest)),
    }
}

/// A name up to the next dot or bracket that has no backslash before it.
fn field(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '.' | '[' => return (name, &text[at..]),
            '\\' => name.extend(characters.next().map(|(_, escaped)| escaped)),
            other => name.push(other),
        }
    }
    (name, "")
}

fn bracket(inside: &str) -> Option<Step> {
    if inside == "*" {
        return Some(Step::All);
    }
    match quoted(inside) {
        Some(name) => Some(Step::Field(name.to_owned())),
        None => inside.parse().ok().map(Step::Index),
    }
}

fn filter(inside: &str) -> Option<Step> {
    let (left, equal, right) = match inside.split_once("==") {
        Some((left, right)) => (left, true, right),
        None => {
            let (left, right) = inside.split_once("!=")?;
            (left, false, right)
        }
    };
    let right = right.trim();
    Some(Step::Filter {
        path: JsonPath::parse(left.trim().strip_prefix('@')?)?,
        equal,
        text: quoted(right).unwrap_or(right).to_owned(),
    })
}

fn quoted(text: &str) -> Option<&str> {
    let inside = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\''))
}
