//! Why bytes are no message.

use std::fmt;

/// What is wrong with a message, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The field, innermost first. Empty for the message itself.
    path: Vec<&'static str>,
    kind: ProblemKind,
}

/// What can be wrong with a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ProblemKind {
    /// The bytes end within a field.
    Truncated,
    /// A number has more bits than fit.
    Overflow,
    /// A field has number 0, or a wire type that does not exist.
    BadKey,
    /// A field has the wire type of another type.
    WrongType,
    /// Messages are nested deeper than is read.
    TooDeep,
    /// There are more values than one object has.
    TooMany,
    /// The bytes do not begin as every message does.
    NoMagic,
    /// A value that is JSON inside of protobuf is none.
    NotJson,
    /// A time is outside of the years that can be written.
    NoTime,
}

impl Problem {
    /// The same problem seen from the message that has it in `field`.
    pub(super) fn within(mut self, field: &'static str) -> Problem {
        self.path.push(field);
        self
    }
}

impl From<ProblemKind> for Problem {
    fn from(kind: ProblemKind) -> Problem {
        Problem {
            path: Vec::new(),
            kind,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("proto: ")?;
        for (index, field) in self.path.iter().rev().enumerate() {
            let separator = if index == 0 { "" } else { "." };
            write!(f, "{separator}{field}")?;
        }
        if !self.path.is_empty() {
            f.write_str(": ")?;
        }
        f.write_str(match self.kind {
            ProblemKind::Truncated => "the message ends within a field",
            ProblemKind::Overflow => "a number is too large",
            ProblemKind::BadKey => "a field has no valid number or wire type",
            ProblemKind::WrongType => "a field has the wire type of another type",
            ProblemKind::TooDeep => "messages are nested too deep",
            ProblemKind::TooMany => "there are too many values",
            ProblemKind::NoMagic => "the body does not begin like a protobuf message of Kubernetes",
            ProblemKind::NotJson => "embedded JSON is malformed",
            ProblemKind::NoTime => "a time is out of range",
        })
    }
}
