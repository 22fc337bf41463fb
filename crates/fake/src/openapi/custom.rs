//! Schemas of custom resources, made from those of their definitions.

use serde_json::{Map, Value, json};

use super::dialect::{Dialect, group_version_kind};
use crate::registry::Resource;

const META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1";

/// How deep schemas are followed; definitions cannot be read that are deeper.
const DEEPEST: usize = 128;

/// What version 2 has no word for.
const ONLY_V3: [&str; 6] = ["allOf", "anyOf", "default", "not", "nullable", "oneOf"];

/// The types that the schemas refer to.
pub(super) fn references() -> [String; 2] {
    ["ListMeta", "ObjectMeta"].map(|name| format!("{META}.{name}"))
}

/// The name of the type of a kind: the group backwards, then the version and the kind.
pub(super) fn name(group: &str, version: &str, kind: &str) -> String {
    let mut parts: Vec<&str> = group.split('.').rev().collect();
    parts.extend([version, kind]);
    parts.join(".")
}

/// The schemas of the objects and the lists of a custom resource, by name.
pub(super) fn schemas(resource: &Resource, dialect: Dialect) -> [(String, Value); 2] {
    let (group, version) = (&resource.group, &resource.version);
    let object = name(group, version, &resource.kind);
    let list = name(group, version, &resource.list_kind);
    let list_schema = json!({
        "type": "object",
        "required": ["items"],
        "properties": {
            "apiVersion": {"type": "string"},
            "items": {"type": "array", "items": dialect.reference(&object)},
            "kind": {"type": "string"},
            "metadata": dialect.reference(&format!("{META}.ListMeta")),
        },
        "x-kubernetes-group-version-kind": [group_version_kind(group, version, &resource.list_kind)],
    });
    [
        (object, object_schema(resource, dialect)),
        (list, list_schema),
    ]
}

fn object_schema(resource: &Resource, dialect: Dialect) -> Value {
    let source = resource.custom().map(|version| &version.schema.source);
    let mut schema = match source {
        Some(Value::Object(schema)) => schema.clone(),
        _ => Map::new(),
    };
    if dialect == Dialect::V2 {
        restrict(&mut schema, DEEPEST);
    }
    schema.insert("type".to_owned(), "object".into());
    let properties = schema
        .entry("properties")
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(properties) = properties {
        let metadata = dialect.reference(&format!("{META}.ObjectMeta"));
        properties.insert("apiVersion".to_owned(), json!({"type": "string"}));
        properties.insert("kind".to_owned(), json!({"type": "string"}));
        properties.insert("metadata".to_owned(), metadata);
    }
    let kind = group_version_kind(&resource.group, &resource.version, &resource.kind);
    let kinds = Value::Array(vec![kind]);
    schema.insert("x-kubernetes-group-version-kind".to_owned(), kinds);
    Value::Object(schema)
}

/// Leaves out what version 2 cannot say. Where it cannot say what a value is, it says nothing.
fn restrict(schema: &mut Map<String, Value>, levels: usize) {
    let says = |schema: &Map<String, Value>, name: &str| schema.get(name) == Some(&true.into());
    let is_anything = levels == 0
        || says(schema, "nullable")
        || says(schema, "x-kubernetes-preserve-unknown-fields")
        || says(schema, "x-kubernetes-int-or-string");
    for name in ONLY_V3 {
        schema.remove(name);
    }
    if is_anything {
        for name in ["type", "properties", "items", "additionalProperties"] {
            schema.remove(name);
        }
        return;
    }
    for name in ["items", "additionalProperties"] {
        if let Some(Value::Object(inner)) = schema.get_mut(name) {
            restrict(inner, levels - 1);
        }
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        let inner = properties.values_mut().filter_map(Value::as_object_mut);
        inner.for_each(|schema| restrict(schema, levels - 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_their_group_backwards() {
        assert_eq!(
            name("stable.example.com", "v1", "Widget"),
            "com.example.stable.v1.Widget"
        );
    }

    #[test]
    fn version_2_says_nothing_of_what_it_has_no_word_for() {
        let mut schema = json!({
            "type": "object",
            "properties": {
                "a": {"type": "string", "nullable": true, "description": "a"},
                "b": {"type": "array", "items": {"type": "integer", "default": 1}},
                "c": {"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}]},
            },
        });
        restrict(schema.as_object_mut().expect("a map"), DEEPEST);
        assert_eq!(
            schema["properties"],
            json!({
                "a": {"description": "a"},
                "b": {"type": "array", "items": {"type": "integer"}},
                "c": {"x-kubernetes-int-or-string": true},
            })
        );
    }
}
