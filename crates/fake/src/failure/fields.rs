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
