//! What a client asks for, once paths, queries and bodies have been decoded.
//!
//! `http` makes an [`ApiRequest`] of an HTTP request, `verbs` answers it. Neither knows the other: everything the verbs need is in
//! here, and nothing in here is about HTTP.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::access::User;
use crate::fields::Config;
use crate::registry::Resource;

/// One request to one resource.
#[derive(Clone, Debug)]
pub(crate) struct ApiRequest {
    /// Who asks. `http` has checked that they may.
    pub(crate) user: Arc<User>,
    /// The resource as served under the requested version.
    pub(crate) resource: Arc<Resource>,
    /// The part after the name, such as `status`. `http` has checked that the resource has it and that it allows the verb.
    pub(crate) subresource: Option<String>,
    /// The namespace in the path. `None` for cluster-scoped resources and for requests across all namespaces; always there for
    /// a namespaced resource when there is a name or the verb creates.
    pub(crate) namespace: Option<String>,
    /// The name in the path; empty where the verb works on a collection.
    pub(crate) name: String,
    /// The verb with all that belongs to it.
    pub(crate) operation: Operation,
}

/// A verb with its options and its body.
#[derive(Clone, Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "a request is moved once and never kept in bulk"
)]
pub(crate) enum Operation {
    Create {
        options: WriteOptions,
        body: Document,
    },
    Get {
        options: GetOptions,
    },
    List {
        options: ListOptions,
    },
    Watch {
        options: ListOptions,
    },
    Update {
        options: WriteOptions,
        body: Document,
    },
    Patch {
        options: WriteOptions,
        patch: PatchBody,
    },
    /// A PATCH with `application/apply-patch+yaml`.
    Apply {
        options: WriteOptions,
        config: Config,
    },
    Delete {
        options: DeleteOptions,
    },
    DeleteCollection {
        options: DeleteOptions,
        selection: ListOptions,
    },
}

/// An object as a client wrote it: its fields but `apiVersion` and `kind`, which have been compared with the request and taken out.
///
/// Nothing else has been checked: `metadata` may be missing or have the wrong type.
pub(crate) type Document = Map<String, Value>;

/// The body of a PATCH, by its content type. Kinds of patches that the verbs do not know are refused by `http`.
#[derive(Clone, Debug)]
pub(crate) enum PatchBody {
    /// `application/json-patch+json`, as sent.
    Json(Bytes),
    /// `application/merge-patch+json`, as sent.
    Merge(Bytes),
    /// `application/strategic-merge-patch+json`, as sent. Custom resources have no such patches.
    StrategicMerge(Bytes),
}

impl PatchBody {
    /// The patch as sent.
    pub(crate) fn bytes(&self) -> &Bytes {
        match self {
            PatchBody::Json(bytes) | PatchBody::Merge(bytes) | PatchBody::StrategicMerge(bytes) => {
                bytes
            }
        }
    }
}

/// Options of GET.
#[derive(Clone, Debug, Default)]
pub(crate) struct GetOptions {
    /// As sent; empty when absent.
    pub(crate) resource_version: String,
}

/// Options of LIST, WATCH and of choosing what DELETECOLLECTION deletes. Strings are as sent, empty when absent.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListOptions {
    pub(crate) label_selector: String,
    pub(crate) field_selector: String,
    /// The number of items asked for; zero or less means all.
    pub(crate) limit: i64,
    pub(crate) continue_token: String,
    pub(crate) resource_version: String,
    pub(crate) resource_version_match: String,
    pub(crate) timeout_seconds: Option<i64>,
    pub(crate) allow_watch_bookmarks: bool,
    pub(crate) send_initial_events: Option<bool>,
}

/// Options of POST, PUT and PATCH.
#[derive(Clone, Debug, Default)]
pub(crate) struct WriteOptions {
    /// Whether `dryRun=All` was sent.
    pub(crate) dry_run: bool,
    /// Who writes; empty if the client did not say in any way.
    pub(crate) field_manager: String,
    /// Who says which fields belong to whom.
    pub(crate) managing: Managing,
    pub(crate) field_validation: FieldValidation,
    /// What was odd about the body: fields that its type does not have, and fields that are there twice. What is not known of the
    /// type is not in here.
    pub(crate) oddities: Vec<String>,
}

/// Who says which fields of an object belong to whom after a write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Managing {
    /// The server, by what has changed.
    #[default]
    Tracked,
    /// The document has the `managedFields` that it is to have.
    Settled,
}

/// What becomes of a request with fields that are unknown or there twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FieldValidation {
    Ignore,
    #[default]
    Warn,
    Strict,
}

/// Options of DELETE and DELETECOLLECTION, from the body or, without one, from the query.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeleteOptions {
    pub(crate) dry_run: bool,
    pub(crate) grace_period_seconds: Option<i64>,
    pub(crate) propagation_policy: Option<Propagation>,
    /// The uid the object must have.
    pub(crate) uid: Option<String>,
    /// The version the object must have.
    pub(crate) resource_version: Option<String>,
}

/// What becomes of an object's dependents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Propagation {
    Orphan,
    Background,
    Foreground,
}
