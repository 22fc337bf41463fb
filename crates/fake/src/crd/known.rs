//! The definitions in the store, parsed.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::definition::Definition;
use super::storage;
use crate::object::Object;
use crate::store::Range;
use crate::world::World;

/// Remembers what has been parsed, since every change of one definition asks for all of them.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<String, (u64, Arc<Definition>)>);

impl Known {
    /// Returns all definitions that can be read, by name, and parses only those that are new or have changed.
    pub(super) fn load(&mut self, world: &World) -> Vec<Arc<Definition>> {
        let page = world.store.page(&storage(), Range::default(), |_| true);
        let objects = page.map_or_else(|_| Vec::new(), |page| page.items);
        let mut known = HashMap::with_capacity(objects.len());
        let mut definitions = Vec::with_capacity(objects.len());
        for object in &objects {
            let name = object.content().name();
            let parsed = match self.0.remove(name) {
                Some((revision, definition)) if revision == object.revision() => Some(definition),
                _ => read(object).map(Arc::new),
            };
            if let Some(definition) = parsed {
                definitions.push(Arc::clone(&definition));
                known.insert(name.to_owned(), (object.revision(), definition));
            }
        }
        self.0 = known;
        definitions
    }
}

fn read(object: &Object) -> Option<Definition> {
    serde_json::from_value(Value::Object(object.document())).ok()
}
