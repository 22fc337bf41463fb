//! What operators do.

use std::cmp::Ordering;
use std::sync::Arc;

use super::ast::Operator;
use super::eval::Problem;
use super::value::{Items, ItemsKind, Value};

/// Applies an operator.
pub(super) fn apply(operator: Operator, left: &Value, right: &Value) -> Result<Value, Problem> {
    let order = |wanted: fn(Ordering) -> bool| match compare(left, right) {
        Some(order) => Ok(Value::Bool(wanted(order))),
        // No number is anything but unequal to what is none.
        None if both_numbers(left, right) => Ok(Value::Bool(false)),
        None => Err(Problem::no_overload(operator.name(), &[left, right])),
    };
    match operator {
        Operator::Equal => Ok(Value::Bool(left == right)),
        Operator::NotEqual => Ok(Value::Bool(left != right)),
        Operator::Less => order(Ordering::is_lt),
        Operator::LessOrEqual => order(Ordering::is_le),
        Operator::Greater => order(Ordering::is_gt),
        Operator::GreaterOrEqual => order(Ordering::is_ge),
        Operator::In => contains(right, left),
        arithmetic => calculate(arithmetic, left, right),
    }
}

fn both_numbers(a: &Value, b: &Value) -> bool {
    let is_number =
        |value: &Value| matches!(value, Value::Int(_) | Value::UInt(_) | Value::Double(_));
    is_number(a) && is_number(b)
}

/// Which of two numbers is larger, whatever their types.
#[allow(
    clippy::cast_precision_loss,
    reason = "as in the API server, numbers of different types are compared as floats"
)]
pub(super) fn compare_numbers(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::UInt(a), Value::UInt(b)) => Some(a.cmp(b)),
        (Value::Double(a), Value::Double(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::UInt(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
        (Value::UInt(a), Value::Int(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
        (Value::Int(a), Value::Double(b)) => (*a as f64).partial_cmp(b),
        (Value::UInt(a), Value::Double(b)) => (*a as f64).partial_cmp(b),
        (Value::Double(a), Value::Int(b)) => a.partial_cmp(&(*b as f64)),
        (Value::Double(a), Value::UInt(b)) => a.partial_cmp(&(*b as f64)),
        _ => None,
    }
}

/// Which of two values comes first, if they have an order.
pub(super) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Bytes(a), Value::Bytes(b)) => Some(a.cmp(b)),
        (Value::Timestamp(a), Value::Timestamp(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        (a, b) => compare_numbers(a, b),
    }
}

fn contains(range: &Value, value: &Value) -> Result<Value, Problem> {
    match range {
        Value::List(list) => Ok(Value::Bool(list.items.contains(value))),
        Value::Map(map) => {
            let key = value.key();
            Ok(Value::Bool(key.is_some_and(|key| map.contains_key(&key))))
        }
        _ => Err(Problem::no_overload("@in", &[value, range])),
    }
}

fn calculate(operator: Operator, left: &Value, right: &Value) -> Result<Value, Problem> {
    let overflow = || Problem::new("integer overflow");
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => {
            let result = match operator {
                Operator::Add => a.checked_add(*b),
                Operator::Subtract => a.checked_sub(*b),
                Operator::Multiply => a.checked_mul(*b),
                Operator::Divide if *b == 0 => return Err(Problem::new("division by zero")),
                Operator::Divide => a.checked_div(*b),
                _ if *b == 0 => return Err(Problem::new("modulus by zero")),
                _ => a.checked_rem(*b),
            };
            result.map(Value::Int).ok_or_else(overflow)
        }
        (Value::UInt(a), Value::UInt(b)) => {
            let result = match operator {
                Operator::Add => a.checked_add(*b),
                Operator::Subtract => a.checked_sub(*b),
                Operator::Multiply => a.checked_mul(*b),
                Operator::Divide if *b == 0 => return Err(Problem::new("division by zero")),
                Operator::Divide => a.checked_div(*b),
                _ if *b == 0 => return Err(Problem::new("modulus by zero")),
                _ => a.checked_rem(*b),
            };
            result.map(Value::UInt).ok_or_else(overflow)
        }
        (Value::Double(a), Value::Double(b)) => match operator {
            Operator::Add => Ok(Value::Double(a + b)),
            Operator::Subtract => Ok(Value::Double(a - b)),
            Operator::Multiply => Ok(Value::Double(a * b)),
            Operator::Divide => Ok(Value::Double(a / b)),
            _ => Err(Problem::no_overload(operator.name(), &[left, right])),
        },
        _ => combine(operator, left, right),
    }
}

fn combine(operator: Operator, left: &Value, right: &Value) -> Result<Value, Problem> {
    let out_of_range = || Problem::new("timestamp overflow");
    match (operator, left, right) {
        (Operator::Add, Value::Text(a), Value::Text(b)) => Ok(Value::text(format!("{a}{b}"))),
        (Operator::Add, Value::Bytes(a), Value::Bytes(b)) => {
            Ok(Value::Bytes([&**a, &**b].concat().into()))
        }
        (Operator::Add, Value::List(a), Value::List(b)) => Ok(Value::List(Arc::new(join(a, b)))),
        (Operator::Add, Value::Timestamp(a), Value::Duration(b))
        | (Operator::Add, Value::Duration(b), Value::Timestamp(a)) => {
            let sum = a.checked_add(*b).map_err(|_| out_of_range())?;
            Ok(Value::Timestamp(sum))
        }
        (Operator::Subtract, Value::Timestamp(a), Value::Duration(b)) => {
            let difference = a.checked_sub(*b).map_err(|_| out_of_range())?;
            Ok(Value::Timestamp(difference))
        }
        (Operator::Subtract, Value::Timestamp(a), Value::Timestamp(b)) => {
            Ok(Value::Duration(a.duration_since(*b)))
        }
        (Operator::Add, Value::Duration(a), Value::Duration(b)) => a
            .checked_add(*b)
            .map(Value::Duration)
            .ok_or_else(out_of_range),
        (Operator::Subtract, Value::Duration(a), Value::Duration(b)) => a
            .checked_sub(*b)
            .map(Value::Duration)
            .ok_or_else(out_of_range),
        _ => Err(Problem::no_overload(operator.name(), &[left, right])),
    }
}

/// Two lists as one: a set has each item once, and in a map the items of the second take the place of those with the same keys.
fn join(a: &Items, b: &Items) -> Items {
    let mut items = a.items.clone();
    for item in &b.items {
        match &a.kind {
            ItemsKind::Set if items.contains(item) => {}
            ItemsKind::Map(keys) => {
                let same = a.with_keys_of(item, keys);
                match same.and_then(|same| items.iter().position(|known| known == same)) {
                    Some(at) => items[at] = item.clone(),
                    None => items.push(item.clone()),
                }
            }
            _ => items.push(item.clone()),
        }
    }
    Items {
        items,
        kind: a.kind.clone(),
    }
}
