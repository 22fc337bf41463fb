//! What differs between two documents, field by field.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::element::Element;
use super::set::{Node, Set};
use super::shape::{Fields, Form, List, Type};

/// The fields in which a document differs from another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Comparison {
    /// Those it has not.
    pub(crate) removed: Set,
    /// Those that are different.
    pub(crate) modified: Set,
    /// Those that only it has.
    pub(crate) added: Set,
}

/// The same below one field, and for the field itself.
#[derive(Default)]
struct Change {
    removed: Node,
    modified: Node,
    added: Node,
}

impl Comparison {
    /// What is different in `new`. Fields that no schema knows are not looked at.
    pub(crate) fn of(shape: Type<'_>, old: &Value, new: &Value) -> Comparison {
        let change = compare(shape, Some(old), Some(new));
        Comparison {
            removed: change.removed.below,
            modified: change.modified.below,
            added: change.added.below,
        }
    }

    /// Leaves out `ignored` fields and what is below them.
    pub(crate) fn outside(self, ignored: &Set) -> Comparison {
        Comparison {
            removed: self.removed.outside(ignored),
            modified: self.modified.outside(ignored),
            added: self.added.outside(ignored),
        }
    }

    /// What is new or different.
    pub(crate) fn written(&self) -> Set {
        self.modified.clone().union(&self.added)
    }
}

fn compare(shape: Type<'_>, old: Option<&Value>, new: Option<&Value>) -> Change {
    let mut change = Change::default();
    // Most of what an update writes is as it was, and finding that out takes less than naming all items of lists.
    if old.is_some() && old == new {
        return change;
    }
    let (form, other) = match (old, new) {
        (_, None) => (shape.form(old), None),
        (None, Some(_)) => (shape.form(new), None),
        // A value may turn into one of another form: then what the old one had goes and what the new one has comes.
        (Some(_), Some(_)) => {
            let (before, after) = (shape.form(old), shape.form(new));
            let same = before.map(|form| form.name()) == after.map(|form| form.name());
            (after, if same { None } else { before })
        }
    };
    for form in other.into_iter().chain(form) {
        visit(form, old, new, &mut change);
    }
    change.added.owned |= old.is_none();
    change.removed.owned |= new.is_none();
    change
}

fn visit(form: Form<'_>, old: Option<&Value>, new: Option<&Value>, change: &mut Change) {
    match form {
        Form::Scalar(_) => leaf(old, new, change),
        Form::List(list) => {
            let [before, after] = [old, new].map(|value| value.and_then(Value::as_array));
            let is_nothing = |list: Option<&Vec<Value>>| list.is_none_or(Vec::is_empty);
            if list.is_atomic() || (is_nothing(before) && is_nothing(after)) {
                leaf(old, new, change);
            } else {
                let [before, after] =
                    [before, after].map(|list| list.map_or(&[][..], Vec::as_slice));
                compare_items(list, before, after, change);
            }
        }
        Form::Map(fields) => {
            let [before, after] = [old, new].map(|value| value.and_then(Value::as_object));
            let is_nothing = |map: Option<&Map<String, Value>>| map.is_none_or(Map::is_empty);
            if fields.is_atomic || (is_nothing(before) && is_nothing(after)) {
                leaf(old, new, change);
            } else {
                compare_fields(fields, before, after, change);
            }
        }
    }
}

/// What is only compared whole. If it is new or gone, that is noted in any case.
fn leaf(old: Option<&Value>, new: Option<&Value>, change: &mut Change) {
    if let (Some(old), Some(new)) = (old, new) {
        change.modified.owned |= !is_equal(old, new);
    }
}

fn compare_fields(
    fields: Fields<'_>,
    old: Option<&Map<String, Value>>,
    new: Option<&Map<String, Value>>,
    change: &mut Change,
) {
    let mut visit = |name: &str, old: Option<&Value>, new: Option<&Value>| {
        if let Some(shape) = fields.field(name) {
            change.put(|| Element::field(name), compare(shape, old, new));
        }
    };
    for (name, value) in old.into_iter().flatten() {
        visit(name, Some(value), new.and_then(|new| new.get(name)));
    }
    for (name, value) in new.into_iter().flatten() {
        if old.is_none_or(|old| !old.contains_key(name)) {
            visit(name, None, Some(value));
        }
    }
}

/// Items that are there several times are compared as if they were one.
fn compare_items(list: List<'_>, old: &[Value], new: &[Value], change: &mut Change) {
    let mut items: BTreeMap<Element, [Vec<&Value>; 2]> = BTreeMap::new();
    for (side, values) in [old, new].into_iter().enumerate() {
        for value in values {
            if let Ok(element) = list.element(value) {
                items.entry(element).or_default()[side].push(value);
            }
        }
    }
    for (element, [old, new]) in items {
        let result = match (old.as_slice(), new.as_slice()) {
            (old @ ([] | [_]), new @ ([] | [_])) => {
                compare(list.items(), old.first().copied(), new.first().copied())
            }
            ([_, _, ..], [_, _, ..]) => {
                let mut result = Change::default();
                result.modified.owned = old != new;
                result
            }
            ([_, _, ..], new) => {
                let new = new.first();
                let mut result = new.map_or_else(Change::default, |new| {
                    compare(list.items(), None, Some(new))
                });
                result.removed.owned = true;
                result
            }
            (old, _) => {
                let old = old.first();
                let mut result = old.map_or_else(Change::default, |old| {
                    compare(list.items(), Some(old), None)
                });
                result.added.owned = true;
                result
            }
        };
        change.put(|| element.clone(), result);
    }
}

impl Change {
    fn put(&mut self, element: impl Fn() -> Element, below: Change) {
        let sets = [
            (&mut self.removed, below.removed),
            (&mut self.modified, below.modified),
            (&mut self.added, below.added),
        ];
        for (set, node) in sets {
            if !node.is_empty() {
                set.below.put(element(), node);
            }
        }
    }
}

impl Form<'_> {
    fn name(self) -> &'static str {
        match self {
            Form::Scalar(_) => "scalar",
            Form::List(_) => "list",
            Form::Map(_) => "map",
        }
    }
}

/// Whether two values are the same; `1` and `1.0` are.
pub(crate) fn is_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let same = |(name, value)| b.get(name).is_some_and(|other| is_equal(value, other));
            a.len() == b.len() && a.iter().all(same)
        }
        (a, b) => a == b,
    }
}
