//! Making shapes of schemas.

use std::collections::HashMap;

use serde_json::Value;

use super::{FieldShape, ListShape, MapShape, Reference, Relation, ScalarKind, Shape, Shapes};
use crate::schema::{Definition, Property};

/// The definitions whose schema says less than what the API server makes of it.
const QUANTITY: &str = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const RAW_EXTENSION: &str = "io.k8s.apimachinery.pkg.runtime.RawExtension";

/// Shapes in the making.
#[derive(Debug)]
pub(super) struct Compiler {
    shapes: Vec<Shape>,
    named: HashMap<String, usize>,
}

impl Compiler {
    /// Begins with the two shapes of what no schema describes.
    pub(super) fn new() -> Compiler {
        let shapes = vec![
            free(Relation::Atomic, Compiler::UNTYPED, Compiler::UNTYPED, true),
            free(
                Relation::Atomic,
                Compiler::UNTYPED,
                Compiler::DEDUCED,
                false,
            ),
        ];
        Compiler {
            shapes,
            named: HashMap::new(),
        }
    }

    /// Anything, owned whole.
    pub(super) const UNTYPED: Reference = Reference {
        index: 0,
        atomic: None,
    };
    /// Anything: objects by field, lists whole.
    pub(super) const DEDUCED: Reference = Reference {
        index: 1,
        atomic: None,
    };

    pub(super) fn finish(self) -> Shapes {
        Shapes {
            shapes: self.shapes,
        }
    }

    pub(super) fn add(&mut self, shape: Shape) -> Reference {
        self.shapes.push(shape);
        Reference {
            index: self.shapes.len() - 1,
            atomic: None,
        }
    }

    /// The shape of a built-in definition.
    pub(super) fn definition(&mut self, name: &str) -> Reference {
        if let Some(&index) = self.named.get(name) {
            return Reference {
                index,
                atomic: None,
            };
        }
        // It may refer to itself, so it has its place before it is there.
        let at = self.add(Shape::default());
        self.named.insert(name.to_owned(), at.index);
        self.shapes[at.index] = match (name, Definition::named(name)) {
            (QUANTITY, _) => Shape {
                scalar: Some(ScalarKind::Any),
                ..Shape::default()
            },
            (RAW_EXTENSION, _) | (_, None) => {
                free(Relation::Atomic, Compiler::UNTYPED, Compiler::UNTYPED, true)
            }
            (_, Some(definition)) => self.defined(definition),
        };
        at
    }

    fn defined(&mut self, definition: &Definition) -> Shape {
        match definition.kind() {
            "object" => Shape {
                map: Some(self.object(definition)),
                ..Shape::default()
            },
            "" => free(
                Relation::Atomic,
                Compiler::DEDUCED,
                Compiler::DEDUCED,
                false,
            ),
            kind => scalar(kind, definition.format()),
        }
    }

    fn object(&mut self, definition: &Definition) -> MapShape {
        let fields = definition.fields().map(|(name, property)| {
            let is_struct = property
                .default()
                .is_some_and(|default| default.as_object().is_some_and(serde_json::Map::is_empty));
            let field = FieldShape {
                at: self.property(property),
                default: property.default().cloned(),
                is_always_there: is_struct || definition.requires(name),
            };
            (name.to_owned(), field)
        });
        let fields: HashMap<_, _> = fields.collect();
        let is_free = fields.is_empty();
        MapShape {
            fields,
            others: is_free.then_some(Compiler::DEDUCED),
            atomic: definition.map_type() == "atomic",
            is_deduced: is_free,
        }
    }

    fn property(&mut self, property: &Property) -> Reference {
        let atomic = match property.map_type() {
            "atomic" => Some(true),
            "granular" => Some(false),
            _ => None,
        };
        let at = match property.reference() {
            Some(name) => self.definition(name),
            None => {
                let shape = self.inline(property);
                self.add(shape)
            }
        };
        Reference { atomic, ..at }
    }

    fn inline(&mut self, property: &Property) -> Shape {
        match property.kind() {
            "object" => {
                let values = property.values();
                let others = values.map_or(Compiler::DEDUCED, |values| self.property(values));
                Shape {
                    map: Some(MapShape {
                        fields: HashMap::new(),
                        others: Some(others),
                        atomic: false,
                        is_deduced: values.is_none(),
                    }),
                    ..Shape::default()
                }
            }
            "array" => {
                let items = property.items();
                let items = items.map_or(Compiler::DEDUCED, |items| self.property(items));
                let relation = relation(property.list_type(), property.list_map_keys());
                Shape {
                    list: Some(ListShape { relation, items }),
                    ..Shape::default()
                }
            }
            "" => free(
                Relation::Atomic,
                Compiler::DEDUCED,
                Compiler::DEDUCED,
                false,
            ),
            kind => scalar(kind, property.format()),
        }
    }
}

/// A scalar by its type and format. What has a format of its own may be written in several ways.
pub(super) fn scalar(kind: &str, format: &str) -> Shape {
    let scalar = match (kind, format) {
        ("integer" | "number", _) => ScalarKind::Number,
        ("boolean", _) => ScalarKind::Bool,
        ("string", "" | "byte") => ScalarKind::Text,
        _ => ScalarKind::Any,
    };
    Shape {
        scalar: Some(scalar),
        ..Shape::default()
    }
}

pub(super) fn relation(kind: &str, keys: &[String]) -> Relation {
    match kind {
        "set" => Relation::Set,
        "map" => Relation::Map(keys.to_vec()),
        _ => Relation::Atomic,
    }
}

/// A shape that anything has.
pub(super) fn free(relation: Relation, items: Reference, others: Reference, atomic: bool) -> Shape {
    Shape {
        scalar: Some(ScalarKind::Any),
        list: Some(ListShape { relation, items }),
        map: Some(MapShape {
            fields: HashMap::new(),
            others: Some(others),
            atomic,
            is_deduced: true,
        }),
    }
}

/// A field of a type, present only where it is written.
pub(super) fn field(at: Reference, default: Option<&Value>) -> FieldShape {
    FieldShape {
        at,
        default: default.cloned(),
        is_always_there: false,
    }
}
