//! What may stand between two slashes of a request path.

use std::fmt;

/// Checks that a name can be a segment of a request path.
///
/// `.` and `..` are refused, and so is a name that is empty or contains `/` or `%`, as in apimachinery's
/// `IsValidPathSegmentName`.
///
/// # Errors
///
/// Fails with the rule that the name breaks.
///
/// # Examples
///
/// ```
/// use kubekit_core::validate_path_segment;
///
/// assert!(validate_path_segment("web-0").is_ok());
/// assert!(validate_path_segment("../nodes").is_err());
/// ```
pub fn validate_path_segment(name: &str) -> Result<(), PathSegmentError> {
    let rule = match name {
        "" => "must not be empty",
        "." => "may not be '.'",
        ".." => "may not be '..'",
        _ if name.contains('/') => "may not contain '/'",
        _ if name.contains('%') => "may not contain '%'",
        _ => return Ok(()),
    };
    Err(PathSegmentError {
        name: name.into(),
        rule,
    })
}

/// Reports a name that cannot be a segment of a request path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathSegmentError {
    name: Box<str>,
    rule: &'static str,
}

impl PathSegmentError {
    /// Returns the name that was refused.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the rule it breaks, such as `may not contain '/'`.
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

impl fmt::Display for PathSegmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} cannot be part of a request path: it {}",
            self.name, self.rule
        )
    }
}

impl std::error::Error for PathSegmentError {}
