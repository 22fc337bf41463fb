//! Evaluating expressions.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::ast::{Expr, Loop, LoopKind, Operator};
use super::value::{Key, Value};
use super::{functions, operators};

/// How many steps one expression may take.
const STEPS: u64 = 1_000_000;

/// How much may still be done.
#[derive(Debug)]
pub(crate) struct Budget {
    steps: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { steps: STEPS }
    }
}

impl Budget {
    fn charge(&mut self, steps: usize) -> Result<(), Problem> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.steps = self.steps.checked_sub(steps).ok_or(Problem::TooCostly)?;
        Ok(())
    }
}

/// Why an expression has no value.
#[derive(Clone, Debug)]
pub(crate) enum Problem {
    Failed(String),
    TooCostly,
}

impl Problem {
    pub(super) fn new(text: impl Into<String>) -> Problem {
        Problem::Failed(text.into())
    }

    pub(super) fn no_overload(name: &str, values: &[&Value]) -> Problem {
        let types: Vec<&str> = values.iter().map(|value| value.type_name()).collect();
        Problem::Failed(format!("no such overload: {name}({})", types.join(", ")))
    }

    /// For a key that a map, or a field that an object does not have.
    pub(super) fn no_key(key: impl fmt::Display) -> Problem {
        Problem::Failed(format!("no such key: {key}"))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Failed(text) => f.write_str(text),
            Problem::TooCostly => f.write_str("operation cancelled: actual cost limit exceeded"),
        }
    }
}

/// Evaluates an expression.
pub(super) fn run(
    expr: &Expr,
    variables: &[(&str, Value)],
    budget: &mut Budget,
) -> Result<Value, Problem> {
    let variables = variables.iter();
    let mut run = Run {
        known: variables
            .map(|(name, value)| (*name, value.clone()))
            .collect(),
        budget,
    };
    run.eval(expr)
}

struct Run<'e, 'b> {
    /// The variables that are known, the innermost last.
    known: Vec<(&'e str, Value)>,
    budget: &'b mut Budget,
}

type Evaluated = Result<Value, Problem>;

impl<'e> Run<'e, '_> {
    fn eval(&mut self, expr: &'e Expr) -> Evaluated {
        self.budget.charge(1)?;
        match expr {
            Expr::Literal(value) => Ok(value.clone()),
            Expr::Ident(name) => self.ident(name),
            Expr::List(items) => {
                let items: Result<Vec<Value>, Problem> =
                    items.iter().map(|item| self.eval(item)).collect();
                Ok(Value::list(items?))
            }
            Expr::Map(entries) => self.map(entries),
            Expr::Select {
                of,
                field,
                is_optional,
            } => {
                let of = self.eval(of)?;
                select(&of, field, *is_optional)
            }
            Expr::Has { of, field } => {
                let of = self.eval(of)?;
                has(&of, field)
            }
            Expr::Index {
                of,
                index,
                is_optional,
            } => {
                let (of, index) = (self.eval(of)?, self.eval(index)?);
                item(&of, &index, *is_optional)
            }
            Expr::Not(of) => Ok(Value::Bool(!self.bool(of)?)),
            Expr::Negate(of) => negate(&self.eval(of)?),
            Expr::And(terms) => self.decide(terms, false),
            Expr::Or(terms) => self.decide(terms, true),
            Expr::Conditional(parts) => {
                let (condition, yes, no) = &**parts;
                let chosen = if self.bool(condition)? { yes } else { no };
                self.eval(chosen)
            }
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right),
            Expr::Call { name, target, args } => self.call(name, target.as_deref(), args),
            Expr::Loop(each) => self.each(each),
        }
    }

    fn ident(&self, name: &str) -> Evaluated {
        if let Some((_, value)) = self.known.iter().rev().find(|(known, _)| *known == name) {
            return Ok(value.clone());
        }
        let named = functions::type_named(name).map(Value::Type);
        named.ok_or_else(|| Problem::new(format!("no such attribute: {name}")))
    }

    fn bool(&mut self, expr: &'e Expr) -> Result<bool, Problem> {
        match self.eval(expr)? {
            Value::Bool(value) => Ok(value),
            other => Err(Problem::no_overload("bool", &[&other])),
        }
    }

    fn map(&mut self, entries: &'e [(Expr, Expr)]) -> Evaluated {
        let mut map = BTreeMap::new();
        for (key, value) in entries {
            let key = self.eval(key)?;
            let key = key
                .key()
                .ok_or_else(|| Problem::new("unsupported key type"))?;
            let value = self.eval(value)?;
            map.insert(key, value);
        }
        Ok(Value::Map(Arc::new(map)))
    }

    /// `&&` and `||`: one term that decides is enough, even when others cannot be evaluated.
    fn decide(&mut self, terms: &'e [Expr], decisive: bool) -> Evaluated {
        let mut problem = None;
        for term in terms {
            match self.bool(term) {
                Ok(value) if value == decisive => return Ok(Value::Bool(decisive)),
                Ok(_) => {}
                Err(Problem::TooCostly) => return Err(Problem::TooCostly),
                Err(other) => problem = problem.or(Some(other)),
            }
        }
        problem.map_or(Ok(Value::Bool(!decisive)), Err)
    }

    fn binary(&mut self, operator: Operator, left: &'e Expr, right: &'e Expr) -> Evaluated {
        let (left, right) = (self.eval(left)?, self.eval(right)?);
        // Lists and maps are compared and joined as a whole.
        self.budget.charge(left.size() + right.size())?;
        operators::apply(operator, &left, &right)
    }

    fn call(&mut self, name: &str, target: Option<&'e Expr>, args: &'e [Expr]) -> Evaluated {
        let mut values = Vec::with_capacity(args.len() + 1);
        let mut library = None;
        match target {
            Some(Expr::Ident(ident))
                if functions::is_library(ident) && self.ident(ident).is_err() =>
            {
                library = Some(format!("{ident}.{name}"));
            }
            Some(target) => values.push(self.eval(target)?),
            None => {}
        }
        for arg in args {
            values.push(self.eval(arg)?);
        }
        let size: usize = values.iter().map(Value::size).sum();
        self.budget.charge(size)?;
        let is_member = target.is_some() && library.is_none();
        functions::call(library.as_deref().unwrap_or(name), is_member, &values)
    }

    fn each(&mut self, each: &'e Loop) -> Evaluated {
        let range = self.eval(&each.range)?;
        let outside = self.known.len();
        let result = match &range {
            Value::List(list) => {
                let items = list.items.iter().enumerate();
                let pairs = items.map(|(at, item)| {
                    (
                        Value::Int(i64::try_from(at).unwrap_or(i64::MAX)),
                        item.clone(),
                    )
                });
                self.items(each, pairs, Shows::Value)
            }
            Value::Map(map) => {
                let entries = map.iter();
                let pairs = entries.map(|(key, value)| (Value::from(key.clone()), value.clone()));
                self.items(each, pairs, Shows::Key)
            }
            other => Err(Problem::no_overload("comprehension", &[other])),
        };
        self.known.truncate(outside);
        result
    }

    fn items(
        &mut self,
        each: &'e Loop,
        pairs: impl Iterator<Item = (Value, Value)>,
        shows: Shows,
    ) -> Evaluated {
        let outside = self.known.len();
        let mut collected = Vec::new();
        let mut problem = None;
        let mut count = 0;
        for (key, value) in pairs {
            self.known.truncate(outside);
            let one = match shows {
                Shows::Key => key.clone(),
                Shows::Value => value.clone(),
            };
            match each.variables.as_slice() {
                [first, second] => self.known.extend([(first.as_str(), key), (second, value)]),
                variables => {
                    let variables = variables.iter();
                    self.known
                        .extend(variables.map(|name| (name.as_str(), one.clone())));
                }
            }
            if let Some(filter) = &each.filter
                && !self.bool(filter)?
            {
                continue;
            }
            let decisive = match each.kind {
                LoopKind::Map => {
                    collected.push(self.eval(&each.body)?);
                    continue;
                }
                LoopKind::Filter => {
                    if self.bool(&each.body)? {
                        collected.push(one);
                    }
                    continue;
                }
                LoopKind::ExistsOne => {
                    count += usize::from(self.bool(&each.body)?);
                    continue;
                }
                LoopKind::All => false,
                LoopKind::Exists => true,
            };
            match self.bool(&each.body) {
                Ok(value) if value == decisive => return Ok(Value::Bool(decisive)),
                Ok(_) => {}
                Err(Problem::TooCostly) => return Err(Problem::TooCostly),
                Err(other) => problem = problem.or(Some(other)),
            }
        }
        match each.kind {
            LoopKind::Map | LoopKind::Filter => Ok(Value::list(collected)),
            LoopKind::ExistsOne => Ok(Value::Bool(count == 1)),
            LoopKind::All | LoopKind::Exists => {
                let undecided = Value::Bool(each.kind == LoopKind::All);
                problem.map_or(Ok(undecided), Err)
            }
        }
    }
}

/// What the single variable of a loop stands for.
#[derive(Clone, Copy)]
enum Shows {
    Key,
    Value,
}

fn select(of: &Value, field: &str, is_optional: bool) -> Evaluated {
    match of {
        Value::Optional(None) => Ok(Value::Optional(None)),
        Value::Optional(Some(of)) => select(of, field, true),
        Value::Map(map) => {
            let found = map.get(&Key::Text(field.into())).cloned();
            match is_optional {
                true => Ok(Value::optional(found)),
                false => found.ok_or_else(|| Problem::no_key(field)),
            }
        }
        _ => Err(Problem::no_overload("select", &[of])),
    }
}

fn has(of: &Value, field: &str) -> Evaluated {
    match of {
        Value::Map(map) => Ok(Value::Bool(map.contains_key(&Key::Text(field.into())))),
        Value::Optional(None) => Ok(Value::Bool(false)),
        Value::Optional(Some(of)) => has(of, field),
        _ => Err(Problem::no_overload("has", &[of])),
    }
}

fn item(of: &Value, index: &Value, is_optional: bool) -> Evaluated {
    let (found, problem) = match (of, index) {
        (Value::Optional(None), _) => return Ok(Value::Optional(None)),
        (Value::Optional(Some(of)), index) => return item(of, index, true),
        (Value::List(list), index) => {
            let Some(Key::Int(at)) = index.key() else {
                return Err(Problem::no_overload("_[_]", &[of, index]));
            };
            let found = usize::try_from(at).ok().and_then(|at| list.items.get(at));
            (found, Problem::new(format!("index out of bounds: {at}")))
        }
        (Value::Map(map), index) => {
            let found = index.key().and_then(|key| map.get(&key));
            (found, Problem::no_key(functions::plain(index)))
        }
        _ => return Err(Problem::no_overload("_[_]", &[of, index])),
    };
    match is_optional {
        true => Ok(Value::optional(found.cloned())),
        false => found.cloned().ok_or(problem),
    }
}

fn negate(value: &Value) -> Evaluated {
    let overflow = || Problem::new("integer overflow");
    match value {
        Value::Int(number) => number.checked_neg().map(Value::Int).ok_or_else(overflow),
        Value::Double(number) => Ok(Value::Double(-number)),
        Value::Duration(time) => time.checked_neg().map(Value::Duration).ok_or_else(overflow),
        other => Err(Problem::no_overload("-_", &[other])),
    }
}
