//! One thing that can be done at a path.

use serde_json::{Value, json};

use super::dialect::Dialect;
use super::paths::parameter;

const META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1";

/// The types of patches. Custom resources have all but the last, and kubectl relies on being told.
pub(super) const PATCHES: &[&str] = &[
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
];

/// Names and types of what the query of a verb can have.
type Parameters = &'static [(&'static str, &'static str)];

const LIST: Parameters = &[
    ("allowWatchBookmarks", "boolean"),
    ("continue", "string"),
    ("fieldSelector", "string"),
    ("labelSelector", "string"),
    ("limit", "integer"),
    ("resourceVersion", "string"),
    ("resourceVersionMatch", "string"),
    ("sendInitialEvents", "boolean"),
    ("timeoutSeconds", "integer"),
    ("watch", "boolean"),
];

const WRITE: Parameters = &[
    ("dryRun", "string"),
    ("fieldManager", "string"),
    ("fieldValidation", "string"),
];

const PATCH: Parameters = &[
    ("dryRun", "string"),
    ("fieldManager", "string"),
    ("fieldValidation", "string"),
    ("force", "boolean"),
];

const DELETE: Parameters = &[
    ("dryRun", "string"),
    ("gracePeriodSeconds", "integer"),
    ("orphanDependents", "boolean"),
    ("propagationPolicy", "string"),
];

const DELETE_COLLECTION: Parameters = &[
    ("continue", "string"),
    ("dryRun", "string"),
    ("fieldSelector", "string"),
    ("gracePeriodSeconds", "integer"),
    ("labelSelector", "string"),
    ("limit", "integer"),
    ("orphanDependents", "boolean"),
    ("propagationPolicy", "string"),
    ("resourceVersion", "string"),
    ("resourceVersionMatch", "string"),
    ("timeoutSeconds", "integer"),
];

/// Where a resource is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Cluster,
    Namespace,
    AllNamespaces,
}

/// A method at a path, and what it is for.
#[derive(Debug)]
pub(super) struct Operation<'a> {
    /// As in `x-kubernetes-action`.
    pub(super) action: &'static str,
    pub(super) scope: Scope,
    pub(super) subresource: Option<&'a str>,
    pub(super) group: &'a str,
    pub(super) version: &'a str,
    /// The kind of the resource, even if this is about a subresource.
    pub(super) kind: &'a str,
    /// The types of what is read and written.
    pub(super) types: Value,
    /// The name of its schema; none if it has none.
    pub(super) schema: Option<&'a str>,
    pub(super) list_schema: Option<&'a str>,
    /// The types of patches that the resource takes.
    pub(super) patches: &'static [&'static str],
}

impl Operation<'_> {
    pub(super) fn to_json(&self, dialect: Dialect) -> Value {
        let mut parameters: Vec<Value> = self
            .parameters()
            .iter()
            .map(|(name, kind)| parameter(name, "query", kind, dialect))
            .collect();
        let answer = self.answer().map(|name| dialect.reference(&name));
        let mut operation = json!({
            "operationId": self.id(),
            "tags": [self.tag()],
            "x-kubernetes-action": self.action,
            "x-kubernetes-group-version-kind": self.types,
        });
        match dialect {
            Dialect::V2 => {
                if let Some(name) = self.body() {
                    let schema = dialect.reference(&name);
                    parameters.push(
                        json!({"name": "body", "in": "body", "required": self.needs_body(), "schema": schema}),
                    );
                }
                operation["responses"]["200"] = match answer {
                    Some(schema) => json!({"description": "OK", "schema": schema}),
                    None => json!({"description": "OK"}),
                };
                operation["consumes"] = match self.action {
                    "patch" => json!(self.patches),
                    _ => json!(["*/*"]),
                };
            }
            Dialect::V3 => {
                if let Some(name) = self.body() {
                    let media = json!({"schema": dialect.reference(&name)});
                    let types: &[&str] = match self.action {
                        "patch" => self.patches,
                        _ => &["*/*"],
                    };
                    let content = types.iter().map(|name| ((*name).to_owned(), media.clone()));
                    operation["requestBody"] = json!({"content": Value::Object(content.collect()), "required": self.needs_body()});
                }
                operation["responses"]["200"] = match answer {
                    Some(schema) => {
                        json!({"description": "OK", "content": {"application/json": {"schema": schema}}})
                    }
                    None => json!({"description": "OK"}),
                };
            }
        }
        if !parameters.is_empty() {
            operation["parameters"] = Value::Array(parameters);
        }
        operation
    }

    fn parameters(&self) -> Parameters {
        match self.action {
            "list" => LIST,
            "post" | "put" => WRITE,
            "patch" => PATCH,
            "delete" => DELETE,
            "deletecollection" => DELETE_COLLECTION,
            _ => &[],
        }
    }

    /// The name of the schema of what is sent.
    fn body(&self) -> Option<String> {
        match self.action {
            "post" | "put" => self.schema.map(str::to_owned),
            "patch" => Some(format!("{META}.Patch")),
            "delete" | "deletecollection" => Some(format!("{META}.DeleteOptions")),
            _ => None,
        }
    }

    fn needs_body(&self) -> bool {
        matches!(self.action, "post" | "put" | "patch")
    }

    /// The name of the schema of what is answered.
    fn answer(&self) -> Option<String> {
        match self.action {
            "delete" | "deletecollection" => Some(format!("{META}.Status")),
            "list" => self.list_schema.map(str::to_owned),
            _ => self.schema.map(str::to_owned),
        }
    }

    /// `readAppsV1NamespacedDeploymentScale`, by which generated clients name their methods.
    fn id(&self) -> String {
        let action = match self.action {
            "get" => "read",
            "post" => "create",
            "put" => "replace",
            "deletecollection" => "delete",
            action => action,
        };
        let collection = match self.action {
            "deletecollection" => "Collection",
            _ => "",
        };
        let (before, after) = match self.scope {
            Scope::Cluster => ("", ""),
            Scope::Namespace => ("Namespaced", ""),
            Scope::AllNamespaces => ("", "ForAllNamespaces"),
        };
        let subresource = capitalized(self.subresource.unwrap_or_default());
        format!(
            "{action}{}{}{collection}{before}{}{subresource}{after}",
            self.group_name(),
            capitalized(self.version),
            self.kind
        )
    }

    /// `apps_v1`, by which generated clients name their classes.
    fn tag(&self) -> String {
        let group = self.group_name();
        let lower = group.chars().enumerate().map(|(at, character)| match at {
            0 => character.to_ascii_lowercase(),
            _ => character,
        });
        format!("{}_{}", lower.collect::<String>(), self.version)
    }

    /// `Core`, `Apps`, `RbacAuthorization`.
    fn group_name(&self) -> String {
        match self.group {
            "" => "Core".to_owned(),
            group => {
                let parts = group.trim_end_matches(".k8s.io").split('.');
                parts.map(capitalized).collect()
            }
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
