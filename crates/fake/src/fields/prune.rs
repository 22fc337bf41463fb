//! What goes when a manager no longer applies it.

use serde_json::Value;

use super::cut::without;
use super::managers::{Managers, Owned};
use super::own::{fields_of, with_parents};
use super::schemas::Schemas;
use super::set::Set;
use super::shape::Type;

/// `merged` without what the manager has applied last time, as `last` says, and nobody owns any more.
///
/// `managers` has what the manager applies now. None if the version of the last time is no longer served.
pub(super) fn prune(
    schemas: &Schemas,
    merged: &Value,
    last: &Owned,
    managers: &Managers,
) -> Option<Value> {
    let shape = schemas.get(&last.api_version)?;
    let last_fields = with_parents(Some(shape), &last.fields);
    let mut pruned = without(shape, merged, &last_fields);
    for (version, owned) in by_version(managers, &last.api_version) {
        if let Some(shape) = schemas.get(version) {
            let kept =
                fields_with_parents(shape, &pruned).union(&with_parents(Some(shape), &owned));
            let gone = fields_with_parents(shape, merged).difference(&kept);
            pruned = without(shape, merged, &gone);
        }
    }
    // What goes must be something that the manager itself has applied.
    let gone = fields_with_parents(shape, merged).difference(&fields_with_parents(shape, &pruned));
    Some(without(shape, merged, &gone.intersection(&last_fields)))
}

fn fields_with_parents(shape: Type<'_>, value: &Value) -> Set {
    with_parents(Some(shape), &fields_of(shape, value))
}

/// What all managers own together, by version; the version of `first` before all others.
fn by_version<'a>(managers: &'a Managers, first: &str) -> Vec<(&'a str, Set)> {
    let mut versions: Vec<(&str, Set)> = Vec::new();
    for owned in managers.0.values() {
        match versions
            .iter_mut()
            .find(|(version, _)| *version == owned.api_version)
        {
            Some((_, fields)) => fields.extend(&owned.fields),
            None => versions.push((&owned.api_version, owned.fields.clone())),
        }
    }
    versions.sort_by_key(|(version, _)| *version != first);
    versions
}
