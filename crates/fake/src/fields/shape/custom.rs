//! The shapes of custom resources, by their structural schema.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::Value;

use super::compile::{self, Compiler};
use super::{
    FieldShape, ListShape, MapShape, Reference, Relation, ScalarKind, Shape, Shapes, Type,
};

/// Definitions of a schema may be within each other this often. What is deeper is taken for anything.
const DEEPEST: usize = 120;
const METADATA: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/// The type of the objects of one version of a custom resource. It is made when somebody asks for it: most definitions have no objects.
#[derive(Debug, Default)]
pub(crate) struct CustomShapes {
    schema: Value,
    made: OnceLock<(Shapes, Reference)>,
}

impl CustomShapes {
    /// The type that an `openAPIV3Schema` describes; without one anything goes but for the metadata.
    pub(crate) fn new(schema: Value) -> CustomShapes {
        CustomShapes {
            schema,
            made: OnceLock::new(),
        }
    }

    pub(crate) fn get(&self) -> Type<'_> {
        let (shapes, root) = self.made.get_or_init(|| make(&self.schema));
        shapes.get(root.index)
    }
}

fn make(schema: &Value) -> (Shapes, Reference) {
    let mut compiler = Compiler::new();
    let mut root = object(&mut compiler, schema, DEEPEST);
    add_object_fields(&mut compiler, &mut root);
    let root = compiler.add(Shape {
        map: Some(root),
        ..Shape::default()
    });
    (compiler.finish(), root)
}

/// What every object has. An author's own view of the metadata does not count.
fn add_object_fields(compiler: &mut Compiler, map: &mut MapShape) {
    let text = compiler.add(compile::scalar("string", ""));
    let metadata = compiler.definition(METADATA);
    for (name, at) in [("apiVersion", text), ("kind", text), ("metadata", metadata)] {
        map.fields.insert(name.to_owned(), compile::field(at, None));
    }
}

fn node(compiler: &mut Compiler, schema: &Value, depth: usize) -> Reference {
    let Some(depth) = depth.checked_sub(1) else {
        return Compiler::UNTYPED;
    };
    let shape = shape(compiler, schema, depth);
    compiler.add(shape)
}

fn shape(compiler: &mut Compiler, schema: &Value, depth: usize) -> Shape {
    match text(schema, "type") {
        "object" => {
            let mut map = object(compiler, schema, depth);
            if schema["x-kubernetes-embedded-resource"] == true {
                add_object_fields(compiler, &mut map);
            }
            Shape {
                map: Some(map),
                ..Shape::default()
            }
        }
        "array" => Shape {
            list: Some(list(compiler, schema, depth)),
            ..Shape::default()
        },
        "" => Shape {
            scalar: Some(ScalarKind::Any),
            list: Some(list(compiler, schema, depth)),
            map: Some(object(compiler, schema, depth)),
        },
        kind => compile::scalar(kind, text(schema, "format")),
    }
}

fn object(compiler: &mut Compiler, schema: &Value, depth: usize) -> MapShape {
    let properties = schema["properties"].as_object();
    let fields = properties.into_iter().flatten().map(|(name, property)| {
        let at = node(compiler, property, depth);
        (name.clone(), compile::field(at, property.get("default")))
    });
    let fields: HashMap<String, FieldShape> = fields.collect();
    let preserves = schema["x-kubernetes-preserve-unknown-fields"] == true;
    let others = match &schema["additionalProperties"] {
        Value::Object(_) => Some(node(compiler, &schema["additionalProperties"], depth)),
        Value::Bool(false) => None,
        Value::Bool(true) => Some(Compiler::DEDUCED),
        _ if preserves || fields.is_empty() => Some(Compiler::DEDUCED),
        _ => None,
    };
    MapShape {
        is_deduced: fields.is_empty() && others == Some(Compiler::DEDUCED),
        fields,
        others,
        atomic: text(schema, "x-kubernetes-map-type") == "atomic",
    }
}

fn list(compiler: &mut Compiler, schema: &Value, depth: usize) -> ListShape {
    let keys = schema["x-kubernetes-list-map-keys"].as_array();
    let keys: Vec<String> = keys
        .into_iter()
        .flatten()
        .filter_map(|key| key.as_str().map(str::to_owned))
        .collect();
    let relation = match compile::relation(text(schema, "x-kubernetes-list-type"), &keys) {
        Relation::Map(keys) if keys.is_empty() => Relation::Atomic,
        relation => relation,
    };
    let items = match &schema["items"] {
        items @ Value::Object(_) => node(compiler, items, depth),
        _ => Compiler::DEDUCED,
    };
    ListShape { relation, items }
}

fn text<'a>(schema: &'a Value, field: &str) -> &'a str {
    schema[field].as_str().unwrap_or("")
}
