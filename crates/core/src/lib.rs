//! The vocabulary of the Kubernetes API, without I/O.
//!
//! Everything that more than one crate of kubekit speaks of is defined here: how things are named, what requests can ask for,
//! how the server says that something went wrong, and how bytes become objects. Nothing in it opens a connection or needs a
//! runtime.
//!
//! Built-in kinds are those of [`k8s_openapi`]. [`Unstructured`] and [`PartialObjectMetadata`] implement the same
//! [`Metadata`](k8s_openapi::Metadata) trait, so that typed, dynamic and metadata-only code is the same code.
//!
//! # Examples
//!
//! A page of a list is decoded, and the objects that are selected are named:
//!
//! ```
//! use bytes::Bytes;
//! use k8s_openapi::api::core::v1::Pod;
//! use kubekit_core::{Codec, Json, LabelSelector, ObjectKey};
//!
//! let body = Bytes::from_static(
//!     br#"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"42"},"items":[
//!         {"metadata":{"namespace":"shop","name":"web-0","labels":{"app":"web"}}},
//!         {"metadata":{"namespace":"shop","name":"db-0","labels":{"app":"db"}}}]}"#,
//! );
//! let selector: LabelSelector = "app in (web,api)".parse()?;
//! let mut selected = Vec::new();
//! Codec::<Pod>::decode_list(&Json, &body, &mut |item| {
//!     if let Ok(pod) = item && selector.matches(&pod.metadata.labels) {
//!         selected.extend(ObjectKey::of(&pod.metadata));
//!     }
//! })?;
//! assert_eq!(selected, [ObjectKey::namespaced("shop", "web-0")]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod codec;
mod key;
mod list;
mod names;
mod object;
mod patch;
mod path;
mod query;
mod resource;
mod resource_version;
mod selector;
mod status;
mod watch;

pub mod options;
pub mod scope;

pub use codec::{Codec, DecodeError, EncodeError, FrameError, Framer, Json, JsonFramer};
pub use key::ObjectKey;
pub use list::ObjectList;
pub use names::{
    GroupKind, GroupResource, GroupVersion, GroupVersionKind, GroupVersionResource, Name,
    ParseNameError,
};
pub use object::{DynamicResourceScope, PartialObjectMetadata, TypeMeta, Unstructured};
pub use options::{
    CreateOptions, DeleteOptions, FieldValidation, GetOptions, ListOptions, PatchOptions,
    Preconditions, PropagationPolicy, ResourceVersionMatch, UpdateOptions, WatchOptions,
};
pub use patch::{Patch, PatchType};
pub use path::{PathSegmentError, validate_path_segment};
pub use query::Query;
pub use resource::{ApiResource, KnownScope, StaticResource};
pub use resource_version::ResourceVersion;
pub use scope::{AllNamespaces, Cluster, Namespace, ObjectScope, Scope, Served};
pub use selector::{
    FieldOperator, FieldRequirement, FieldSelector, LabelOperator, LabelRequirement, LabelSelector,
    Labels, SelectorError,
};
pub use status::{CauseType, Status, StatusCause, StatusDetails, StatusReason};
pub use watch::{Bookmark, ChangeKind, Undecodable, WatchEvent};
