//! Values that may be there or not.

use super::{Function, Kind, global, member};
use crate::cel::eval::Problem;
use crate::cel::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    global("optional.of", &[Kind::Any], Kind::Wrapped, |args| {
        Ok(Value::optional(args.first().cloned()))
    }),
    global("optional.none", &[], Kind::Optional, |_| {
        Ok(Value::Optional(None))
    }),
    global(
        "optional.ofNonZeroValue",
        &[Kind::Any],
        Kind::Wrapped,
        |args| {
            Ok(Value::optional(
                args.first().filter(|value| !is_zero(value)).cloned(),
            ))
        },
    ),
    member("hasValue", &[Kind::Optional], Kind::Bool, |args| {
        Ok(Value::Bool(matches!(
            args.first(),
            Some(Value::Optional(Some(_)))
        )))
    }),
    member("value", &[Kind::Optional], Kind::Inner, |args| {
        match args.first() {
            Some(Value::Optional(Some(value))) => Ok((**value).clone()),
            _ => Err(Problem::new("optional.none() dereference")),
        }
    }),
    member(
        "orValue",
        &[Kind::Optional, Kind::Any],
        Kind::Inner,
        |args| match args {
            [Value::Optional(Some(value)), ..] => Ok((**value).clone()),
            [_, other] => Ok(other.clone()),
            _ => Err(Problem::new("no such overload")),
        },
    ),
    member(
        "or",
        &[Kind::Optional, Kind::Optional],
        Kind::Same,
        |args| match args {
            [Value::Optional(None), other] => Ok(other.clone()),
            [value, ..] => Ok(value.clone()),
            [] => Err(Problem::new("no such overload")),
        },
    ),
];

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Int(value) => *value == 0,
        Value::UInt(value) => *value == 0,
        Value::Double(value) => *value == 0.0,
        Value::Text(value) => value.is_empty(),
        Value::Bytes(value) => value.is_empty(),
        Value::List(list) => list.items.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}
