//! Sizes, types, and values of one type made of those of another.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Function, Kind, count, global, int, member, text};
use crate::cel::eval::Problem;
use crate::cel::value::Value;
use crate::formats;

/// The largest float that is an integer for sure.
const LARGEST: f64 = 9.2e18;

pub(super) const FUNCTIONS: &[Function] = &[
    global("size", &[Kind::Text], Kind::Int, size),
    global("size", &[Kind::Bytes], Kind::Int, size),
    global("size", &[Kind::List], Kind::Int, size),
    global("size", &[Kind::Map], Kind::Int, size),
    member("size", &[Kind::Text], Kind::Int, size),
    member("size", &[Kind::Bytes], Kind::Int, size),
    member("size", &[Kind::List], Kind::Int, size),
    member("size", &[Kind::Map], Kind::Int, size),
    global("type", &[Kind::Any], Kind::Type, type_of),
    global("dyn", &[Kind::Any], Kind::Any, same),
    global("bool", &[Kind::Bool], Kind::Bool, same),
    global("bool", &[Kind::Text], Kind::Bool, to_bool),
    global("int", &[Kind::Int], Kind::Int, same),
    global("int", &[Kind::UInt], Kind::Int, to_int),
    global("int", &[Kind::Double], Kind::Int, to_int),
    global("int", &[Kind::Text], Kind::Int, to_int),
    global("int", &[Kind::Timestamp], Kind::Int, to_int),
    global("uint", &[Kind::UInt], Kind::UInt, same),
    global("uint", &[Kind::Int], Kind::UInt, to_uint),
    global("uint", &[Kind::Double], Kind::UInt, to_uint),
    global("uint", &[Kind::Text], Kind::UInt, to_uint),
    global("double", &[Kind::Double], Kind::Double, same),
    global("double", &[Kind::Int], Kind::Double, to_double),
    global("double", &[Kind::UInt], Kind::Double, to_double),
    global("double", &[Kind::Text], Kind::Double, to_double),
    global("string", &[Kind::Any], Kind::Text, to_text),
    global("bytes", &[Kind::Bytes], Kind::Bytes, same),
    global("bytes", &[Kind::Text], Kind::Bytes, to_bytes),
    global("timestamp", &[Kind::Timestamp], Kind::Timestamp, same),
    global("timestamp", &[Kind::Text], Kind::Timestamp, to_timestamp),
    global("timestamp", &[Kind::Int], Kind::Timestamp, to_timestamp),
    global("duration", &[Kind::Duration], Kind::Duration, same),
    global("duration", &[Kind::Text], Kind::Duration, to_duration),
];

fn same(args: &[Value]) -> Result<Value, Problem> {
    Ok(args.first().cloned().unwrap_or(Value::Null))
}

fn size(args: &[Value]) -> Result<Value, Problem> {
    Ok(count(match args.first() {
        Some(Value::Text(text)) => text.chars().count(),
        Some(Value::Bytes(bytes)) => bytes.len(),
        Some(Value::List(list)) => list.items.len(),
        Some(Value::Map(map)) => map.len(),
        _ => 0,
    }))
}

fn type_of(args: &[Value]) -> Result<Value, Problem> {
    Ok(Value::Type(
        args.first().map_or("null_type", Value::type_name),
    ))
}

fn wrong(kind: &str) -> Problem {
    Problem::new(format!("type conversion error to {kind}"))
}

fn to_bool(args: &[Value]) -> Result<Value, Problem> {
    match text(args, 0) {
        "true" | "TRUE" | "True" | "t" | "1" => Ok(Value::Bool(true)),
        "false" | "FALSE" | "False" | "f" | "0" => Ok(Value::Bool(false)),
        _ => Err(wrong("bool")),
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "the range has been checked, and fractions go"
)]
fn to_int(args: &[Value]) -> Result<Value, Problem> {
    let number = match args.first() {
        Some(Value::UInt(number)) => i64::try_from(*number).ok(),
        Some(Value::Double(number)) => (number.abs() < LARGEST).then_some(*number as i64),
        Some(Value::Timestamp(time)) => Some(time.as_second()),
        _ => text(args, 0).parse().ok(),
    };
    number.map(Value::Int).ok_or_else(|| wrong("int"))
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range has been checked, and fractions go"
)]
fn to_uint(args: &[Value]) -> Result<Value, Problem> {
    let number = match args.first() {
        Some(Value::Int(number)) => u64::try_from(*number).ok(),
        Some(Value::Double(number)) => (0.0..LARGEST).contains(number).then_some(*number as u64),
        _ => text(args, 0).parse().ok(),
    };
    number.map(Value::UInt).ok_or_else(|| wrong("uint"))
}

#[allow(clippy::cast_precision_loss, reason = "that is what the conversion is")]
fn to_double(args: &[Value]) -> Result<Value, Problem> {
    let number = match args.first() {
        Some(Value::Int(number)) => Some(*number as f64),
        Some(Value::UInt(number)) => Some(*number as f64),
        _ => text(args, 0).parse().ok(),
    };
    number.map(Value::Double).ok_or_else(|| wrong("double"))
}

fn to_text(args: &[Value]) -> Result<Value, Problem> {
    match args.first() {
        Some(Value::List(_) | Value::Map(_) | Value::Optional(_)) | None => Err(wrong("string")),
        Some(Value::Bytes(bytes)) => {
            let text = std::str::from_utf8(bytes).map_err(|_| wrong("string"))?;
            Ok(Value::text(text))
        }
        Some(value) => Ok(Value::text(plain(value))),
    }
}

fn to_bytes(args: &[Value]) -> Result<Value, Problem> {
    Ok(Value::Bytes(Arc::from(text(args, 0).as_bytes())))
}

fn to_timestamp(args: &[Value]) -> Result<Value, Problem> {
    let time = match args.first() {
        Some(Value::Int(_)) => Timestamp::from_second(int(args, 0)).ok(),
        _ => text(args, 0).parse().ok(),
    };
    time.map(Value::Timestamp).ok_or_else(|| wrong("timestamp"))
}

fn to_duration(args: &[Value]) -> Result<Value, Problem> {
    let seconds = formats::duration(text(args, 0));
    let time = seconds.and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok());
    time.map(Value::Duration).ok_or_else(|| wrong("duration"))
}

/// A value as people read it.
pub(in crate::cel) fn plain(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::UInt(value) => value.to_string(),
        Value::Double(value) => value.to_string(),
        Value::Text(value) => value.to_string(),
        Value::Bytes(value) => String::from_utf8_lossy(value).into_owned(),
        Value::Timestamp(value) => value.to_string(),
        Value::Duration(value) => format!("{}s", value.as_secs_f64()),
        Value::Type(value) => (*value).to_owned(),
        Value::List(list) => {
            let items: Vec<String> = list.items.iter().map(plain).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(_) => "{...}".to_owned(),
        Value::Optional(None) => "optional.none()".to_owned(),
        Value::Optional(Some(value)) => format!("optional({})", plain(value)),
    }
}
