//! The parts of a pod that have subresources of their own: ephemeral containers and resources.

use serde_json::{Map, Value};

use crate::meta;
use crate::request::Document;
use crate::strategy::Part;

/// The lists of containers whose resources can change.
const RESIZED: [&str; 2] = ["containers", "initContainers"];
/// What can change about such a container.
const RESIZED_FIELDS: [&str; 2] = ["resizePolicy", "resources"];

/// Takes from `new` only what a subresource may change: not even metadata.
///
/// Containers that were added, removed or renamed stay as they are in `new`, for the checks to find.
pub(crate) fn confine(part: Part, old: &Document, mut new: Document) -> Document {
    let spec = meta::member(&mut new, "spec");
    match part {
        Part::EphemeralContainers => {
            let containers = spec.remove("ephemeralContainers");
            with_spec(old, new, |spec| {
                set(spec, "ephemeralContainers", containers);
            })
        }
        _ if RESIZED.iter().any(|list| !pairs_up(old, spec, list)) => new,
        _ => {
            let wanted = spec.clone();
            with_spec(old, new, |spec| resize(spec, &wanted))
        }
    }
}

/// The old object under the metadata that says who and which version is meant.
fn with_spec(
    old: &Document,
    new: Document,
    edit: impl FnOnce(&mut Map<String, Value>),
) -> Document {
    let mut result = old.clone();
    let named = meta::of(&new);
    let metadata = meta::of_mut(&mut result);
    for field in ["name", "namespace", "uid", "resourceVersion"] {
        set(metadata, field, named.get(field).cloned());
    }
    edit(meta::member(&mut result, "spec"));
    result
}

fn resize(spec: &mut Map<String, Value>, wanted: &Map<String, Value>) {
    set(spec, "resources", wanted.get("resources").cloned());
    for list in RESIZED {
        let containers = spec.get_mut(list).and_then(Value::as_array_mut);
        let containers = containers.into_iter().flatten();
        let containers = containers.filter_map(Value::as_object_mut);
        for (container, wanted) in containers.zip(items(wanted, list)) {
            for field in RESIZED_FIELDS {
                set(container, field, wanted.get(field).cloned());
            }
        }
    }
}

/// Whether both have the same containers in the same order.
fn pairs_up(old: &Document, new: &Map<String, Value>, list: &str) -> bool {
    let names = |spec| items(spec, list).iter().map(|container| &container["name"]);
    let old = old.get("spec").and_then(Value::as_object);
    old.is_some_and(|old| names(old).eq(names(new)))
}

/// The items of a list; none if it is absent.
pub(super) fn items<'a>(spec: &'a Map<String, Value>, list: &str) -> &'a [Value] {
    let items = spec.get(list).and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}

fn set(object: &mut Map<String, Value>, field: &str, value: Option<Value>) {
    match value {
        Some(value) => object.insert(field.to_owned(), value),
        None => object.remove(field),
    };
}
