//! The functions that expressions may call: those of the language and of the libraries that the API server adds.

mod convert;
mod lists;
mod optionals;
mod texts;
mod times;

use super::eval::Problem;
use super::types::Type;
use super::value::Value;

pub(super) use convert::plain;

/// A function, or one of several of the same name.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    /// Whether it is called on its first argument.
    pub(super) is_member: bool,
    pub(super) args: &'static [Kind],
    pub(super) result: Kind,
    run: fn(&[Value]) -> Result<Value, Problem>,
}

/// What a function takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Any,
    Bool,
    Int,
    UInt,
    Double,
    Text,
    Bytes,
    List,
    Texts,
    Map,
    Timestamp,
    Duration,
    Optional,
    Type,
    /// As a result: what the first argument is.
    Same,
    /// As a result: what is in the first argument.
    Inner,
    /// As a result: an optional of the first argument.
    Wrapped,
}

const fn member(
    name: &'static str,
    args: &'static [Kind],
    result: Kind,
    run: fn(&[Value]) -> Result<Value, Problem>,
) -> Function {
    Function {
        name,
        is_member: true,
        args,
        result,
        run,
    }
}

const fn global(
    name: &'static str,
    args: &'static [Kind],
    result: Kind,
    run: fn(&[Value]) -> Result<Value, Problem>,
) -> Function {
    Function {
        name,
        is_member: false,
        args,
        result,
        run,
    }
}

/// The functions of a name.
pub(super) fn named(name: &str, is_member: bool) -> impl Iterator<Item = &'static Function> {
    let tables = [
        convert::FUNCTIONS,
        texts::FUNCTIONS,
        lists::FUNCTIONS,
        times::FUNCTIONS,
        optionals::FUNCTIONS,
    ];
    let all = tables.into_iter().flatten();
    all.filter(move |function| function.name == name && function.is_member == is_member)
}

/// Calls the function of this name that takes these arguments.
pub(super) fn call(name: &str, is_member: bool, args: &[Value]) -> Result<Value, Problem> {
    match named(name, is_member).find(|function| function.takes(args)) {
        Some(function) => (function.run)(args),
        None => Err(Problem::no_overload(name, &args.iter().collect::<Vec<_>>())),
    }
}

/// The name under which functions of a library are called.
pub(super) fn is_library(name: &str) -> bool {
    name == "optional"
}

/// The type of this name, as a value.
pub(super) fn type_named(name: &str) -> Option<&'static str> {
    let types = [
        "bool",
        "bytes",
        "double",
        "int",
        "list",
        "map",
        "null_type",
        "string",
        "type",
        "uint",
    ];
    types.into_iter().find(|known| *known == name)
}

impl Function {
    pub(super) fn takes_types(&self, types: &[Type<'_>]) -> bool {
        let mut pairs = self.args.iter().zip(types);
        self.args.len() == types.len() && pairs.all(|(kind, of)| of.fits(&kind.of(&[])))
    }

    fn takes(&self, values: &[Value]) -> bool {
        let mut pairs = self.args.iter().zip(values);
        self.args.len() == values.len() && pairs.all(|(kind, value)| kind.is(value))
    }
}

impl Kind {
    /// The type, where `args` are those of the call.
    pub(super) fn of<'a>(self, args: &[Type<'a>]) -> Type<'a> {
        match self {
            Kind::Any => Type::Dyn,
            Kind::Bool => Type::Bool,
            Kind::Int => Type::Int,
            Kind::UInt => Type::UInt,
            Kind::Double => Type::Double,
            Kind::Text => Type::Text,
            Kind::Bytes => Type::Bytes,
            Kind::List => Type::list(Type::Dyn),
            Kind::Texts => Type::list(Type::Text),
            Kind::Map => Type::map(Type::Dyn),
            Kind::Timestamp => Type::Timestamp,
            Kind::Duration => Type::Duration,
            Kind::Optional => Type::optional(Type::Dyn),
            Kind::Type => Type::Meta,
            Kind::Same => args.first().cloned().unwrap_or(Type::Dyn),
            Kind::Wrapped => Type::optional(args.first().cloned().unwrap_or(Type::Dyn)),
            Kind::Inner => match args.first() {
                Some(Type::List(of) | Type::Optional(of)) => (**of).clone(),
                _ => Type::Dyn,
            },
        }
    }

    fn is(self, value: &Value) -> bool {
        match self {
            Kind::Any | Kind::Same | Kind::Inner | Kind::Wrapped => true,
            Kind::Bool => matches!(value, Value::Bool(_)),
            Kind::Int => matches!(value, Value::Int(_)),
            Kind::UInt => matches!(value, Value::UInt(_)),
            Kind::Double => matches!(value, Value::Double(_)),
            Kind::Text => matches!(value, Value::Text(_)),
            Kind::Bytes => matches!(value, Value::Bytes(_)),
            Kind::List | Kind::Texts => matches!(value, Value::List(_)),
            Kind::Map => matches!(value, Value::Map(_)),
            Kind::Timestamp => matches!(value, Value::Timestamp(_)),
            Kind::Duration => matches!(value, Value::Duration(_)),
            Kind::Optional => matches!(value, Value::Optional(_)),
            Kind::Type => matches!(value, Value::Type(_)),
        }
    }
}

fn text(args: &[Value], at: usize) -> &str {
    match args.get(at) {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

fn int(args: &[Value], at: usize) -> i64 {
    match args.get(at) {
        Some(Value::Int(number)) => *number,
        _ => 0,
    }
}

fn items(args: &[Value], at: usize) -> &[Value] {
    match args.get(at) {
        Some(Value::List(list)) => &list.items,
        _ => &[],
    }
}

fn count(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}
