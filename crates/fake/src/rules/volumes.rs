//! Volumes of pods.

use crate::failure::{FieldError, FieldErrors};
use crate::schema::Typed;

/// There is one source, and no other.
pub(super) fn volume(typed: Typed<'_>, errors: &mut FieldErrors) {
    let mut sources = typed.object.keys().filter(|field| *field != "name");
    if sources.next().is_none() {
        errors.push(FieldError::required(
            typed.path,
            "must specify a volume type",
        ));
    }
    for other in sources {
        errors.push(FieldError::forbidden(
            typed.at(other),
            "may not specify more than 1 volume type",
        ));
    }
}
