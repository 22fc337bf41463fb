//! Whether the types of an expression fit, as far as they are known.

use super::ast::{Expr, Loop, LoopKind, Operator};
use super::functions;
use super::types::Type;
use super::value::Value;

/// The type of an expression.
///
/// # Errors
///
/// Says which name is not declared, which field there is not, or which types do not fit.
pub(super) fn check<'a>(expr: &Expr, variables: &[(&str, Type<'a>)]) -> Result<Type<'a>, String> {
    let variables = variables.iter();
    let known = variables.map(|(name, kind)| ((*name).to_owned(), kind.clone()));
    Checker {
        known: known.collect(),
    }
    .check(expr)
}

struct Checker<'a> {
    /// The variables that are known, the innermost last.
    known: Vec<(String, Type<'a>)>,
}

type Checked<'a> = Result<Type<'a>, String>;

impl<'a> Checker<'a> {
    fn check(&mut self, expr: &Expr) -> Checked<'a> {
        match expr {
            Expr::Literal(value) => Ok(of_literal(value)),
            Expr::Ident(name) => self.ident(name),
            Expr::List(items) => {
                let mut of = Type::Null;
                for item in items {
                    of = of.or(&self.check(item)?);
                }
                Ok(Type::list(if items.is_empty() { Type::Dyn } else { of }))
            }
            Expr::Map(entries) => {
                let mut of = Type::Null;
                for (key, value) in entries {
                    self.check(key)?;
                    of = of.or(&self.check(value)?);
                }
                Ok(Type::map(if entries.is_empty() { Type::Dyn } else { of }))
            }
            Expr::Select {
                of,
                field,
                is_optional,
            } => {
                let of = self.check(of)?;
                let through_optional = matches!(of, Type::Optional(_));
                let found = select(&of, field)?;
                Ok(match *is_optional && !through_optional {
                    true => Type::optional(found),
                    false => found,
                })
            }
            Expr::Has { of, field } => {
                let of = self.check(of)?;
                select(&of, field)?;
                Ok(Type::Bool)
            }
            Expr::Index {
                of,
                index,
                is_optional,
            } => {
                let (of, index) = (self.check(of)?, self.check(index)?);
                let found = item(&of, &index)?;
                Ok(match *is_optional && !matches!(of, Type::Optional(_)) {
                    true => Type::optional(found),
                    false => found,
                })
            }
            Expr::Not(of) => self.bool(of, "!_"),
            Expr::Negate(of) => match self.check(of)? {
                number @ (Type::Int | Type::Double | Type::Duration | Type::Dyn) => Ok(number),
                other => Err(no_overload("-_", &[other])),
            },
            Expr::And(terms) => self.bools(terms, "_&&_"),
            Expr::Or(terms) => self.bools(terms, "_||_"),
            Expr::Conditional(parts) => {
                let (condition, yes, no) = &**parts;
                self.bool(condition, "_?_:_")?;
                let (yes, no) = (self.check(yes)?, self.check(no)?);
                if !yes.fits(&no) {
                    return Err(no_overload("_?_:_", &[Type::Bool, yes, no]));
                }
                Ok(yes.or(&no))
            }
            Expr::Binary(operator, left, right) => {
                let (left, right) = (self.check(left)?, self.check(right)?);
                binary(*operator, left, right)
            }
            Expr::Call { name, target, args } => self.call(name, target.as_deref(), args),
            Expr::Loop(each) => self.each(each),
        }
    }

    fn ident(&self, name: &str) -> Checked<'a> {
        if let Some((_, kind)) = self.known.iter().rev().find(|(known, _)| known == name) {
            return Ok(kind.clone());
        }
        match functions::type_named(name) {
            Some(_) => Ok(Type::Meta),
            None => Err(format!(
                "undeclared reference to '{name}' (in container '')"
            )),
        }
    }

    fn bool(&mut self, expr: &Expr, name: &str) -> Checked<'a> {
        match self.check(expr)? {
            Type::Bool | Type::Dyn => Ok(Type::Bool),
            other => Err(no_overload(name, &[other])),
        }
    }

    fn bools(&mut self, terms: &[Expr], name: &str) -> Checked<'a> {
        for term in terms {
            self.bool(term, name)?;
        }
        Ok(Type::Bool)
    }

    fn call(&mut self, name: &str, target: Option<&Expr>, args: &[Expr]) -> Checked<'a> {
        // Functions of a library may be called by its name.
        if let Some(Expr::Ident(library)) = target
            && functions::is_library(library)
            && self.ident(library).is_err()
        {
            return self.function(&format!("{library}.{name}"), None, args);
        }
        let target = target.map(|target| self.check(target)).transpose()?;
        self.function(name, target, args)
    }

    fn function(&mut self, name: &str, target: Option<Type<'a>>, args: &[Expr]) -> Checked<'a> {
        let is_member = target.is_some();
        let mut types: Vec<Type<'a>> = target.into_iter().collect();
        for arg in args {
            types.push(self.check(arg)?);
        }
        let mut found: Option<Type<'a>> = None;
        let mut is_known = false;
        for function in functions::named(name, is_member) {
            is_known = true;
            if function.takes_types(&types) {
                let result = function.result.of(&types);
                found = Some(match found {
                    Some(found) => found.or(&result),
                    None => result,
                });
            }
        }
        match found {
            Some(found) => Ok(found),
            None if is_known => Err(no_overload(name, &types)),
            None => Err(format!(
                "undeclared reference to '{name}' (in container '')"
            )),
        }
    }

    fn each(&mut self, each: &Loop) -> Checked<'a> {
        let range = self.check(&each.range)?;
        let (key, value) = match &range {
            Type::List(of) => (Type::Int, (**of).clone()),
            Type::Map(of) => (Type::Text, (**of).clone()),
            Type::Object(_) => (Type::Text, Type::Dyn),
            Type::Dyn => (Type::Dyn, Type::Dyn),
            other => {
                return Err(format!(
                    "expression of type '{other}' cannot be range of a comprehension (must be list, map, or dynamic)"
                ));
            }
        };
        let outside = self.known.len();
        match each.variables.as_slice() {
            [first, second] => {
                self.known.push((first.clone(), key));
                self.known.push((second.clone(), value));
            }
            variables => {
                let one = if matches!(range, Type::List(_)) {
                    value
                } else {
                    key
                };
                let variables = variables.iter();
                self.known
                    .extend(variables.map(|name| (name.clone(), one.clone())));
            }
        }
        let result = self.each_inside(each, range);
        self.known.truncate(outside);
        result
    }

    fn each_inside(&mut self, each: &Loop, range: Type<'a>) -> Checked<'a> {
        if let Some(filter) = &each.filter {
            self.bool(filter, "_?_:_")?;
        }
        match each.kind {
            LoopKind::Map => Ok(Type::list(self.check(&each.body)?)),
            LoopKind::Filter => {
                self.bool(&each.body, "_?_:_")?;
                Ok(match range {
                    list @ Type::List(_) => list,
                    _ => Type::list(Type::Text),
                })
            }
            _ => self.bool(&each.body, "_&&_"),
        }
    }
}

fn of_literal<'a>(value: &Value) -> Type<'a> {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Bool,
        Value::Int(_) => Type::Int,
        Value::UInt(_) => Type::UInt,
        Value::Double(_) => Type::Double,
        Value::Text(_) => Type::Text,
        Value::Bytes(_) => Type::Bytes,
        _ => Type::Dyn,
    }
}

fn select<'a>(of: &Type<'a>, field: &str) -> Checked<'a> {
    match of {
        Type::Object(object) => {
            let found = object.field(field);
            found.ok_or_else(|| format!("undefined field '{field}'"))
        }
        Type::Map(of) => Ok((**of).clone()),
        Type::Optional(of) => select(of, field).map(Type::optional),
        Type::Dyn => Ok(Type::Dyn),
        other => Err(format!("type '{other}' does not support field selection")),
    }
}

fn item<'a>(of: &Type<'a>, index: &Type<'a>) -> Checked<'a> {
    match of {
        Type::List(of) if index.is_number() => Ok((**of).clone()),
        Type::Map(of) => Ok((**of).clone()),
        Type::Optional(of) => item(of, index).map(Type::optional),
        Type::Dyn => Ok(Type::Dyn),
        other => Err(no_overload("_[_]", &[other.clone(), index.clone()])),
    }
}

fn binary<'a>(operator: Operator, left: Type<'a>, right: Type<'a>) -> Checked<'a> {
    use Operator::{Add, Divide, Equal, In, Modulo, Multiply, NotEqual, Subtract};
    let same = left.fits(&right);
    let any_dyn = matches!(left, Type::Dyn) || matches!(right, Type::Dyn);
    let found = match operator {
        Equal | NotEqual => same.then_some(Type::Bool),
        In => match &right {
            Type::List(of) => left.fits(of).then_some(Type::Bool),
            Type::Map(_) | Type::Dyn => Some(Type::Bool),
            _ => None,
        },
        Add | Subtract | Multiply | Divide | Modulo if any_dyn => Some(Type::Dyn),
        Add | Subtract | Multiply | Divide | Modulo => match (&left, &right) {
            (Type::Int, Type::Int) | (Type::UInt, Type::UInt) => Some(left.clone()),
            (Type::Double, Type::Double) => (operator != Modulo).then_some(Type::Double),
            (Type::Text, Type::Text)
            | (Type::Bytes, Type::Bytes)
            | (Type::List(_), Type::List(_)) => (operator == Add && same).then(|| left.clone()),
            (Type::Timestamp, Type::Timestamp) => (operator == Subtract).then_some(Type::Duration),
            (Type::Timestamp, Type::Duration) => {
                matches!(operator, Add | Subtract).then_some(Type::Timestamp)
            }
            (Type::Duration, Type::Timestamp) => (operator == Add).then_some(Type::Timestamp),
            (Type::Duration, Type::Duration) => {
                matches!(operator, Add | Subtract).then_some(Type::Duration)
            }
            _ => None,
        },
        _ => {
            let orders = |kind: &Type<'_>| {
                let plain = matches!(
                    kind,
                    Type::Bool | Type::Text | Type::Bytes | Type::Timestamp | Type::Duration
                );
                plain || kind.is_number()
            };
            let comparable = same || (left.is_number() && right.is_number());
            (comparable && orders(&left) && orders(&right)).then_some(Type::Bool)
        }
    };
    found.ok_or_else(|| no_overload(operator.name(), &[left, right]))
}

fn no_overload(name: &str, types: &[Type<'_>]) -> String {
    let types: Vec<String> = types.iter().map(ToString::to_string).collect();
    format!(
        "found no matching overload for '{name}' applied to '({})'",
        types.join(", ")
    )
}
