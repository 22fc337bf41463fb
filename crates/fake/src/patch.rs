//! Patches: from a document and a patch to another document. Nothing here knows about objects.

mod json;
mod merge;
mod pointer;
mod strategic;

use serde_json::Value;

use crate::failure::{self, Failure};
use crate::request::PatchBody;
use crate::schema::Schema;

/// A patch that has been understood.
#[derive(Debug)]
pub(crate) enum Patch {
    Json(Vec<json::Operation>),
    Merge(Value),
    Strategic(Value, Schema),
}

impl Patch {
    /// Understands the body of a PATCH of an object of the type `schema`.
    ///
    /// # Errors
    ///
    /// 400 for what is not a patch, 422 for a step that is none.
    pub(crate) fn parse(body: &PatchBody, schema: Schema) -> Result<Patch, Failure> {
        match body {
            PatchBody::Json(body) => Ok(Patch::Json(json::parse(body)?)),
            PatchBody::Merge(body) => Ok(Patch::Merge(object(body)?)),
            PatchBody::StrategicMerge(body) => Ok(Patch::Strategic(object(body)?, schema)),
        }
    }

    /// Carries out the patch.
    ///
    /// # Errors
    ///
    /// 422 for a JSON patch that does not fit the document, 500 for a strategic merge patch that makes no sense.
    pub(crate) fn apply(&self, mut document: Value) -> Result<Value, Failure> {
        match self {
            Patch::Json(operations) => {
                for operation in operations {
                    operation
                        .apply(&mut document)
                        .map_err(failure::unprocessable)?;
                }
            }
            Patch::Merge(patch) => merge::apply(&mut document, patch),
            Patch::Strategic(patch, schema) => {
                strategic::apply(&mut document, patch, *schema).map_err(failure::unexpected)?;
            }
        }
        Ok(document)
    }
}

fn object(body: &[u8]) -> Result<Value, Failure> {
    match serde_json::from_slice(body) {
        Ok(patch @ Value::Object(_)) => Ok(patch),
        Ok(_) => Err(failure::bad_request("a merge patch must be an object")),
        Err(error) => Err(failure::bad_request(error)),
    }
}
