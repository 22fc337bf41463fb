//! Where objects keep what a scale shows.

use kubekit_core::{LabelSelector, Status, StatusReason};
use serde_json::Value;

use crate::failure::Failure;
use crate::json_path::JsonPath;
use crate::registry::Resource;

/// Where a kind has its numbers of replicas and its selector.
#[derive(Debug)]
pub(super) struct Paths {
    replicas: Option<JsonPath>,
    current: Option<JsonPath>,
    selector: Selector,
    /// How many replicas an object has that does not say; `None` if it must.
    unsaid: Option<i64>,
    /// The path of the replicas as written.
    text: String,
}

#[derive(Debug)]
enum Selector {
    /// A selector in its written form.
    Text(Option<JsonPath>),
    /// The `spec.selector` of workloads.
    Labels,
}

impl Paths {
    /// The paths of a definition, or those of the built-in workloads.
    pub(super) fn of(resource: &Resource) -> Self {
        match resource.custom().and_then(|version| version.scale.as_ref()) {
            Some(scale) => Self {
                replicas: JsonPath::parse(&scale.spec_replicas_path),
                current: JsonPath::parse(&scale.status_replicas_path),
                selector: Selector::Text(
                    scale
                        .label_selector_path
                        .as_deref()
                        .and_then(JsonPath::parse),
                ),
                unsaid: None,
                text: scale.spec_replicas_path.clone(),
            },
            None => Self {
                replicas: JsonPath::parse(".spec.replicas"),
                current: JsonPath::parse(".status.replicas"),
                selector: Selector::Labels,
                unsaid: Some(1),
                text: ".spec.replicas".to_owned(),
            },
        }
    }

    /// How many replicas an object shall have.
    ///
    /// # Errors
    ///
    /// 500, where it must say and does not.
    pub(super) fn replicas(&self, document: &Value) -> Result<i64, Failure> {
        let said = self
            .replicas
            .as_ref()
            .and_then(|path| path.first(document)?.as_i64());
        said.or(self.unsaid).ok_or_else(|| {
            let message = format!(
                "Internal error occurred: the spec replicas field {:?} does not exist",
                self.text
            );
            Box::new(Status::failure(500, StatusReason::InternalError, message))
        })
    }

    pub(super) fn set_replicas(&self, document: &mut Value, replicas: i64) {
        if let Some(path) = &self.replicas {
            path.set(document, replicas.into());
        }
    }

    /// How many replicas an object has.
    pub(super) fn current_replicas(&self, document: &Value) -> i64 {
        let current = self
            .current
            .as_ref()
            .and_then(|path| path.first(document)?.as_i64());
        current.unwrap_or(0)
    }

    /// The selector of an object as text, empty if it has none.
    pub(super) fn selector(&self, document: &Value) -> String {
        match &self.selector {
            Selector::Text(path) => {
                let text = path
                    .as_ref()
                    .and_then(|path| path.first(document)?.as_str());
                text.unwrap_or_default().to_owned()
            }
            Selector::Labels => labels(document.pointer("/spec/selector").unwrap_or(&Value::Null)),
        }
    }
}

/// A label selector of an object as text; replication controllers have nothing but labels.
fn labels(selector: &Value) -> String {
    let structured =
        selector.get("matchLabels").is_some() || selector.get("matchExpressions").is_some();
    let wrapped = match structured {
        true => selector.clone(),
        false => serde_json::json!({"matchLabels": selector}),
    };
    let selector: Option<k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector> =
        serde_json::from_value(wrapped).ok();
    let selector = selector.and_then(|selector| LabelSelector::try_from(&selector).ok());
    selector
        .map(|selector| selector.to_string())
        .unwrap_or_default()
}
