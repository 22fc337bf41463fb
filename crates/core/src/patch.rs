//! Patches.

use std::fmt;

use bytes::Bytes;
use serde::Serialize;

use crate::EncodeError;

/// The kind of a patch, as in `types.PatchType`. Prints as the content type of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PatchType {
    /// A list of operations, RFC 6902.
    Json,
    /// A partial object in which `null` removes, RFC 7396.
    Merge,
    /// A partial object whose lists are merged by the rules of the kind; built-in kinds only.
    StrategicMerge,
    /// The whole intent of one field manager: a server-side apply.
    Apply,
}

impl PatchType {
    /// Returns the content type of requests with such a patch.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json-patch+json",
            Self::Merge => "application/merge-patch+json",
            Self::StrategicMerge => "application/strategic-merge-patch+json",
            Self::Apply => "application/apply-patch+yaml",
        }
    }
}

impl fmt::Display for PatchType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.content_type())
    }
}

/// A patch, ready to be sent any number of times.
///
/// # Examples
///
/// ```
/// use kubekit_core::{Patch, PatchType};
/// use serde_json::json;
///
/// let scale = Patch::merge(&json!({ "spec": { "replicas": 3 } }))?;
/// assert_eq!(scale.patch_type(), PatchType::Merge);
///
/// let unlabel = Patch::json(&json!([{ "op": "remove", "path": "/metadata/labels/tier" }]))?;
/// assert_eq!(unlabel.patch_type().content_type(), "application/json-patch+json");
/// # Ok::<(), kubekit_core::EncodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    patch_type: PatchType,
    body: Bytes,
}

impl Patch {
    /// Makes a JSON patch from a list of operations.
    ///
    /// # Errors
    ///
    /// Fails, as do the other constructors that take a value, when the value cannot be written as JSON.
    pub fn json<T: Serialize + ?Sized>(operations: &T) -> Result<Self, EncodeError> {
        Self::encode(PatchType::Json, operations)
    }

    /// Makes a merge patch from a partial object.
    ///
    /// # Errors
    ///
    /// As [`json`](Self::json).
    pub fn merge<T: Serialize + ?Sized>(object: &T) -> Result<Self, EncodeError> {
        Self::encode(PatchType::Merge, object)
    }

    /// Makes a strategic merge patch from a partial object.
    ///
    /// # Errors
    ///
    /// As [`json`](Self::json).
    pub fn strategic_merge<T: Serialize + ?Sized>(object: &T) -> Result<Self, EncodeError> {
        Self::encode(PatchType::StrategicMerge, object)
    }

    /// Makes a server-side apply from an object with just the fields that its manager wants; it needs `apiVersion` and
    /// `kind`.
    ///
    /// # Errors
    ///
    /// As [`json`](Self::json).
    pub fn apply<T: Serialize + ?Sized>(object: &T) -> Result<Self, EncodeError> {
        Self::encode(PatchType::Apply, object)
    }

    /// Takes a patch that has been written already.
    pub fn raw(patch_type: PatchType, body: impl Into<Bytes>) -> Self {
        Self {
            patch_type,
            body: body.into(),
        }
    }

    /// Returns the kind of the patch.
    pub fn patch_type(&self) -> PatchType {
        self.patch_type
    }

    /// Returns the body of the request.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    fn encode<T: Serialize + ?Sized>(
        patch_type: PatchType,
        value: &T,
    ) -> Result<Self, EncodeError> {
        let body = serde_json::to_vec(value).map_err(|error| EncodeError::json("patch", error))?;
        Ok(Self::raw(patch_type, body))
    }
}
