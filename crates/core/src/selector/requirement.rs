//! The conditions of label selectors.

use std::fmt;

use super::label::Values;
use super::{Labels, SelectorError};

/// One condition of a label selector. Matches `labels.Requirement`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LabelRequirement {
    key: Box<str>,
    operator: LabelOperator,
    values: Values,
}

/// What a requirement says about a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LabelOperator {
    /// `key=value`
    Equals,
    /// `key==value`, which means the same and prints as it was written.
    DoubleEquals,
    /// `key!=value`
    NotEquals,
    /// `key in (a,b)`
    In,
    /// `key notin (a,b)`
    NotIn,
    /// `key`
    Exists,
    /// `!key`
    DoesNotExist,
    /// `key>5`
    GreaterThan,
    /// `key<5`
    LessThan,
}

impl LabelRequirement {
    /// Makes a requirement.
    ///
    /// # Errors
    ///
    /// Fails when the key is not a qualified name, when a value is not a label value, and when the number of values does not
    /// fit the operator.
    pub fn new<'a>(
        key: &str,
        operator: LabelOperator,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, SelectorError> {
        let values: Values = values.into_iter().map(Box::from).collect();
        check_key(key)?;
        check_count(operator, values.len())?;
        for value in &values {
            check_value(key, operator, value)?;
        }
        Ok(Self {
            key: key.into(),
            operator,
            values,
        })
    }

    /// Returns the label that the requirement speaks of.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns what it says about the label.
    pub fn operator(&self) -> LabelOperator {
        self.operator
    }

    /// Returns the values it speaks of, ordered and without repetition.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &str> {
        self.values.iter().map(|value| &**value)
    }

    /// Says whether the requirement holds for these labels.
    pub fn matches(&self, labels: &(impl Labels + ?Sized)) -> bool {
        let label = labels.label(&self.key);
        match self.operator {
            LabelOperator::Equals | LabelOperator::DoubleEquals | LabelOperator::In => {
                label.is_some_and(|label| self.values.contains(label))
            }
            LabelOperator::NotEquals | LabelOperator::NotIn => {
                label.is_none_or(|label| !self.values.contains(label))
            }
            LabelOperator::Exists => label.is_some(),
            LabelOperator::DoesNotExist => label.is_none(),
            LabelOperator::GreaterThan => self.compares(label, |label, bound| label > bound),
            LabelOperator::LessThan => self.compares(label, |label, bound| label < bound),
        }
    }

    fn compares(&self, label: Option<&str>, holds: impl Fn(i64, i64) -> bool) -> bool {
        let label = label.and_then(|label| label.parse().ok());
        let bound = self.values.first().and_then(|bound| bound.parse().ok());
        matches!((label, bound), (Some(label), Some(bound)) if holds(label, bound))
    }
}

impl fmt::Display for LabelRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        match self.operator {
            LabelOperator::Exists => f.write_str(key),
            LabelOperator::DoesNotExist => write!(f, "!{key}"),
            LabelOperator::Equals => self.write(f, "=", ["", ""]),
            LabelOperator::DoubleEquals => self.write(f, "==", ["", ""]),
            LabelOperator::NotEquals => self.write(f, "!=", ["", ""]),
            LabelOperator::In => self.write(f, " in ", ["(", ")"]),
            LabelOperator::NotIn => self.write(f, " notin ", ["(", ")"]),
            LabelOperator::GreaterThan => self.write(f, ">", ["", ""]),
            LabelOperator::LessThan => self.write(f, "<", ["", ""]),
        }
    }
}

impl LabelRequirement {
    fn write(&self, f: &mut fmt::Formatter<'_>, operator: &str, around: [&str; 2]) -> fmt::Result {
        write!(f, "{}{operator}{}", self.key, around[0])?;
        for (index, value) in self.values.iter().enumerate() {
            write!(f, "{}{value}", if index > 0 { "," } else { "" })?;
        }
        f.write_str(around[1])
    }
}

fn check_count(operator: LabelOperator, count: usize) -> Result<(), SelectorError> {
    let expected = match operator {
        LabelOperator::In | LabelOperator::NotIn if count > 0 => return Ok(()),
        LabelOperator::In | LabelOperator::NotIn => {
            "for 'in', 'notin' operators, values set can't be empty"
        }
        LabelOperator::Exists | LabelOperator::DoesNotExist if count == 0 => return Ok(()),
        LabelOperator::Exists | LabelOperator::DoesNotExist => {
            "values set must be empty for exists and does not exist"
        }
        _ if count == 1 => return Ok(()),
        LabelOperator::GreaterThan | LabelOperator::LessThan => {
            "for 'Gt', 'Lt' operators, exactly one value is required"
        }
        _ => "exact-match compatibility requires one single value",
    };
    Err(SelectorError::new(expected))
}

fn check_value(key: &str, operator: LabelOperator, value: &str) -> Result<(), SelectorError> {
    if matches!(
        operator,
        LabelOperator::GreaterThan | LabelOperator::LessThan
    ) {
        return match value.parse::<i64>() {
            Ok(_) => Ok(()),
            Err(_) => Err(SelectorError::new(
                "for 'Gt', 'Lt' operators, the value must be an integer",
            )),
        };
    }
    if value.is_empty() || (value.len() <= 63 && is_label_text(value)) {
        return Ok(());
    }
    Err(SelectorError::new(format!(
        "{value:?} is not a valid value of the label {key:?}: a valid value is empty or has at most 63 alphanumeric \
         characters, '-', '_' or '.', and starts and ends with an alphanumeric character"
    )))
}

/// Checks that a label's key is `name` or `prefix/name`, as apimachinery's `IsQualifiedName` does.
fn check_key(key: &str) -> Result<(), SelectorError> {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    let well_formed = name.len() <= 63 && is_label_text(name) && prefix.is_none_or(is_subdomain);
    if well_formed {
        return Ok(());
    }
    Err(SelectorError::new(format!(
        "{key:?} is not a valid label key: a valid key is a name of at most 63 alphanumeric characters, '-', '_' or '.' that \
         starts and ends with an alphanumeric character, with an optional DNS subdomain and '/' before it"
    )))
}

fn is_label_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    matches!((bytes.first(), bytes.last()), (Some(first), Some(last))
        if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric())
        && bytes.iter().all(inner)
}

fn is_subdomain(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let label = |label: &str| {
        let bytes = label.as_bytes();
        matches!((bytes.first(), bytes.last()), (Some(&first), Some(&last)) if letter(first) && letter(last))
            && bytes.iter().all(|&byte| letter(byte) || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(label)
}
