//! Paths into a document: `a.b[0].c[*].d["k/e.y"].list[name=x]`.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// What stands where a document has nothing.
pub(crate) const ABSENT: &str = "<absent>";

static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    let token = r#"^(?:\.?([^.\[\]]+)|\[([0-9]+)\]|\[(\*)\]|\["([^"]+)"\]|\[([^=\]]+)=([^\]]*)\])"#;
    Regex::new(token).expect("it is a valid pattern")
});

/// A parsed path.
#[derive(Clone, Debug)]
pub(super) struct Path(Vec<Token>);

#[derive(Clone, Debug)]
enum Token {
    Key(String),
    Index(usize),
    /// Every item of a list.
    All,
    /// The first item of a list where this path leads to this text.
    Find(Path, String),
}

impl Path {
    /// # Errors
    ///
    /// Says which path cannot be read.
    pub(super) fn parse(text: &str) -> Result<Path, String> {
        let mut tokens = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let found = TOKEN
                .captures(rest)
                .ok_or_else(|| format!("bad path {text:?}"))?;
            let part = |index| found.get(index).map(|part| part.as_str());
            tokens.push(match (part(1).or(part(4)), part(2), part(5), part(6)) {
                (Some(key), ..) => Token::Key(key.to_owned()),
                (_, Some(index), ..) => {
                    Token::Index(index.parse().map_err(|_| format!("bad path {text:?}"))?)
                }
                (_, _, Some(key), Some(value)) => Token::Find(Path::parse(key)?, value.to_owned()),
                _ => Token::All,
            });
            rest = &rest[found[0].len()..];
        }
        Ok(Path(tokens))
    }

    /// What is there: after `[*]` a list of what is there for every item; [`ABSENT`] for nothing.
    pub(super) fn get(&self, value: &Value) -> Value {
        get(value, &self.0)
    }

    /// Takes away the member that the path names.
    pub(super) fn delete(&self, value: &mut Value) {
        delete(value, &self.0);
    }
}

/// What a path leads to, for paths that are part of the program.
pub(super) fn get_at(value: &Value, path: &str) -> Value {
    Path::parse(path).map_or_else(|_| ABSENT.into(), |path| path.get(value))
}

/// A value as text, as it stands in `[key=text]`.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn get(value: &Value, tokens: &[Token]) -> Value {
    match tokens.split_first() {
        None => value.clone(),
        Some((Token::All, rest)) => match value {
            Value::Array(items) => items.iter().map(|item| get(item, rest)).collect(),
            _ => ABSENT.into(),
        },
        Some((token, rest)) => match position(value, token) {
            Some(Place::Member(key)) => get(&value[key], rest),
            Some(Place::Item(index)) => get(&value[index], rest),
            None => ABSENT.into(),
        },
    }
}

fn delete(value: &mut Value, tokens: &[Token]) {
    match tokens {
        [] => {}
        [Token::All, rest @ ..] => {
            for item in value.as_array_mut().into_iter().flatten() {
                delete(item, rest);
            }
        }
        [Token::Key(key)] => {
            if let Value::Object(members) = value {
                members.remove(key);
            }
        }
        [token, rest @ ..] => match position(value, token) {
            Some(Place::Member(key)) => delete(&mut value[key], rest),
            Some(Place::Item(index)) => delete(&mut value[index], rest),
            None => {}
        },
    }
}

enum Place<'a> {
    Member(&'a str),
    Item(usize),
}

fn position<'a>(value: &Value, token: &'a Token) -> Option<Place<'a>> {
    match (token, value) {
        (Token::Key(key), Value::Object(members)) => {
            members.contains_key(key).then_some(Place::Member(key))
        }
        (Token::Index(index), Value::Array(items)) => {
            (*index < items.len()).then_some(Place::Item(*index))
        }
        (Token::Find(path, wanted), Value::Array(items)) => {
            let found = |item: &Value| text_of(&path.get(item)) == *wanted;
            items.iter().position(found).map(Place::Item)
        }
        _ => None,
    }
}
