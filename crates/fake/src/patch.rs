//! Patches: from a document and a patch to another document. Nothing here knows about objects.

mod json;
mod merge;
mod pointer;

use kubekit_core::Status;
use serde_json::Value;

use crate::failure;
use crate::request::PatchBody;

/// A patch that has been understood.
#[derive(Debug)]
pub(crate) enum Patch {
    Json(Vec<json::Operation>),
    Merge(Value),
}

impl Patch {
    /// Understands the body of a PATCH.
    ///
    /// # Errors
    ///
    /// 400 for what is not a patch, 422 for a step that is none.
    pub(crate) fn parse(body: &PatchBody) -> Result<Patch, Status> {
        match body {
            PatchBody::Json(body) => Ok(Patch::Json(json::parse(body)?)),
            PatchBody::Merge(body) => match serde_json::from_slice(body) {
                Ok(patch @ Value::Object(_)) => Ok(Patch::Merge(patch)),
                Ok(_) => Err(failure::bad_request("a merge patch must be an object")),
                Err(error) => Err(failure::bad_request(error)),
            },
        }
    }

    /// Carries out the patch.
    ///
    /// # Errors
    ///
    /// 422 for a patch that does not fit the document.
    pub(crate) fn apply(&self, mut document: Value) -> Result<Value, Status> {
        match self {
            Patch::Json(operations) => {
                for operation in operations {
                    operation
                        .apply(&mut document)
                        .map_err(failure::unprocessable)?;
                }
            }
            Patch::Merge(patch) => merge::apply(&mut document, patch),
        }
        Ok(document)
    }
}
