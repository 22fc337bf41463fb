//! Texts.

use std::net::IpAddr;

use super::{Function, Kind, count, global, int, items, member, text};
use crate::cel::eval::Problem;
use crate::cel::value::Value;
use crate::{formats, pattern};

pub(super) const FUNCTIONS: &[Function] = &[
    member("contains", &[Kind::Text, Kind::Text], Kind::Bool, |args| {
        Ok(Value::Bool(text(args, 0).contains(text(args, 1))))
    }),
    member(
        "startsWith",
        &[Kind::Text, Kind::Text],
        Kind::Bool,
        |args| Ok(Value::Bool(text(args, 0).starts_with(text(args, 1)))),
    ),
    member("endsWith", &[Kind::Text, Kind::Text], Kind::Bool, |args| {
        Ok(Value::Bool(text(args, 0).ends_with(text(args, 1))))
    }),
    member("matches", &[Kind::Text, Kind::Text], Kind::Bool, matches),
    global("matches", &[Kind::Text, Kind::Text], Kind::Bool, matches),
    member("find", &[Kind::Text, Kind::Text], Kind::Text, find),
    member("findAll", &[Kind::Text, Kind::Text], Kind::Texts, find_all),
    member(
        "findAll",
        &[Kind::Text, Kind::Text, Kind::Int],
        Kind::Texts,
        find_all,
    ),
    member("lowerAscii", &[Kind::Text], Kind::Text, |args| {
        Ok(Value::text(text(args, 0).to_ascii_lowercase()))
    }),
    member("upperAscii", &[Kind::Text], Kind::Text, |args| {
        Ok(Value::text(text(args, 0).to_ascii_uppercase()))
    }),
    member("trim", &[Kind::Text], Kind::Text, |args| {
        Ok(Value::text(text(args, 0).trim()))
    }),
    member("reverse", &[Kind::Text], Kind::Text, |args| {
        Ok(Value::text(text(args, 0).chars().rev().collect::<String>()))
    }),
    member("charAt", &[Kind::Text, Kind::Int], Kind::Text, char_at),
    member("indexOf", &[Kind::Text, Kind::Text], Kind::Int, |args| {
        Ok(place(text(args, 0), text(args, 0).find(text(args, 1))))
    }),
    member(
        "lastIndexOf",
        &[Kind::Text, Kind::Text],
        Kind::Int,
        |args| Ok(place(text(args, 0), text(args, 0).rfind(text(args, 1)))),
    ),
    member(
        "replace",
        &[Kind::Text, Kind::Text, Kind::Text],
        Kind::Text,
        |args| replace(args, None),
    ),
    member(
        "replace",
        &[Kind::Text, Kind::Text, Kind::Text, Kind::Int],
        Kind::Text,
        |args| replace(args, usize::try_from(int(args, 3)).ok()),
    ),
    member("split", &[Kind::Text, Kind::Text], Kind::Texts, |args| {
        Ok(split(args, None))
    }),
    member(
        "split",
        &[Kind::Text, Kind::Text, Kind::Int],
        Kind::Texts,
        |args| Ok(split(args, usize::try_from(int(args, 2)).ok())),
    ),
    member("substring", &[Kind::Text, Kind::Int], Kind::Text, substring),
    member(
        "substring",
        &[Kind::Text, Kind::Int, Kind::Int],
        Kind::Text,
        substring,
    ),
    member("join", &[Kind::Texts], Kind::Text, join),
    member("join", &[Kind::Texts, Kind::Text], Kind::Text, join),
    global("isIP", &[Kind::Text], Kind::Bool, |args| {
        Ok(Value::Bool(text(args, 0).parse::<IpAddr>().is_ok()))
    }),
    global("isCIDR", &[Kind::Text], Kind::Bool, |args| {
        Ok(Value::Bool(formats::is_valid("cidr", text(args, 0))))
    }),
    global("isURL", &[Kind::Text], Kind::Bool, |args| {
        Ok(Value::Bool(formats::is_valid("uri", text(args, 0))))
    }),
];

/// How long a text may become.
const LONGEST: usize = 1 << 20;

fn pattern_of(args: &[Value]) -> Result<regex::Regex, Problem> {
    pattern::compile(text(args, 1)).map_err(Problem::new)
}

fn matches(args: &[Value]) -> Result<Value, Problem> {
    Ok(Value::Bool(pattern_of(args)?.is_match(text(args, 0))))
}

fn find(args: &[Value]) -> Result<Value, Problem> {
    let pattern = pattern_of(args)?;
    let found = pattern.find(text(args, 0));
    Ok(Value::text(found.map_or("", |found| found.as_str())))
}

fn find_all(args: &[Value]) -> Result<Value, Problem> {
    let most = match args.get(2) {
        Some(Value::Int(most)) => usize::try_from(*most).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    let pattern = pattern_of(args)?;
    let found = pattern.find_iter(text(args, 0)).take(most);
    Ok(Value::list(
        found.map(|found| Value::text(found.as_str())).collect(),
    ))
}

fn out_of_range(at: i64) -> Problem {
    Problem::new(format!("index out of range: {at}"))
}

fn char_at(args: &[Value]) -> Result<Value, Problem> {
    let (text, at) = (text(args, 0), int(args, 1));
    let index = usize::try_from(at).map_err(|_| out_of_range(at))?;
    match text.chars().nth(index) {
        Some(found) => Ok(Value::text(found.to_string())),
        None if index == text.chars().count() => Ok(Value::text("")),
        None => Err(out_of_range(at)),
    }
}

/// A place in characters, -1 for none.
fn place(text: &str, at: Option<usize>) -> Value {
    let before = at.and_then(|at| text.get(..at));
    before.map_or(Value::Int(-1), |before| count(before.chars().count()))
}

fn replace(args: &[Value], most: Option<usize>) -> Result<Value, Problem> {
    let (whole, from, to) = (text(args, 0), text(args, 1), text(args, 2));
    let times = whole.len() / from.len().max(1) + 1;
    if whole.len() + times.saturating_mul(to.len()) > LONGEST {
        return Err(Problem::TooCostly);
    }
    Ok(Value::text(match most {
        Some(most) => whole.replacen(from, to, most),
        None => whole.replace(from, to),
    }))
}

fn split(args: &[Value], most: Option<usize>) -> Value {
    let (whole, by) = (text(args, 0), text(args, 1));
    let parts: Vec<Value> = match (by, most) {
        (_, Some(0)) => Vec::new(),
        ("", _) => whole.chars().map(|c| Value::text(c.to_string())).collect(),
        (by, Some(most)) => whole.splitn(most, by).map(Value::text).collect(),
        (by, None) => whole.split(by).map(Value::text).collect(),
    };
    Value::list(parts)
}

fn substring(args: &[Value]) -> Result<Value, Problem> {
    let whole = text(args, 0);
    let length = i64::try_from(whole.chars().count()).unwrap_or(i64::MAX);
    let start = int(args, 1);
    let end = if args.len() > 2 { int(args, 2) } else { length };
    if start < 0 || start > length {
        return Err(out_of_range(start));
    }
    if end < start || end > length {
        return Err(out_of_range(end));
    }
    let skip = usize::try_from(start).unwrap_or(0);
    let take = usize::try_from(end - start).unwrap_or(0);
    Ok(Value::text(
        whole.chars().skip(skip).take(take).collect::<String>(),
    ))
}

fn join(args: &[Value]) -> Result<Value, Problem> {
    let parts = items(args, 0).iter().map(|item| match item {
        Value::Text(text) => Ok(&**text),
        other => Err(Problem::no_overload("join", &[other])),
    });
    let parts: Vec<&str> = parts.collect::<Result<_, _>>()?;
    let length: usize = parts
        .iter()
        .map(|part| part.len() + text(args, 1).len())
        .sum();
    if length > LONGEST {
        return Err(Problem::TooCostly);
    }
    Ok(Value::text(parts.join(text(args, 1))))
}
