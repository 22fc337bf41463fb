//! Options of a delete.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::ResourceVersion;

/// Options of a delete, as in `metav1.DeleteOptions`. They travel as the body of the request.
///
/// # Examples
///
/// ```
/// use kubekit_core::{DeleteOptions, PropagationPolicy};
///
/// let options = DeleteOptions::default().propagation_policy(PropagationPolicy::Foreground);
/// assert_eq!(
///     &options.body()[..],
///     br#"{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Foreground"}"#,
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct DeleteOptions {
    /// Seconds before the object goes; `0` for at once. The default is that of the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grace_period_seconds: Option<i64>,
    /// What must be true of the object for the delete to happen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preconditions: Option<Preconditions>,
    /// What becomes of the objects that this one owns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub propagation_policy: Option<PropagationPolicy>,
    /// `All` if the server only pretends.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "null_as_default"
    )]
    pub dry_run: Vec<String>,
    /// Whether an object that the server cannot read any more is removed without its finalizers being run. Breaks things;
    /// meant for repairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_store_read_error_with_cluster_breaking_potential: Option<bool>,
}

impl DeleteOptions {
    /// Sets the seconds before the object goes. By default the kind decides.
    pub fn grace_period_seconds(mut self, seconds: i64) -> Self {
        self.grace_period_seconds = Some(seconds);
        self
    }

    /// Sets what must be true of the object. Nothing by default.
    pub fn preconditions(mut self, preconditions: Preconditions) -> Self {
        self.preconditions = Some(preconditions);
        self
    }

    /// Sets what becomes of the objects that this one owns. By default the kind decides; for most it is
    /// [`PropagationPolicy::Background`].
    pub fn propagation_policy(mut self, policy: PropagationPolicy) -> Self {
        self.propagation_policy = Some(policy);
        self
    }

    /// Lets the server only pretend. It acts by default.
    pub fn dry_run(mut self) -> Self {
        self.dry_run = vec!["All".to_owned()];
        self
    }

    /// Removes an object that the server cannot read any more, without running its finalizers. Off by default.
    pub fn ignore_store_read_error_with_cluster_breaking_potential(mut self) -> Self {
        self.ignore_store_read_error_with_cluster_breaking_potential = Some(true);
        self
    }

    /// Returns the JSON body of the request.
    pub fn body(&self) -> Bytes {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Body<'a> {
            kind: &'static str,
            api_version: &'static str,
            #[serde(flatten)]
            options: &'a DeleteOptions,
        }

        let body = Body {
            kind: "DeleteOptions",
            api_version: "v1",
            options: self,
        };
        serde_json::to_vec(&body)
            .expect("options consist of strings and numbers")
            .into()
    }
}

/// What must be true of an object for a delete to happen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Preconditions {
    /// The object's uid, so that a successor of the same name is spared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// The object's resource version, so that only the state that was seen is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_version: Option<ResourceVersion>,
}

impl Preconditions {
    /// Requires a uid. None by default.
    pub fn uid(mut self, uid: impl Into<String>) -> Self {
        self.uid = Some(uid.into());
        self
    }

    /// Requires a resource version. None by default.
    pub fn resource_version(mut self, version: impl Into<ResourceVersion>) -> Self {
        self.resource_version = Some(version.into());
        self
    }
}

/// What becomes of the objects that a deleted object owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PropagationPolicy {
    /// They stay and lose their owner.
    Orphan,
    /// They are deleted after the owner is gone.
    Background,
    /// They are deleted first; the owner stays until they are gone.
    Foreground,
}

fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
