//! Expressions.

use super::value::Value;

/// An expression. It is never deeper than the parser allows.
#[derive(Debug)]
pub(super) enum Expr {
    Literal(Value),
    Ident(String),
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    /// A field of an object; an optional one gives an optional value.
    Select {
        of: Box<Expr>,
        field: String,
        is_optional: bool,
    },
    /// Whether an object has a field.
    Has {
        of: Box<Expr>,
        field: String,
    },
    Index {
        of: Box<Expr>,
        index: Box<Expr>,
        is_optional: bool,
    },
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// True if all are.
    And(Vec<Expr>),
    /// True if any is.
    Or(Vec<Expr>),
    Conditional(Box<(Expr, Expr, Expr)>),
    Call {
        name: String,
        target: Option<Box<Expr>>,
        args: Vec<Expr>,
    },
    Loop(Box<Loop>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

/// An expression that looks at every item of a list or key of a map.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) kind: LoopKind,
    pub(super) range: Expr,
    /// The item; or its index or key, and what is there.
    pub(super) variables: Vec<String>,
    /// Which items are looked at, for a map that has a filter.
    pub(super) filter: Option<Expr>,
    pub(super) body: Expr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LoopKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

impl Operator {
    /// The name that messages have.
    pub(super) fn name(self) -> &'static str {
        match self {
            Operator::Add => "_+_",
            Operator::Subtract => "_-_",
            Operator::Multiply => "_*_",
            Operator::Divide => "_/_",
            Operator::Modulo => "_%_",
            Operator::Equal => "_==_",
            Operator::NotEqual => "_!=_",
            Operator::Less => "_<_",
            Operator::LessOrEqual => "_<=_",
            Operator::Greater => "_>_",
            Operator::GreaterOrEqual => "_>=_",
            Operator::In => "@in",
        }
    }
}

impl Expr {
    /// Whether a variable is used that is not one of a loop within.
    pub(super) fn uses(&self, name: &str) -> bool {
        let any = |exprs: &[Expr]| exprs.iter().any(|expr| expr.uses(name));
        match self {
            Expr::Literal(_) => false,
            Expr::Ident(ident) => ident == name,
            Expr::List(items) | Expr::And(items) | Expr::Or(items) => any(items),
            Expr::Map(entries) => entries.iter().any(|(k, v)| k.uses(name) || v.uses(name)),
            Expr::Select { of, .. } | Expr::Has { of, .. } => of.uses(name),
            Expr::Index { of, index, .. } => of.uses(name) || index.uses(name),
            Expr::Not(of) | Expr::Negate(of) => of.uses(name),
            Expr::Binary(_, left, right) => left.uses(name) || right.uses(name),
            Expr::Conditional(parts) => {
                let (condition, yes, no) = &**parts;
                condition.uses(name) || yes.uses(name) || no.uses(name)
            }
            Expr::Call { target, args, .. } => {
                target.as_ref().is_some_and(|target| target.uses(name)) || any(args)
            }
            Expr::Loop(each) => {
                let hides = each.variables.iter().any(|variable| variable == name);
                let inside = || {
                    each.body.uses(name)
                        || each.filter.as_ref().is_some_and(|filter| filter.uses(name))
                };
                each.range.uses(name) || (!hides && inside())
            }
        }
    }
}
