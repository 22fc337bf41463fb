//! Taking out what the schema does not have.

use serde_json::{Map, Value};

use super::{Additional, Path, Structural};

/// The fields that every resource has, whatever its schema says.
const OF_RESOURCES: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// Takes out of a resource what its schema does not have. Gives the paths of that, sorted.
pub(super) fn prune(schema: &Structural, document: &mut Map<String, Value>) -> Vec<String> {
    let mut pruner = Pruner::default();
    pruner.object(document, schema, Holds::Resource, &Path::Root);
    pruner.unknown.sort();
    pruner.unknown
}

/// The same for a part of an object, such as a default.
pub(crate) fn prune_value(schema: &Structural, value: &mut Value) -> Vec<String> {
    let mut pruner = Pruner::default();
    pruner.value(value, Some(schema), &Path::Root);
    pruner.unknown.sort();
    pruner.unknown
}

#[derive(Debug, Default)]
struct Pruner {
    unknown: Vec<String>,
}

/// What an object is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// A resource with metadata, which is looked after elsewhere.
    Resource,
    Anything,
}

impl Holds {
    fn of(schema: &Structural) -> Holds {
        match schema.embeds_resource {
            true => Holds::Resource,
            false => Holds::Anything,
        }
    }
}

impl Pruner {
    fn value(&mut self, value: &mut Value, schema: Option<&Structural>, path: &Path<'_>) {
        match (value, schema) {
            (Value::Object(object), Some(schema)) => {
                self.object(object, schema, Holds::of(schema), path);
            }
            (Value::Object(object), None) => {
                let fields = object.keys();
                self.unknown
                    .extend(fields.map(|name| path.field(name).to_string()));
                object.clear();
            }
            (Value::Array(items), schema) => self.list(items, schema, path),
            _ => {}
        }
    }

    fn list(&mut self, items: &mut [Value], schema: Option<&Structural>, path: &Path<'_>) {
        let keeps = schema.is_some_and(Structural::preserves_unknown);
        let schema = schema.and_then(Structural::item);
        for (index, item) in items.iter_mut().enumerate() {
            let path = path.index(index);
            match schema {
                // What is kept as it is may have items that nobody has described.
                None if keeps => {}
                schema => self.value(item, schema, &path),
            }
        }
    }

    fn object(
        &mut self,
        object: &mut Map<String, Value>,
        schema: &Structural,
        holds: Holds,
        path: &Path<'_>,
    ) {
        let unknown = &mut Vec::new();
        for (name, value) in object.iter_mut() {
            if holds == Holds::Resource && OF_RESOURCES.contains(&name.as_str()) {
                continue;
            }
            let path = path.field(name);
            match (schema.properties.get(name), &schema.additional_properties) {
                (Some(property), _) => self.value(value, Some(property), &path),
                (None, Some(Additional::Values(values))) => {
                    self.value(value, Some(values), &path);
                }
                (None, Some(Additional::Any(_))) if !schema.preserves_unknown() => {
                    self.value(value, None, &path);
                }
                (None, _) if schema.preserves_unknown() => {}
                (None, _) => {
                    self.unknown.push(path.to_string());
                    unknown.push(name.clone());
                }
            }
        }
        for name in unknown {
            object.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema(json: Value) -> Structural {
        serde_json::from_value(json).expect("a schema")
    }

    #[test]
    fn unknown_fields_go_and_their_paths_are_told_sorted() {
        let schema = schema(json!({"type": "object", "properties": {
            "spec": {"type": "object", "properties": {
                "a": {"type": "string"},
                "list": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "string"}}}},
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true,
                    "properties": {"inner": {"type": "object"}}},
            }},
        }}));
        let mut value = json!({
            "metadata": {"name": "n"},
            "top": 1,
            "spec": {"a": "x", "b": 1, "list": [{"x": "y"}, {"z": 1}],
                "free": {"any": {"thing": 1}, "inner": {"gone": 1}}},
        });
        let document = value.as_object_mut().expect("an object");
        let unknown = prune(&schema, document);
        assert_eq!(
            unknown,
            ["spec.b", "spec.free.inner.gone", "spec.list[1].z", "top"]
        );
        assert_eq!(
            value,
            json!({
                "metadata": {"name": "n"},
                "spec": {"a": "x", "list": [{"x": "y"}, {}], "free": {"any": {"thing": 1}, "inner": {}}},
            })
        );
    }
}
