//! A value of the wrong type.

use std::fmt;

use serde_json::Value;

/// A field has a value that cannot be decoded.
#[derive(Debug)]
pub(crate) struct Malformed {
    /// Where it is; the items of lists and the members of maps are not told apart.
    field: String,
    problem: Problem,
}

#[derive(Debug)]
enum Problem {
    /// The value is of another type than the API server describes in its own terms.
    Mistyped {
        found: String,
        /// The type that has the field; empty until it is known.
        owner: String,
        wanted: String,
    },
    /// As above, in plain words.
    Unfit {
        found: &'static str,
        wanted: &'static str,
    },
    /// A text that is not written as it should be.
    Text(String),
}

impl Malformed {
    /// `wanted` is what the field holds, such as `a string`.
    pub(crate) fn new(field: impl Into<String>, found: &Value, wanted: &'static str) -> Malformed {
        let found = name_of(found);
        Malformed {
            field: field.into(),
            problem: Problem::Unfit { found, wanted },
        }
    }

    /// `wanted` is what the API server calls the type, such as `[]v1.Container`.
    pub(crate) fn mistyped(found: &Value, wanted: impl Into<String>) -> Malformed {
        let wanted = wanted.into();
        let found = match found {
            // Which number only matters where another one would do.
            Value::Number(number) if wanted.starts_with("int") => format!("number {number}"),
            found => name_of(found).to_owned(),
        };
        Malformed {
            field: String::new(),
            problem: Problem::Mistyped {
                found,
                owner: String::new(),
                wanted,
            },
        }
    }

    /// For a text that its type cannot read.
    pub(crate) fn text(problem: impl Into<String>) -> Malformed {
        Malformed {
            field: String::new(),
            problem: Problem::Text(problem.into()),
        }
    }

    /// The same seen from outside: the field is a field of `parent`.
    pub(crate) fn below(mut self, parent: &str) -> Malformed {
        self.field = match self.field.as_str() {
            "" => parent.to_owned(),
            field => format!("{parent}.{field}"),
        };
        self
    }

    /// The type that has the field, if nobody has said so yet.
    pub(crate) fn owned_by(mut self, name: &str) -> Malformed {
        if let Problem::Mistyped { owner, .. } = &mut self.problem
            && owner.is_empty()
        {
            name.clone_into(owner);
        }
        self
    }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        match &self.problem {
            Problem::Mistyped {
                found,
                owner,
                wanted,
            } => write!(
                f,
                "json: cannot unmarshal {found} into Go struct field {owner}.{field} of type {wanted}"
            ),
            Problem::Unfit { found, wanted } => {
                write!(f, "json: cannot use {found} as {wanted} in field {field}")
            }
            Problem::Text(problem) => f.write_str(problem),
        }
    }
}
