//! What the API server answers when a request fails, and at times when it succeeds.

mod details;
mod predicates;
mod reason;

pub use details::{CauseType, StatusCause, StatusDetails};
pub use reason::StatusReason;

use std::fmt;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use serde::{Deserialize, Serialize};

/// The API server's own account of a request, as in `metav1.Status`.
///
/// The predicates decide as those of `apimachinery/api/errors` do: by the reason, and by the code where the reason is one
/// they do not know. It is an error, so that it can be the source of one.
///
/// # Examples
///
/// ```
/// use kubekit_core::Status;
///
/// let status: Status = serde_json::from_str(
///     r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
///         "message":"pods \"web\" not found","reason":"NotFound",
///         "details":{"name":"web","kind":"pods"},"code":404}"#,
/// )?;
/// assert!(status.is_not_found());
/// assert_eq!(status.to_string(), "pods \"web\" not found");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, tag = "kind")]
#[non_exhaustive]
pub struct Status {
    /// Always `v1`.
    #[serde(default = "v1")]
    pub api_version: String,
    /// List metadata; rarely anything.
    pub metadata: ListMeta,
    /// `Success` or `Failure`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// The account in words, for people.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The account in a word, for programs.
    #[serde(skip_serializing_if = "StatusReason::is_unknown")]
    pub reason: StatusReason,
    /// What the account is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<StatusDetails>,
    /// The HTTP status code; zero if unset.
    #[serde(skip_serializing_if = "is_zero")]
    pub code: u16,
}

impl Status {
    /// Makes the account of a failure.
    pub fn failure(code: u16, reason: StatusReason, message: impl Into<String>) -> Self {
        Self {
            api_version: v1(),
            status: "Failure".to_owned(),
            message: message.into(),
            reason,
            code,
            ..Self::default()
        }
    }

    /// Makes the account of a success.
    pub fn success() -> Self {
        Self {
            api_version: v1(),
            status: "Success".to_owned(),
            ..Self::default()
        }
    }

    /// Adds what the account is about. Nothing by default.
    pub fn details(mut self, details: StatusDetails) -> Self {
        self.details = Some(details);
        self
    }

    /// Reads a status from a JSON body, or returns `None` if the body is something else.
    pub fn from_json(body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Kind<'a> {
            #[serde(borrow)]
            kind: std::borrow::Cow<'a, str>,
        }

        // An array would pass for a structure's fields in order.
        if !body.trim_ascii_start().starts_with(b"{") {
            return None;
        }
        let kind: Kind<'_> = serde_json::from_slice(body).ok()?;
        if kind.kind != "Status" {
            return None;
        }
        serde_json::from_slice(body).ok()
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.message.is_empty() {
            return f.write_str(&self.message);
        }
        match &self.reason {
            StatusReason::Unknown => write!(f, "the server answered with code {}", self.code),
            reason => write!(f, "the server answered with code {} ({reason})", self.code),
        }
    }
}

impl std::error::Error for Status {}

fn v1() -> String {
    "v1".to_owned()
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde asks for"
)]
fn is_zero(code: &u16) -> bool {
    *code == 0
}
