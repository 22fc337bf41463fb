//! The fields that a document has, as a set.

use std::collections::BTreeSet;

use serde_json::Value;

use super::element::Element;
use super::set::{Node, Set};
use super::shape::{Fields, Form, List, Type};

/// All fields of a document: what is owned by who applies it.
pub(crate) fn fields_of(shape: Type<'_>, value: &Value) -> Set {
    node_of(shape, value).below
}

fn node_of(shape: Type<'_>, value: &Value) -> Node {
    let mut node = Node::default();
    match (shape.form(Some(value)), value) {
        (Some(Form::Scalar(_)), _) => node.owned = true,
        (Some(Form::List(list)), _) if list.is_atomic() => node.owned = true,
        (Some(Form::Map(fields)), _) if fields.is_atomic => node.owned = true,
        (Some(Form::List(list)), Value::Array(items)) => node.below = items_of(list, items),
        (Some(Form::Map(fields)), Value::Object(members)) => {
            for (name, member) in members {
                if let Some(shape) = fields.field(name) {
                    let mut child = node_of(shape, member);
                    let is_nothing =
                        member.is_null() || member.as_object().is_some_and(|map| map.is_empty());
                    child.owned |= is_nothing || !fields.declares(name);
                    node.below.put(Element::field(name), child);
                }
            }
        }
        _ => {}
    }
    node
}

/// An item that is there several times is owned whole.
fn items_of(list: List<'_>, items: &[Value]) -> Set {
    let known: Vec<_> = items
        .iter()
        .filter_map(|item| Some((list.element(item).ok()?, item)))
        .collect();
    let mut seen = BTreeSet::new();
    let repeated = known.iter().map(|(element, _)| element);
    let repeated: BTreeSet<Element> = repeated
        .filter(|element| !seen.insert(*element))
        .cloned()
        .collect();
    let mut set = Set::default();
    for (element, item) in known {
        let mut node = if repeated.contains(&element) {
            Node::default()
        } else {
            node_of(list.items(), item)
        };
        node.owned = true;
        set.put(element, node);
    }
    set
}

/// The set with every field in it that the schema declares and that something in the set is below of: such a field has no owner of its
/// own, but goes when all below it goes.
pub(crate) fn with_parents(shape: Option<Type<'_>>, set: &Set) -> Set {
    let mut result = Set::default();
    let fields = shape.and_then(Type::map);
    for (element, node) in set.iter() {
        let below = with_parents(type_below(shape, fields, element), &node.below);
        let is_declared = match (element, fields) {
            (Element::Field(name), Some(fields)) => fields.declares(name),
            _ => false,
        };
        let owned = node.owned || (is_declared && !node.below.is_empty());
        result.put(element.clone(), Node { owned, below });
    }
    result
}

fn type_below<'a>(
    shape: Option<Type<'a>>,
    fields: Option<Fields<'a>>,
    element: &Element,
) -> Option<Type<'a>> {
    match element {
        Element::Field(name) => fields?.field(name),
        Element::Keys(_) => Some(shape?.list()?.items()),
        Element::Item(_) | Element::Index(_) => None,
    }
}

/// Brings a set in line with a schema that has changed since: what has become atomic is owned whole.
pub(crate) fn reconcile(shape: Type<'_>, set: &Set) -> Set {
    reconcile_node(
        shape,
        &Node {
            owned: false,
            below: set.clone(),
        },
    )
    .below
}

fn reconcile_node(shape: Type<'_>, node: &Node) -> Node {
    let is_leaf = node.owned && node.below.is_empty();
    let mut result = Node {
        owned: node.owned,
        below: Set::default(),
    };
    match shape.form(None) {
        Some(Form::Map(fields)) if fields.is_deduced() => return node.clone(),
        Some(Form::Map(fields)) if fields.is_atomic => {
            return if is_leaf { node.clone() } else { Node::leaf() };
        }
        Some(Form::List(list)) if list.is_atomic() => {
            return if is_leaf { node.clone() } else { Node::leaf() };
        }
        Some(Form::Scalar(_)) | None => return node.clone(),
        Some(Form::Map(fields)) => {
            for (element, child) in node.below.iter() {
                let below = type_below(Some(shape), Some(fields), element);
                let child =
                    below.map_or_else(|| child.clone(), |below| reconcile_node(below, child));
                result.below.put(element.clone(), child);
            }
        }
        Some(Form::List(list)) => {
            for (element, child) in node.below.iter() {
                result
                    .below
                    .put(element.clone(), reconcile_node(list.items(), child));
            }
        }
    }
    result
}
