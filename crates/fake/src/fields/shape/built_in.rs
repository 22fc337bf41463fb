//! The shapes of built-in kinds.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::compile::Compiler;
use super::{Shapes, Type};
use crate::schema::Definition;

static BUILT_IN: LazyLock<(Shapes, HashMap<String, usize>)> = LazyLock::new(|| {
    let mut compiler = Compiler::new();
    let mut index = HashMap::new();
    for name in Definition::names() {
        index.insert(name.to_owned(), compiler.definition(name).index);
    }
    (compiler.finish(), index)
});

/// The type of the objects of a built-in kind.
pub(crate) fn built_in(group: &str, version: &str, kind: &str) -> Option<Type<'static>> {
    let (shapes, index) = &*BUILT_IN;
    let name = Definition::name_of(group, version, kind);
    index.get(&name).map(|index| shapes.get(*index))
}
