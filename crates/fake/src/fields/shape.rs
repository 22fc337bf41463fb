//! What merging knows about types: which objects have which fields, which lists are sets or maps, and what is only ever owned whole.

mod built_in;
mod compile;
mod custom;

use std::collections::HashMap;

use serde_json::Value;

use super::element::{Element, Scalar};

/// The types of the objects of one or more kinds.
#[derive(Debug)]
pub(crate) struct Shapes {
    shapes: Vec<Shape>,
}

/// One type. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Type<'a> {
    shapes: &'a Shapes,
    at: Reference,
}

/// Where a type is, and whether a map of it is owned whole, where the place it is used at says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reference {
    index: usize,
    atomic: Option<bool>,
}

/// What a value of a type can be. Several are possible where the schema does not say.
#[derive(Debug, Default)]
struct Shape {
    scalar: Option<ScalarKind>,
    list: Option<ListShape>,
    map: Option<MapShape>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarKind {
    Any,
    Text,
    Number,
    Bool,
}

#[derive(Debug)]
struct ListShape {
    relation: Relation,
    items: Reference,
}

/// How the items of a list are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Relation {
    /// They are not: the list is owned whole.
    Atomic,
    Set,
    /// By the values of these fields.
    Map(Vec<String>),
}

#[derive(Debug)]
struct MapShape {
    fields: HashMap<String, FieldShape>,
    /// The type of what is no field; none if there may be nothing else.
    others: Option<Reference>,
    atomic: bool,
    /// Whether nothing is known, so that what is in it has the type it seems to have.
    is_deduced: bool,
}

#[derive(Debug)]
struct FieldShape {
    at: Reference,
    default: Option<Value>,
    /// Whether the field is there even if nobody wrote it.
    is_always_there: bool,
}

/// What a value is treated as.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form<'a> {
    Scalar(ScalarKind),
    List(List<'a>),
    Map(Fields<'a>),
}

/// A type of lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct List<'a> {
    shapes: &'a Shapes,
    list: &'a ListShape,
}

/// A type of objects and maps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    shapes: &'a Shapes,
    map: &'a MapShape,
    pub(super) is_atomic: bool,
}

impl<'a> Type<'a> {
    /// What a value of this type is treated as; absent ones and those of no allowed type as an object, if it can be one.
    pub(super) fn form(self, value: Option<&Value>) -> Option<Form<'a>> {
        let shape = self.shape();
        let scalar = shape.scalar.map(Form::Scalar);
        let list = self.list().map(Form::List);
        let map = self.map().map(Form::Map);
        let fitting = match value {
            Some(Value::Bool(_) | Value::Number(_) | Value::String(_)) => scalar,
            Some(Value::Array(_)) => list,
            _ => map,
        };
        fitting.or(map).or(scalar).or(list)
    }

    pub(super) fn list(self) -> Option<List<'a>> {
        let list = self.shape().list.as_ref()?;
        Some(List {
            shapes: self.shapes,
            list,
        })
    }

    pub(super) fn map(self) -> Option<Fields<'a>> {
        let map = self.shape().map.as_ref()?;
        Some(Fields {
            shapes: self.shapes,
            map,
            is_atomic: self.at.atomic.unwrap_or(map.atomic),
        })
    }

    fn shape(self) -> &'a Shape {
        &self.shapes.shapes[self.at.index]
    }
}

impl<'a> List<'a> {
    pub(super) fn is_atomic(self) -> bool {
        self.list.relation == Relation::Atomic
    }

    pub(super) fn items(self) -> Type<'a> {
        Type {
            shapes: self.shapes,
            at: self.list.items,
        }
    }

    /// What an item is known by.
    ///
    /// # Errors
    ///
    /// Fails with a text for an item that cannot be in such a list.
    pub(super) fn element(self, item: &Value) -> Result<Element, String> {
        match &self.list.relation {
            Relation::Atomic => Err("items of an atomic list cannot be told apart".to_owned()),
            Relation::Set => set_element(item),
            Relation::Map(keys) => self.keyed_element(keys, item),
        }
    }

    fn keyed_element(self, keys: &[String], item: &Value) -> Result<Element, String> {
        let Value::Object(fields) = item else {
            return Err("associative list with keys may not have non-map elements".to_owned());
        };
        let map = self.items().map();
        let value = |key: &String| {
            let default = || map.and_then(|map| map.default(key));
            let value = fields.get(key).or_else(default)?;
            Some((key.clone(), Scalar::of(value)))
        };
        let mut found: Vec<_> = keys.iter().filter_map(value).collect();
        if found.is_empty() {
            let keys: Vec<_> = keys.iter().map(|key| format!("{key:?}")).collect();
            return Err(format!(
                "associative list with keys has an element that omits all key fields [{}] (and doesn't have default values for any key fields)",
                keys.join(" ")
            ));
        }
        found.sort();
        Ok(Element::Keys(found))
    }
}

fn set_element(item: &Value) -> Result<Element, String> {
    let problem = match item {
        Value::Object(_) => "associative list without keys has an element that's a map type",
        Value::Array(_) => "not supported: associative list with lists as elements",
        Value::Null => "associative list without keys has an element that's an explicit null",
        scalar => return Ok(Element::Item(Scalar::of(scalar))),
    };
    Err(problem.to_owned())
}

impl<'a> Fields<'a> {
    /// The type of a field, declared or not; none if there may be no such field.
    pub(super) fn field(self, name: &str) -> Option<Type<'a>> {
        let declared = self.map.fields.get(name).map(|field| field.at);
        let at = declared.or(self.map.others)?;
        Some(Type {
            shapes: self.shapes,
            at,
        })
    }

    /// Whether the schema has the field by name.
    pub(super) fn declares(self, name: &str) -> bool {
        self.map.fields.contains_key(name)
    }

    pub(super) fn is_deduced(self) -> bool {
        self.map.is_deduced
    }

    /// The declared fields that every object has, and their types; with the value of each that is no object.
    pub(super) fn always_there(self) -> impl Iterator<Item = (&'a str, Type<'a>, &'a Value)> {
        let fields = self
            .map
            .fields
            .iter()
            .filter(|(_, field)| field.is_always_there);
        fields.map(move |(name, field)| {
            let at = Type {
                shapes: self.shapes,
                at: field.at,
            };
            (
                name.as_str(),
                at,
                field.default.as_ref().unwrap_or(&Value::Null),
            )
        })
    }

    fn default(self, name: &str) -> Option<&'a Value> {
        self.map.fields.get(name)?.default.as_ref()
    }
}

impl Shapes {
    fn get(&self, index: usize) -> Type<'_> {
        let at = Reference {
            index,
            atomic: None,
        };
        Type { shapes: self, at }
    }
}

pub(crate) use built_in::built_in;
pub(crate) use custom::CustomShapes;
