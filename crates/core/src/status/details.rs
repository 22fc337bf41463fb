//! Details and causes of failures.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What a status is about, as in `metav1.StatusDetails`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct StatusDetails {
    /// The name of the object.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The API group.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// The plural name of the resource, at times its kind.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The uid of the object.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// The causes, one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<StatusCause>,
    /// Seconds to wait before another attempt; zero if the server does not say.
    #[serde(skip_serializing_if = "is_zero")]
    pub retry_after_seconds: u32,
}

/// One cause of a failure, as in `metav1.StatusCause`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct StatusCause {
    /// The cause in a word.
    #[serde(skip_serializing_if = "CauseType::is_unset")]
    pub reason: CauseType,
    /// The cause in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The path of the field that caused it, such as `spec.containers[0].image`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field: String,
}

impl StatusCause {
    /// Makes a cause.
    pub fn new(reason: CauseType, message: impl Into<String>, field: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
            field: field.into(),
        }
    }
}

/// A cause in a word, as in `metav1.CauseType`; servers have more of them than are listed here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CauseType(Cow<'static, str>);

impl CauseType {
    /// A field has no value and must have one.
    pub const FIELD_VALUE_REQUIRED: Self = Self::new("FieldValueRequired");
    /// A field has a value that only one object may have.
    pub const FIELD_VALUE_DUPLICATE: Self = Self::new("FieldValueDuplicate");
    /// A field has a value that breaks a rule.
    pub const FIELD_VALUE_INVALID: Self = Self::new("FieldValueInvalid");
    /// A field has a value that is none of those allowed.
    pub const FIELD_VALUE_NOT_SUPPORTED: Self = Self::new("FieldValueNotSupported");
    /// A field has a value that is not allowed here.
    pub const FIELD_VALUE_FORBIDDEN: Self = Self::new("FieldValueForbidden");
    /// A field has a value of the wrong type.
    pub const FIELD_VALUE_TYPE_INVALID: Self = Self::new("FieldValueTypeInvalid");
    /// The server answered in a way that the client does not understand.
    pub const UNEXPECTED_SERVER_RESPONSE: Self = Self::new("UnexpectedServerResponse");
    /// A field belongs to another manager.
    pub const FIELD_MANAGER_CONFLICT: Self = Self::new("FieldManagerConflict");
    /// The resource version asked for lies in the future.
    pub const RESOURCE_VERSION_TOO_LARGE: Self = Self::new("ResourceVersionTooLarge");
    /// The namespace is being deleted.
    pub const NAMESPACE_TERMINATING: Self = Self::new("NamespaceTerminating");

    /// Names a cause.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Returns the cause as it stands in a status.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_unset(&self) -> bool {
        self.0.is_empty()
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde asks for"
)]
fn is_zero(seconds: &u32) -> bool {
    *seconds == 0
}
