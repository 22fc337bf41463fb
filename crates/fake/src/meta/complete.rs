//! What the server fills in when an object is created.

use serde_json::Value;

use super::{Metadata, text};
use crate::clock::Clock;
use crate::ids::{Ids, LONGEST_PREFIX};
use crate::strategy::{Generation, Strategy};

/// Replaces what the server owns: uid, times, generation, and the finalizer that the kind's objects get.
pub(crate) fn complete(metadata: &mut Metadata, strategy: &Strategy, clock: &Clock, ids: &Ids) {
    metadata.remove("deletionTimestamp");
    metadata.remove("deletionGracePeriodSeconds");
    metadata.insert(
        "creationTimestamp".to_owned(),
        super::deletion::time(clock.now()),
    );
    metadata.insert("uid".to_owned(), ids.uid().into());
    if let Generation::Managed { .. } = strategy.generation {
        metadata.insert("generation".to_owned(), 1.into());
    }
    if let Some(finalizer) = strategy.finalizer {
        add_finalizer(metadata, finalizer);
    }
}

/// A name that begins with `metadata.generateName`.
pub(crate) fn generated_name(metadata: &Metadata, ids: &Ids) -> String {
    let prefix = text(metadata, "generateName");
    let mut cuts = (0..=LONGEST_PREFIX.min(prefix.len())).rev();
    let cut = cuts.find(|at| prefix.is_char_boundary(*at)).unwrap_or(0);
    format!("{}{}", &prefix[..cut], ids.suffix())
}

fn add_finalizer(metadata: &mut Metadata, finalizer: &str) {
    let finalizers = metadata
        .entry("finalizers")
        .or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(finalizers) = finalizers
        && !finalizers.iter().any(|known| known == finalizer)
    {
        finalizers.push(finalizer.into());
    }
}
