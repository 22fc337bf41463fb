//! Sets of paths: which fields of a document somebody owns.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use super::element::Element;

/// A set of paths, as the tree they form. Every node of it is owned or leads to one that is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Set(BTreeMap<Element, Node>);

/// What a set says about one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    /// Whether the field itself is in the set.
    pub(crate) owned: bool,
    /// What is in the set below it.
    pub(crate) below: Set,
}

/// A path, for people.
pub(crate) struct Path<'a>(&'a [&'a Element]);

impl Node {
    /// A field that is in the set, with nothing below it.
    pub(crate) fn leaf() -> Node {
        Node {
            owned: true,
            below: Set::default(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.owned && self.below.is_empty()
    }
}

impl Set {
    /// The set of these paths, which consist of names.
    pub(crate) fn of_names<'a>(paths: impl IntoIterator<Item = &'a [&'a str]>) -> Set {
        let mut set = Set::default();
        for path in paths {
            set.insert(path.iter().map(|name| Element::field(name)));
        }
        set
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a path. The empty one is in no set.
    pub(crate) fn insert(&mut self, path: impl IntoIterator<Item = Element>) {
        let mut path = path.into_iter().peekable();
        let mut set = self;
        while let Some(element) = path.next() {
            let node = set.0.entry(element).or_default();
            if path.peek().is_none() {
                node.owned = true;
            }
            set = &mut node.below;
        }
    }

    /// Puts what is known about a field in its place; nothing if it says nothing.
    pub(crate) fn put(&mut self, element: Element, node: Node) {
        if node.is_empty() {
            return;
        }
        match self.0.entry(element) {
            Entry::Vacant(entry) => {
                entry.insert(node);
            }
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                known.owned |= node.owned;
                known.below.extend(&node.below);
            }
        }
    }

    /// What the set says about a field.
    pub(crate) fn get(&self, element: &Element) -> Option<&Node> {
        self.0.get(element)
    }

    /// Whether this path of names is in the set.
    pub(crate) fn has_names(&self, path: &[&str]) -> bool {
        let Some((first, rest)) = path.split_first() else {
            return false;
        };
        match self.get(&Element::field(first)) {
            Some(node) if rest.is_empty() => node.owned,
            Some(node) => node.below.has_names(rest),
            None => false,
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Element, &Node)> {
        self.0.iter()
    }

    /// Adds all paths of another set.
    pub(crate) fn extend(&mut self, other: &Set) {
        for (element, node) in &other.0 {
            match self.0.get_mut(element) {
                Some(known) => {
                    known.owned |= node.owned;
                    known.below.extend(&node.below);
                }
                None => {
                    self.0.insert(element.clone(), node.clone());
                }
            }
        }
    }

    pub(crate) fn union(mut self, other: &Set) -> Set {
        self.extend(other);
        self
    }

    /// The paths that are in both.
    pub(crate) fn intersection(&self, other: &Set) -> Set {
        let mut result = Set::default();
        for (element, node) in &self.0 {
            if let Some(others) = other.0.get(element) {
                let common = Node {
                    owned: node.owned && others.owned,
                    below: node.below.intersection(&others.below),
                };
                result.put(element.clone(), common);
            }
        }
        result
    }

    /// The paths that are not in `other`.
    pub(crate) fn difference(mut self, other: &Set) -> Set {
        self.retain(other, |node, others| {
            node.owned &= !others.owned;
            node.below = std::mem::take(&mut node.below).difference(&others.below);
        });
        self
    }

    /// The paths that are not in `other`, nor below one that is.
    pub(crate) fn outside(mut self, other: &Set) -> Set {
        self.retain(other, |node, others| {
            if others.owned {
                *node = Node::default();
            } else {
                node.below = std::mem::take(&mut node.below).outside(&others.below);
            }
        });
        self
    }

    fn retain(&mut self, other: &Set, cut: impl Fn(&mut Node, &Node)) {
        if other.is_empty() {
            return;
        }
        self.0.retain(|element, node| {
            if let Some(others) = other.0.get(element) {
                cut(node, others);
            }
            !node.is_empty()
        });
    }

    /// Visits every path: at each level first those that end there, then those that go on.
    pub(crate) fn for_each_path(&self, visit: &mut dyn FnMut(Path<'_>)) {
        self.visit_below(&mut Vec::new(), visit);
    }

    fn visit_below<'a>(&'a self, path: &mut Vec<&'a Element>, visit: &mut dyn FnMut(Path<'_>)) {
        for (element, _) in self.0.iter().filter(|(_, node)| node.owned) {
            path.push(element);
            visit(Path(path));
            path.pop();
        }
        for (element, node) in &self.0 {
            path.push(element);
            node.below.visit_below(path, visit);
            path.pop();
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|element| element.fmt(f))
    }
}
