//! PATCH of an object.

use serde_json::Value;

use super::call::Call;
use super::tidy::{schema, tidy};
use super::{oddities, tracking, write};
use crate::answer::Answer;
use crate::failure::{self, Failure, FieldError};
use crate::patch::Patch;
use crate::request::{Document, PatchBody, WriteOptions};

pub(super) fn patch(
    call: &Call<'_>,
    options: &WriteOptions,
    body: &PatchBody,
) -> Result<Answer, Failure> {
    let patch = Patch::parse(body, schema(call))?;
    let mut warnings = Vec::new();
    let answer = write::update(call, options, |_, live| {
        let before = with_types(call, live.clone());
        let after = patch.apply(before)?;
        let mut document = without_types(call, after)?;
        let unknown = tidy(call, &mut document).map_err(|error| rejected(&error.to_string()))?;
        let oddities = options.oddities.iter().cloned().chain(unknown).collect();
        warnings = oddities::settle(options, oddities).map_err(|error| rejected(&error))?;
        write::check_place(call, &mut document)?;
        Ok(tracking::updated(call, options, live, document))
    })?;
    Ok(answer.warned(warnings))
}

/// A patch sees the object as it is served.
fn with_types(call: &Call<'_>, mut document: Document) -> Value {
    let types = &call.resource.types;
    document.insert("apiVersion".to_owned(), types.api_version().into());
    document.insert("kind".to_owned(), types.kind().into());
    Value::Object(document)
}

fn without_types(call: &Call<'_>, patched: Value) -> Result<Document, Failure> {
    let Value::Object(mut document) = patched else {
        return Err(rejected("the result is not an object"));
    };
    let types = &call.resource.types;
    for (field, wanted) in [("apiVersion", types.api_version()), ("kind", types.kind())] {
        let found = document.remove(field);
        if found.as_ref().and_then(Value::as_str) != Some(wanted) {
            if call.resource.is_custom() {
                let must = format!("must be {wanted}");
                let error = FieldError::invalid(field, found.unwrap_or_default(), must);
                return Err(failure::invalid(&call.resource, &call.name, error.into()));
            }
            let found = found.unwrap_or_default();
            return Err(rejected(&format!("{field} is {found} and not {wanted}")));
        }
    }
    Ok(document)
}

/// 422 for a patch whose result is not an object of the resource.
fn rejected(problem: &str) -> Failure {
    let error = FieldError::invalid("patch", problem, problem);
    let mut status = failure::unprocessable(problem);
    if let Some(details) = &mut status.details {
        details.causes = crate::failure::FieldErrors::from(error).into_causes();
    }
    status
}
