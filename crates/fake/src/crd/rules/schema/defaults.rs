//! Defaults must be what their schema allows.

use super::{Below, below};
use crate::crd::schema::{self, Path, Structural};
use crate::failure::{FieldError, FieldErrors};

/// Checks all defaults of a schema.
pub(super) fn check(schema: &Structural, path: &Path<'_>, errors: &mut FieldErrors) {
    check_one(schema, path, errors);
    below(schema, path, |schema, path, what| {
        // What a map has beside its properties has no defaults.
        if what != Below::Value {
            check(schema, path, errors);
        }
    });
}

fn check_one(schema: &Structural, path: &Path<'_>, errors: &mut FieldErrors) {
    let Some(default) = &schema.default else {
        return;
    };
    let path = path.field("default").to_string();
    let mut pruned = default.clone();
    if !schema::prune_value(schema, &mut pruned).is_empty() {
        let detail = "must not have unknown fields";
        errors.push(FieldError::invalid(&path, default.clone(), detail));
    }
    let mut found = schema::check_value(schema, default);
    if let Some(object) = default.as_object() {
        schema::check_embedded(schema, object, &Path::Root, &mut found);
    }
    errors.append(found.below(&path));
}
