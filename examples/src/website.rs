//! The custom resource of the examples.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, ObjectMeta};
use k8s_openapi::{Metadata, NamespaceResourceScope, Resource};
use serde::{Deserialize, Serialize};

/// A page of HTML, served by some replicas of a web server. Its definition is in `manifests/crd.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Website {
    /// Always `demo.kubekit.dev/v1`.
    #[serde(default = "api_version")]
    pub api_version: String,
    /// Always `Website`.
    #[serde(default = "kind")]
    pub kind: String,
    /// The metadata.
    #[serde(default)]
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: WebsiteSpec,
    /// What is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<WebsiteStatus>,
}

/// What is wanted of a website.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WebsiteSpec {
    /// The page.
    pub html: String,
    /// How many servers serve it.
    pub replicas: i32,
}

/// What is there of a website.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebsiteStatus {
    /// The generation of the spec that the status speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// `Ready`, once all replicas serve the page.
    #[serde(default)]
    pub conditions: Vec<Condition>,
}

impl Website {
    /// Makes a website that has not been sent to a server yet.
    pub fn new(name: impl Into<String>, html: impl Into<String>, replicas: i32) -> Self {
        Self {
            api_version: api_version(),
            kind: kind(),
            metadata: ObjectMeta {
                name: Some(name.into()),
                ..ObjectMeta::default()
            },
            spec: WebsiteSpec {
                html: html.into(),
                replicas,
            },
            status: None,
        }
    }

    /// Says whether the present spec is served by all replicas.
    pub fn is_ready(&self) -> bool {
        self.status.as_ref().is_some_and(|status| {
            status.observed_generation == self.metadata.generation
                && status
                    .conditions
                    .iter()
                    .any(|condition| condition.type_ == "Ready" && condition.status == "True")
        })
    }
}

impl Resource for Website {
    const API_VERSION: &'static str = "demo.kubekit.dev/v1";
    const GROUP: &'static str = "demo.kubekit.dev";
    const KIND: &'static str = "Website";
    const VERSION: &'static str = "v1";
    const URL_PATH_SEGMENT: &'static str = "websites";
    type Scope = NamespaceResourceScope;
}

impl Metadata for Website {
    type Ty = ObjectMeta;

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

fn api_version() -> String {
    Website::API_VERSION.to_owned()
}

fn kind() -> String {
    Website::KIND.to_owned()
}
