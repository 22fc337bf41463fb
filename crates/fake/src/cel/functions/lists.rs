//! Lists.

use std::cmp::Ordering;

use super::{Function, Kind, count, items, member};
use crate::cel::ast::Operator;
use crate::cel::eval::Problem;
use crate::cel::operators;
use crate::cel::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    member("isSorted", &[Kind::List], Kind::Bool, |args| {
        let mut pairs = items(args, 0).windows(2);
        let ordered = |pair: &[Value]| order(&pair[0], &pair[1]).map(|order| order.is_le());
        let ordered = pairs.try_fold(true, |all, pair| Ok(all && ordered(pair)?));
        ordered.map(Value::Bool)
    }),
    member("sum", &[Kind::List], Kind::Inner, |args| {
        let Some((first, rest)) = items(args, 0).split_first() else {
            return Ok(Value::Int(0));
        };
        let add = |sum: Value, item: &Value| operators::apply(Operator::Add, &sum, item);
        rest.iter().try_fold(first.clone(), add)
    }),
    member("min", &[Kind::List], Kind::Inner, |args| {
        extreme(args, "min", Ordering::Less)
    }),
    member("max", &[Kind::List], Kind::Inner, |args| {
        extreme(args, "max", Ordering::Greater)
    }),
    member("indexOf", &[Kind::List, Kind::Any], Kind::Int, |args| {
        let place = items(args, 0)
            .iter()
            .position(|item| Some(item) == args.get(1));
        Ok(place.map_or(Value::Int(-1), count))
    }),
    member("lastIndexOf", &[Kind::List, Kind::Any], Kind::Int, |args| {
        let place = items(args, 0)
            .iter()
            .rposition(|item| Some(item) == args.get(1));
        Ok(place.map_or(Value::Int(-1), count))
    }),
];

fn order(a: &Value, b: &Value) -> Result<Ordering, Problem> {
    operators::compare(a, b).ok_or_else(|| Problem::no_overload("_<=_", &[a, b]))
}

fn extreme(args: &[Value], name: &str, wanted: Ordering) -> Result<Value, Problem> {
    let Some((first, rest)) = items(args, 0).split_first() else {
        return Err(Problem::new(format!("{name} called on empty list")));
    };
    let mut best = first;
    for item in rest {
        if order(item, best)? == wanted {
            best = item;
        }
    }
    Ok(best.clone())
}
