//! Unknown and duplicate fields: refused, warned of, or ignored, as the request wants it.

use super::call::Call;
use super::write;
use crate::failure::Failure;
use crate::request::{FieldValidation, WriteOptions};

/// What to say about the oddities of a body that has become an object: warnings, or nothing.
///
/// # Errors
///
/// 400, where the request is strict.
pub(super) fn judge(
    call: &Call<'_>,
    options: &WriteOptions,
    unknown: Vec<String>,
) -> Result<Vec<String>, Failure> {
    let mut oddities = options.oddities.clone();
    // What is known of built-in kinds has been found while decoding, in the order of the body.
    if call.resource.is_custom() {
        oddities.extend(unknown);
    }
    settle(options, oddities).map_err(|error| write::undecodable(call, &error))
}

/// The warnings that oddities make.
///
/// # Errors
///
/// Says what is odd, where the request is strict.
pub(super) fn settle(options: &WriteOptions, oddities: Vec<String>) -> Result<Vec<String>, String> {
    match options.field_validation {
        FieldValidation::Ignore => Ok(Vec::new()),
        FieldValidation::Strict if !oddities.is_empty() => {
            Err(format!("strict decoding error: {}", oddities.join(", ")))
        }
        FieldValidation::Strict | FieldValidation::Warn => Ok(oddities),
    }
}
