//! Selecting objects by fields.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::SelectorError;

/// Selects objects by their fields: all requirements must hold, and none at all selects everything.
///
/// Parses and prints as the API server does, with `\`, `,` and `=` in values escaped by a `\`. Which fields a kind can be
/// selected by is the server's business. Matches `fields.Selector`.
///
/// # Examples
///
/// ```
/// use kubekit_core::FieldSelector;
///
/// let selector: FieldSelector = "spec.nodeName=n1,status.phase!=Failed".parse()?;
/// assert_eq!(selector, FieldSelector::all().eq("spec.nodeName", "n1").ne("status.phase", "Failed"));
/// assert!(selector.matches(|field| match field {
///     "spec.nodeName" => Some("n1".into()),
///     _ => None,
/// }));
/// # Ok::<(), kubekit_core::SelectorError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FieldSelector {
    requirements: Vec<FieldRequirement>,
}

/// One condition of a field selector. Matches `fields.Requirement`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FieldRequirement {
    /// The path of the field, such as `metadata.name`.
    pub field: String,
    /// Whether the field must or must not have the value.
    pub operator: FieldOperator,
    /// The value, without escapes.
    pub value: String,
}

/// What a requirement says about a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FieldOperator {
    /// `field=value`; `==` means the same.
    Equals,
    /// `field!=value`
    NotEquals,
}

impl FieldSelector {
    /// Selects everything.
    pub fn all() -> Self {
        Self::default()
    }

    /// Requires a field to have a value.
    pub fn eq(self, field: impl Into<String>, value: impl Into<String>) -> Self {
        self.and(field.into(), FieldOperator::Equals, value.into())
    }

    /// Requires a field not to have a value.
    pub fn ne(self, field: impl Into<String>, value: impl Into<String>) -> Self {
        self.and(field.into(), FieldOperator::NotEquals, value.into())
    }

    /// Returns the requirements.
    pub fn requirements(&self) -> &[FieldRequirement] {
        &self.requirements
    }

    /// Says whether everything is selected.
    pub fn is_everything(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Says whether an object with these fields is selected; a field that it does not have counts as empty.
    pub fn matches<'a>(&self, value_of: impl Fn(&str) -> Option<Cow<'a, str>>) -> bool {
        self.requirements.iter().all(|requirement| {
            let value = value_of(&requirement.field).unwrap_or_default();
            (value == requirement.value) == (requirement.operator == FieldOperator::Equals)
        })
    }

    fn and(mut self, field: String, operator: FieldOperator, value: String) -> Self {
        self.requirements.push(FieldRequirement {
            field,
            operator,
            value,
        });
        self
    }
}

impl FromStr for FieldSelector {
    type Err = SelectorError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let mut terms = split_terms(s);
        terms.sort_unstable();
        terms
            .into_iter()
            .filter(|term| !term.is_empty())
            .try_fold(Self::all(), |selector, term| {
                let Some((field, operator, value)) = split_term(term) else {
                    return Err(SelectorError::new(format!(
                        "invalid selector: '{s}'; can't understand '{term}'"
                    )));
                };
                Ok(selector.and(field.to_owned(), operator, unescape(value)?))
            })
    }
}

impl fmt::Display for FieldSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, requirement) in self.requirements.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            requirement.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for FieldRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operator = match self.operator {
            FieldOperator::Equals => "=",
            FieldOperator::NotEquals => "!=",
        };
        write!(f, "{}{operator}", self.field)?;
        for c in self.value.chars() {
            if matches!(c, '\\' | ',' | '=') {
                f.write_str("\\")?;
            }
            fmt::Write::write_char(f, c)?;
        }
        Ok(())
    }
}

/// Splits at commas that no `\` stands before.
fn split_terms(text: &str) -> Vec<&str> {
    let mut terms = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (index, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => {
                terms.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    terms.push(&text[start..]);
    terms
}

/// Splits at the first operator. Fields are not escaped, so the first one counts.
fn split_term(term: &str) -> Option<(&str, FieldOperator, &str)> {
    const OPERATORS: [(&str, FieldOperator); 3] = [
        ("!=", FieldOperator::NotEquals),
        ("==", FieldOperator::Equals),
        ("=", FieldOperator::Equals),
    ];

    term.char_indices().find_map(|(at, _)| {
        let (field, rest) = term.split_at(at);
        OPERATORS
            .iter()
            .find_map(|(text, operator)| Some((field, *operator, rest.strip_prefix(text)?)))
    })
}

fn unescape(value: &str) -> Result<String, SelectorError> {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped @ ('\\' | ',' | '=')) => text.push(escaped),
                Some(other) => return Err(invalid_escape(&format!("\\{other}"))),
                None => return Err(invalid_escape("\\")),
            },
            '=' => {
                return Err(SelectorError::new(format!(
                    "invalid field selector: unescaped '{c}' in value"
                )));
            }
            _ => text.push(c),
        }
    }
    Ok(text)
}

fn invalid_escape(sequence: &str) -> SelectorError {
    SelectorError::new(format!(
        "invalid field selector: invalid escape sequence: {sequence}"
    ))
}
