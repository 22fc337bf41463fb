//! Schemas of built-in kinds, made from the facts of `schema`.
//!
//! They have all of the real ones but their descriptions.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::dialect::{Dialect, group_version_kind};
use crate::schema;

/// What is known about built-in types. It is read for the making of documents, and not kept.
#[derive(Debug)]
pub(super) struct Facts {
    definitions: Map<String, Value>,
    /// The names of types by group, version and kind.
    names: BTreeMap<(String, String, String), String>,
}

/// What facts call a field, and what OpenAPI does.
const EXTENSIONS: [(&str, &str); 6] = [
    ("listMapKeys", "x-kubernetes-list-map-keys"),
    ("listType", "x-kubernetes-list-type"),
    ("mapType", "x-kubernetes-map-type"),
    ("mergeKey", "x-kubernetes-patch-merge-key"),
    ("patchStrategy", "x-kubernetes-patch-strategy"),
    ("unions", "x-kubernetes-unions"),
];

impl Facts {
    pub(super) fn read() -> Self {
        let mut facts: Value = serde_json::from_str(schema::FACTS).unwrap_or_default();
        let definitions = match facts["definitions"].take() {
            Value::Object(definitions) => definitions,
            _ => Map::new(),
        };
        let mut names = BTreeMap::new();
        for (name, definition) in &definitions {
            for kind in kinds(&definition["gvk"]) {
                names.entry(kind).or_insert_with(|| name.clone());
            }
        }
        Self { definitions, names }
    }

    /// The name of the type of a kind.
    pub(super) fn name(&self, group: &str, version: &str, kind: &str) -> Option<&str> {
        let kind = (group.to_owned(), version.to_owned(), kind.to_owned());
        self.names.get(&kind).map(String::as_str)
    }

    /// The names of all types.
    pub(super) fn all(&self) -> impl Iterator<Item = String> {
        self.definitions.keys().cloned()
    }

    /// The schemas of these types and of all that they refer to.
    pub(super) fn schemas(
        &self,
        names: impl IntoIterator<Item = String>,
        dialect: Dialect,
    ) -> Map<String, Value> {
        let mut open: Vec<String> = names.into_iter().collect();
        let mut schemas = Map::new();
        while let Some(name) = open.pop() {
            if schemas.contains_key(&name) {
                continue;
            }
            if let Some(Value::Object(definition)) = self.definitions.get(&name) {
                references(definition, &mut open);
                schemas.insert(name, type_schema(definition, dialect));
            }
        }
        schemas
    }
}

/// Group, version and kind of each kind that has a type.
fn kinds(listed: &Value) -> impl Iterator<Item = (String, String, String)> {
    let kinds = listed.as_array().into_iter().flatten();
    kinds.map(|kind| {
        let text = |at: usize| kind[at].as_str().unwrap_or_default().to_owned();
        (text(0), text(1), text(2))
    })
}

/// Finds what a type, or a field of it, refers to.
fn references(of: &Map<String, Value>, found: &mut Vec<String>) {
    for (name, value) in of {
        match (name.as_str(), value) {
            ("ref", Value::String(name)) => found.push(name.clone()),
            ("items" | "additionalProperties", Value::Object(inner)) => references(inner, found),
            ("properties", Value::Object(properties)) => {
                for property in properties.values().filter_map(Value::as_object) {
                    references(property, found);
                }
            }
            _ => {}
        }
    }
}

fn type_schema(definition: &Map<String, Value>, dialect: Dialect) -> Value {
    let mut schema = common(definition, dialect);
    if let Some(Value::Object(properties)) = definition.get("properties") {
        let properties = properties.iter().filter_map(|(name, property)| {
            Some((name.clone(), field_schema(property.as_object()?, dialect)))
        });
        schema.insert("properties".to_owned(), Value::Object(properties.collect()));
    }
    let kinds = definition.get("gvk").into_iter().flat_map(kinds);
    let kinds: Vec<Value> = kinds
        .map(|(group, version, kind)| group_version_kind(&group, &version, &kind))
        .collect();
    if !kinds.is_empty() {
        schema.insert(
            "x-kubernetes-group-version-kind".to_owned(),
            Value::Array(kinds),
        );
    }
    Value::Object(schema)
}

fn field_schema(property: &Map<String, Value>, dialect: Dialect) -> Value {
    let mut schema = common(property, dialect);
    if let Some(Value::String(name)) = property.get("ref") {
        let reference = dialect.reference(name);
        // In version 3 nothing counts that stands beside a reference.
        if dialect == Dialect::V3 && !schema.is_empty() {
            schema.insert("allOf".to_owned(), Value::Array(vec![reference]));
        } else if let Value::Object(reference) = reference {
            schema.extend(reference);
        }
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(Value::Object(property)) = property.get(inner) {
            schema.insert(inner.to_owned(), field_schema(property, dialect));
        }
    }
    Value::Object(schema)
}

/// What types and fields have alike.
fn common(of: &Map<String, Value>, dialect: Dialect) -> Map<String, Value> {
    let mut schema = Map::new();
    let mut copy = |from: &str, to: &str| {
        if let Some(value) = of.get(from) {
            schema.insert(to.to_owned(), value.clone());
        }
    };
    for name in ["type", "format", "enum", "required"] {
        copy(name, name);
    }
    for (from, to) in EXTENSIONS {
        copy(from, to);
    }
    if dialect == Dialect::V3 {
        copy("default", "default");
        copy("oneOf", "oneOf");
    } else if of.contains_key("oneOf") {
        // Version 2 has no alternatives. What is a number or a text is a text there.
        schema.insert("type".to_owned(), "string".into());
    }
    schema
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_come_with_all_that_they_refer_to() {
        let facts = Facts::read();
        let name = facts
            .name("apps", "v1", "Deployment")
            .expect("a deployment");
        for (dialect, prefix) in [
            (Dialect::V2, "#/definitions/"),
            (Dialect::V3, "#/components/schemas/"),
        ] {
            let schemas = facts.schemas([name.to_owned()], dialect);
            assert!(schemas.contains_key("io.k8s.api.core.v1.Container"));
            assert!(!schemas.contains_key("io.k8s.api.apps.v1.DaemonSet"));
            let text = Value::Object(schemas.clone()).to_string();
            for reference in text.split("\"$ref\":\"").skip(1) {
                let name = reference
                    .split('"')
                    .next()
                    .and_then(|r| r.strip_prefix(prefix));
                assert!(schemas.contains_key(name.expect("a reference")), "{name:?}");
            }
        }
    }

    #[test]
    fn numbers_or_texts_are_texts_in_version_2() {
        let name = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
        let of = |dialect| Facts::read().schemas([name.to_owned()], dialect)[name].clone();
        assert_eq!(
            of(Dialect::V2),
            json!({"type": "string", "format": "int-or-string"})
        );
        assert_eq!(
            of(Dialect::V3),
            json!({"format": "int-or-string", "oneOf": [{"type": "integer"}, {"type": "string"}]})
        );
    }
}
