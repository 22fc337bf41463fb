//! The roles and bindings that every cluster has.
//!
//! They are written down in `data/roles.json`, as far as somebody outside of the cluster's own components needs them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::rbac::{GROUP, Rule};
use crate::meta;
use crate::object::Content;
use crate::registry::StorageKey;
use crate::request::Document;
use crate::strategy::Strategy;
use crate::world::World;

static DATA: LazyLock<Data> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/roles.json"))
        .expect("the embedded data is checked by a test of this crate")
});

#[derive(Deserialize)]
struct Data {
    roles: Vec<RoleData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleData {
    name: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    rules: Vec<Rule>,
    /// The label of the roles that it is made of.
    aggregates: Option<String>,
    /// The groups that it is bound to, by a binding of the same name.
    #[serde(default)]
    groups: Vec<String>,
}

/// Creates the roles and bindings that every cluster has.
pub(crate) fn create_roles(world: &World) {
    for role in &DATA.roles {
        create(
            world,
            "clusterroles",
            &role.name,
            &role.labels,
            role.fields(),
        );
        if !role.groups.is_empty() {
            let fields = role.binding();
            create(
                world,
                "clusterrolebindings",
                &role.name,
                &BTreeMap::new(),
                fields,
            );
        }
    }
}

impl RoleData {
    fn fields(&self) -> Value {
        let mut fields = json!({"rules": self.rules});
        if self.rules.is_empty() {
            fields["rules"] = Value::Null;
        }
        if let Some(label) = &self.aggregates {
            let labels = BTreeMap::from([(label, "true")]);
            fields["aggregationRule"] = json!({"clusterRoleSelectors": [{"matchLabels": labels}]});
        }
        fields
    }

    fn binding(&self) -> Value {
        let subjects = self.groups.iter();
        let subjects: Vec<_> = subjects
            .map(|group| json!({"kind": "Group", "apiGroup": GROUP, "name": group}))
            .collect();
        json!({
            "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": self.name},
            "subjects": subjects,
        })
    }
}

fn create(
    world: &World,
    plural: &str,
    name: &str,
    labels: &BTreeMap<String, String>,
    fields: Value,
) {
    let strategy = Strategy::of_built_in(GROUP, plural);
    let mut document = match fields {
        Value::Object(fields) => fields,
        _ => Document::new(),
    };
    let mut all_labels: Map<String, Value> = Map::new();
    all_labels.insert(
        "kubernetes.io/bootstrapping".to_owned(),
        "rbac-defaults".into(),
    );
    let labels = labels.iter();
    all_labels.extend(labels.map(|(key, value)| (key.clone(), value.as_str().into())));
    let metadata = meta::of_mut(&mut document);
    metadata.insert("name".to_owned(), name.into());
    metadata.insert("labels".to_owned(), Value::Object(all_labels));
    let annotations = json!({"rbac.authorization.kubernetes.io/autoupdate": "true"});
    metadata.insert("annotations".to_owned(), annotations);
    meta::complete(metadata, &strategy, &world.clock, &world.ids);
    let fields = strategy.field_values(&document);
    // In a new store nothing can be in the way.
    let _ = world.store.create(
        &StorageKey::new(GROUP, plural),
        Content::new(document, fields),
    );
}

#[cfg(test)]
mod tests {
    use super::DATA;

    #[test]
    fn the_embedded_data_holds_the_roles_that_people_are_given() {
        for name in [
            "admin",
            "cluster-admin",
            "edit",
            "system:basic-user",
            "view",
        ] {
            assert!(DATA.roles.iter().any(|role| role.name == name), "{name}");
        }
    }
}
