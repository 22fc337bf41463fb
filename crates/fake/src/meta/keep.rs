//! What an update cannot change.

use serde_json::Value;

use super::{Metadata, copy, of, of_mut, text};
use crate::request::Document;
use crate::strategy::{Generation, Strategy};

/// Puts back into `new` what an update has no say in. What it may not even try to change is left for validation.
pub(crate) fn keep(old: &Metadata, new: &mut Metadata) {
    copy("creationTimestamp", old, new);
    copy("generation", old, new);
    if text(new, "uid").is_empty() {
        copy("uid", old, new);
    }
    if old.contains_key("deletionTimestamp") {
        copy("deletionTimestamp", old, new);
    }
    if old.contains_key("deletionGracePeriodSeconds") {
        copy("deletionGracePeriodSeconds", old, new);
    }
}

/// `metadata.generation`, 0 if absent.
pub(crate) fn generation(metadata: &Metadata) -> i64 {
    metadata
        .get("generation")
        .and_then(Value::as_i64)
        .unwrap_or(0)
}

/// Moves the generation if the server does so for the kind, and if what it counts has changed.
pub(crate) fn move_generation(strategy: &Strategy, old: &Document, new: &mut Document) {
    let Generation::Managed { metadata: counted } = strategy.generation else {
        return;
    };
    let moved = differs_in_spec(old, new)
        || counted
            .iter()
            .any(|field| of(old).get(*field) != of(new).get(*field));
    if moved {
        let next = generation(of(old)) + 1;
        of_mut(new).insert("generation".to_owned(), next.into());
    }
}

fn differs_in_spec(old: &Document, new: &Document) -> bool {
    // A status that has a subresource is the old one here; without a subresource it counts like any other field.
    let counts = |field: &&String| *field != "metadata";
    let differs = |field: &String| old.get(field) != new.get(field);
    old.keys().chain(new.keys()).filter(counts).any(differs)
}
