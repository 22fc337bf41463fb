//! What a custom resource definition says.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::objects;
use super::schema::VersionSchema;
use crate::fields::CustomShapes;
use crate::object::Types;
use crate::registry::{Origin, Resource, ResourceScope, StorageKey, Subresource};
use crate::strategy::Strategy;

/// The verbs of custom resources, in the order in which discovery has them.
const VERBS: [&str; 8] = [
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "create",
    "update",
    "watch",
];

/// The verbs of the subresources of custom resources.
const SUBRESOURCE_VERBS: [&str; 3] = ["get", "patch", "update"];

/// The parts of a `CustomResourceDefinition` that decide what is served.
#[derive(Debug, Deserialize)]
pub(crate) struct Definition {
    pub(crate) metadata: Metadata,
    pub(crate) spec: Spec,
    #[serde(default)]
    pub(crate) status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Metadata {
    pub(crate) name: String,
    pub(crate) deletion_timestamp: Option<String>,
    pub(crate) finalizers: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Spec {
    pub(crate) group: String,
    pub(crate) names: Names,
    pub(crate) scope: String,
    pub(crate) versions: Vec<DefinedVersion>,
}

/// The names of a custom resource, asked for in `spec.names` and given in `status.acceptedNames`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Names {
    pub(crate) plural: String,
    pub(crate) singular: String,
    pub(crate) short_names: Vec<String>,
    pub(crate) kind: String,
    pub(crate) list_kind: String,
    pub(crate) categories: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DefinedVersion {
    pub(crate) name: String,
    pub(crate) served: bool,
    pub(crate) storage: bool,
    deprecated: bool,
    deprecation_warning: Option<String>,
    schema: DefinedSchema,
    subresources: Option<Subresources>,
    additional_printer_columns: Vec<PrinterColumn>,
    selectable_fields: Vec<FieldPath>,
}

/// The schema of a version: what objects look like, and whose fields are whose.
#[derive(Debug, Default)]
struct DefinedSchema {
    root: Option<Arc<VersionSchema>>,
    shapes: Arc<CustomShapes>,
}

impl<'de> Deserialize<'de> for DefinedSchema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut schema = Value::deserialize(deserializer)?;
        let Some(root) = schema.get_mut("openAPIV3Schema").map(Value::take) else {
            return Ok(DefinedSchema::default());
        };
        let parsed = VersionSchema::deserialize(&root).map_err(serde::de::Error::custom)?;
        Ok(DefinedSchema {
            root: Some(Arc::new(parsed)),
            shapes: Arc::new(CustomShapes::new(root)),
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Subresources {
    status: Option<Value>,
    scale: Option<ScalePaths>,
}

/// Where the scale subresource finds its numbers, as JSON paths that begin with a dot.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ScalePaths {
    pub(crate) spec_replicas_path: String,
    pub(crate) status_replicas_path: String,
    pub(crate) label_selector_path: Option<String>,
}

/// A column of the table that people see.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PrinterColumn {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) value_type: String,
    pub(crate) format: String,
    pub(crate) description: String,
    pub(crate) priority: i64,
    pub(crate) json_path: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FieldPath {
    json_path: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Status {
    /// Written as `null` until names have been looked at.
    pub(crate) conditions: Option<Vec<Condition>>,
    pub(crate) accepted_names: Names,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Condition {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) status: String,
}

/// What a served version of a definition says beyond what every resource has.
#[derive(Debug)]
pub(crate) struct ServedVersion {
    /// Whether the definition is being deleted, so that nothing new may be created.
    pub(crate) terminating: bool,
    /// What every request of a deprecated version is warned with.
    pub(crate) warning: Option<String>,
    pub(crate) columns: Vec<PrinterColumn>,
    pub(crate) scale: Option<ScalePaths>,
    /// What its schema says about whose fields are whose.
    pub(crate) shapes: Arc<CustomShapes>,
    /// By which objects are given defaults, pruned and checked.
    pub(crate) schema: Arc<VersionSchema>,
    /// That of the version in which objects are stored.
    pub(crate) stored: Arc<VersionSchema>,
    /// Tells apart what objects can be selected by.
    pub(crate) fields: u64,
}

impl Names {
    /// The names as a status has them: two are always there, the others only if there are any.
    pub(crate) fn to_json(&self) -> Value {
        let mut names = json!({"plural": self.plural, "kind": self.kind});
        for (field, name) in [("singular", &self.singular), ("listKind", &self.list_kind)] {
            if !name.is_empty() {
                names[field] = name.as_str().into();
            }
        }
        for (field, list) in [
            ("shortNames", &self.short_names),
            ("categories", &self.categories),
        ] {
            if !list.is_empty() {
                names[field] = list.clone().into();
            }
        }
        names
    }
}

impl Definition {
    pub(crate) fn is_terminating(&self) -> bool {
        self.metadata.deletion_timestamp.is_some()
    }

    pub(crate) fn has_condition(&self, kind: &str, status: &str) -> bool {
        self.status
            .conditions
            .iter()
            .flatten()
            .any(|condition| condition.kind == kind && condition.status == status)
    }

    /// Where its objects are stored.
    pub(crate) fn storage(&self) -> StorageKey {
        StorageKey::new(&self.spec.group, &self.spec.names.plural)
    }

    /// The version its objects are stored in.
    pub(crate) fn storage_version(&self) -> &str {
        self.spec
            .versions
            .iter()
            .find(|version| version.storage)
            .map_or("", |version| version.name.as_str())
    }

    /// The resources it adds to the server once it is established: one for each version that is served.
    pub(crate) fn resources(&self) -> impl Iterator<Item = Resource> {
        self.spec
            .versions
            .iter()
            .filter(|version| version.served)
            .map(|version| self.resource(version))
    }

    fn resource(&self, version: &DefinedVersion) -> Resource {
        let names = &self.status.accepted_names;
        let group = &self.spec.group;
        let fields = version
            .selectable_fields
            .iter()
            .map(|field| field.json_path.clone());
        let stored = self.spec.versions.iter().find(|version| version.storage);
        Resource {
            group: group.clone(),
            version: version.name.clone(),
            plural: names.plural.clone(),
            singular: names.singular.clone(),
            kind: names.kind.clone(),
            list_kind: names.list_kind.clone(),
            scope: match self.spec.scope.as_str() {
                "Cluster" => ResourceScope::Cluster,
                _ => ResourceScope::Namespaced,
            },
            verbs: VERBS.map(str::to_owned).to_vec(),
            short_names: names.short_names.clone(),
            categories: names.categories.clone(),
            subresources: version.subresources(&names.kind),
            storage: self.storage(),
            storage_version: self.storage_version().to_owned(),
            types: Types::new(group, &version.name, &names.kind),
            strategy: Arc::new(Strategy::of_custom(fields)),
            origin: Origin::Custom(Arc::new(ServedVersion {
                terminating: self.is_terminating(),
                warning: version.warning(group, &names.kind),
                columns: version.additional_printer_columns.clone(),
                scale: version.scale().cloned(),
                shapes: Arc::clone(&version.schema.shapes),
                schema: version.schema(),
                stored: stored.unwrap_or(version).schema(),
                fields: version.fields(),
            })),
        }
    }
}

impl DefinedVersion {
    fn schema(&self) -> Arc<VersionSchema> {
        objects::schema_of(self.schema.root.as_ref())
    }

    fn fields(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for field in &self.selectable_fields {
            field.json_path.hash(&mut hasher);
        }
        hasher.finish()
    }

    fn scale(&self) -> Option<&ScalePaths> {
        self.subresources.as_ref()?.scale.as_ref()
    }

    fn subresources(&self, kind: &str) -> Vec<Subresource> {
        let subresource = |name: &str, (group, version, kind): (&str, &str, &str)| Subresource {
            name: name.to_owned(),
            group: group.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
            verbs: SUBRESOURCE_VERBS.map(str::to_owned).to_vec(),
        };
        let status = self
            .subresources
            .as_ref()
            .and_then(|sub| sub.status.as_ref());
        let status = status.map(|_| subresource("status", ("", "", kind)));
        let scale = self
            .scale()
            .map(|_| subresource("scale", ("autoscaling", "v1", "Scale")));
        status.into_iter().chain(scale).collect()
    }

    fn warning(&self, group: &str, kind: &str) -> Option<String> {
        let standard = || format!("{group}/{} {kind} is deprecated", self.name);
        self.deprecated
            .then(|| self.deprecation_warning.clone().unwrap_or_else(standard))
    }
}
