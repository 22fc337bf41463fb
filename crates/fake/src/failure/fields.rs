//! What is wrong with which field.

use std::fmt;

use kubekit_core::{CauseType, StatusCause};
use serde_json::Value;

/// One thing that is wrong with a field.
#[derive(Debug)]
pub(crate) struct FieldError {
    cause: CauseType,
    path: String,
    message: String,
}

/// All that is wrong with an object, in the order it was found.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors(Vec<FieldError>);

impl FieldError {
    pub(crate) fn required(path: impl Into<String>, detail: &str) -> FieldError {
        let message = match detail {
            "" => "Required value".to_owned(),
            detail => format!("Required value: {detail}"),
        };
        FieldError::new(CauseType::FIELD_VALUE_REQUIRED, path, message)
    }

    pub(crate) fn invalid(
        path: impl Into<String>,
        value: impl Into<Value>,
        detail: impl fmt::Display,
    ) -> FieldError {
        let message = format!("Invalid value: {}: {detail}", value.into());
        FieldError::new(CauseType::FIELD_VALUE_INVALID, path, message)
    }

    pub(crate) fn forbidden(path: impl Into<String>, detail: impl fmt::Display) -> FieldError {
        FieldError::new(
            CauseType::FIELD_VALUE_FORBIDDEN,
            path,
            format!("Forbidden: {detail}"),
        )
    }

    pub(crate) fn duplicate(path: impl Into<String>, value: impl Into<Value>) -> FieldError {
        let message = format!("Duplicate value: {}", value.into());
        FieldError::new(CauseType::FIELD_VALUE_DUPLICATE, path, message)
    }

    pub(crate) fn not_supported(
        path: impl Into<String>,
        value: &str,
        supported: &[&str],
    ) -> FieldError {
        let supported: Vec<_> = supported.iter().map(|s| format!("\"{s}\"")).collect();
        let message = format!(
            "Unsupported value: \"{value}\": supported values: {}",
            supported.join(", ")
        );
        FieldError::new(CauseType::FIELD_VALUE_NOT_SUPPORTED, path, message)
    }

    /// As [`FieldError::not_supported`], for a value that may be of any type.
    pub(crate) fn value_not_supported(
        path: impl Into<String>,
        value: &Value,
        supported: &[&str],
    ) -> FieldError {
        let supported: Vec<_> = supported.iter().map(|s| format!("\"{s}\"")).collect();
        let message = format!(
            "Unsupported value: {value}: supported values: {}",
            supported.join(", ")
        );
        FieldError::new(CauseType::FIELD_VALUE_NOT_SUPPORTED, path, message)
    }

    /// For a value of the wrong type; `detail` says which would be right.
    pub(crate) fn type_invalid(
        path: impl Into<String>,
        value: impl Into<Value>,
        detail: impl fmt::Display,
    ) -> FieldError {
        let message = format!("Invalid value: {}: {detail}", value.into());
        FieldError::new(CauseType::FIELD_VALUE_TYPE_INVALID, path, message)
    }

    pub(crate) fn too_long(path: impl Into<String>, most: i64) -> FieldError {
        let message = format!("Too long: may not be more than {most} bytes");
        FieldError::new(CauseType::new("FieldValueTooLong"), path, message)
    }

    pub(crate) fn too_many(path: impl Into<String>, count: usize, most: i64) -> FieldError {
        let message = format!("Too many: {count}: must have at most {most} items");
        FieldError::new(CauseType::new("FieldValueTooMany"), path, message)
    }

    /// For the name of something that is not there.
    pub(crate) fn missing(path: impl Into<String>, value: impl Into<Value>) -> FieldError {
        let message = format!("Not found: {}", value.into());
        FieldError::new(CauseType::new("FieldValueNotFound"), path, message)
    }

    pub(crate) fn new(cause: CauseType, path: impl Into<String>, message: String) -> FieldError {
        FieldError {
            cause,
            path: path.into(),
            message,
        }
    }
}

impl FieldErrors {
    pub(crate) fn push(&mut self, error: FieldError) {
        self.0.push(error);
    }

    pub(crate) fn append(&mut self, mut others: FieldErrors) {
        self.0.append(&mut others.0);
    }

    /// Adds what the facts of a kind say, but for fields of which its own rules have said that their value is not supported.
    pub(crate) fn append_facts(&mut self, others: FieldErrors) {
        for other in others.0 {
            let said = |error: &FieldError| {
                error.path == other.path
                    && error.cause == other.cause
                    && error.cause == CauseType::FIELD_VALUE_NOT_SUPPORTED
            };
            if !self.0.iter().any(said) {
                self.0.push(other);
            }
        }
    }

    /// The same seen from outside: what they are about is at `path`.
    pub(crate) fn below(mut self, path: &str) -> FieldErrors {
        for error in &mut self.0 {
            error.path = match error.path.as_str() {
                "" | "<nil>" => path.to_owned(),
                inner if inner.starts_with('[') => format!("{path}{inner}"),
                inner => format!("{path}.{inner}"),
            };
        }
        self
    }

    /// Brings them into the order of what they say, where it says nothing in which they were found.
    pub(crate) fn sort(&mut self) {
        self.0
            .sort_by(|a, b| (&a.path, &a.message).cmp(&(&b.path, &b.message)));
    }

    /// Whether what is wrong is of one of these causes.
    pub(crate) fn has_any(&self, causes: &[CauseType]) -> bool {
        self.0.iter().any(|error| causes.contains(&error.cause))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_causes(self) -> Vec<StatusCause> {
        let causes = self.0.into_iter();
        causes
            .map(|error| StatusCause::new(error.cause, error.message, error.path))
            .collect()
    }
}

impl From<FieldError> for FieldErrors {
    fn from(error: FieldError) -> Self {
        FieldErrors(vec![error])
    }
}

impl Extend<FieldError> for FieldErrors {
    fn extend<T: IntoIterator<Item = FieldError>>(&mut self, errors: T) {
        self.0.extend(errors);
    }
}

/// One error as it is, several in brackets.
impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let brackets = self.0.len() != 1;
        if brackets {
            f.write_str("[")?;
        }
        for (at, error) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { ", " };
            write!(f, "{separator}{}: {}", error.path, error.message)?;
        }
        if brackets {
            f.write_str("]")?;
        }
        Ok(())
    }
}
