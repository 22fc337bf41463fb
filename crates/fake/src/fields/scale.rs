//! Who owns the number of replicas, seen through the scale subresource.

use serde_json::Value;

use super::managers::{Managers, Operation, Owned};
use super::set::Set;

const SCALE_VERSION: &str = "autoscaling/v1";
const IN_SCALE: &[&str] = &["spec", "replicas"];

/// Where a kind has its number of replicas, by version. A version without a place for it has no scale.
#[derive(Debug)]
pub(crate) struct ScaleFields {
    /// The version that a request is in.
    pub(crate) api_version: String,
    /// `apiVersion` and path.
    pub(crate) paths: Vec<(String, Option<Vec<String>>)>,
}

impl ScaleFields {
    /// The managers of a scale: those of the object that own its number of replicas.
    pub(crate) fn of_scale(&self, entries: Option<&Value>) -> Option<Value> {
        let mut managers = Managers::default();
        for (mut manager, owned) in decode(entries).0 {
            let path = self.path(&owned.api_version).flatten();
            if !path.is_some_and(|path| owned.fields.has_names(&names(path))) {
                continue;
            }
            if manager.operation == Operation::Update {
                SCALE_VERSION.clone_into(&mut manager.api_version);
            }
            let owned = Owned {
                fields: Set::of_names([IN_SCALE]),
                api_version: SCALE_VERSION.to_owned(),
                time: owned.time,
            };
            managers.0.insert(manager, owned);
        }
        managers.encode()
    }

    /// The managers of an object once its scale has been written. Who no longer owns the scale's replicas loses those of the object.
    pub(crate) fn of_object(
        &self,
        entries: Option<&Value>,
        scale: Option<&Value>,
    ) -> Option<Value> {
        let mut scale = decode(scale).0;
        let mut managers = Managers::default();
        let before = decode(entries).0;
        for (manager, mut owned) in before.clone() {
            let Some(path) = self.path(&owned.api_version) else {
                continue;
            };
            if let Some(path) = path.filter(|path| owned.fields.has_names(&names(path)))
                && scale.remove(&manager).is_none()
            {
                owned.fields = owned.fields.difference(&Set::of_names([&names(path)[..]]));
            }
            if !owned.fields.is_empty() {
                managers.0.insert(manager, owned);
            }
        }
        let own = self.path(&self.api_version).flatten();
        for (manager, owned) in scale {
            if let Some(path) = own.filter(|_| owned.fields.has_names(IN_SCALE)) {
                let owned = Owned {
                    fields: Set::of_names([&names(path)[..]]),
                    api_version: self.api_version.clone(),
                    // A new owner has no time until it writes the object itself.
                    time: before.get(&manager).and_then(|before| before.time),
                };
                managers.0.insert(manager, owned);
            }
        }
        managers.encode()
    }

    fn path(&self, api_version: &str) -> Option<Option<&Vec<String>>> {
        let (_, path) = self
            .paths
            .iter()
            .find(|(version, _)| version == api_version)?;
        Some(path.as_ref())
    }
}

fn names(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

fn decode(entries: Option<&Value>) -> Managers {
    let decoded = entries.and_then(|entries| Managers::decode(entries).ok());
    decoded.unwrap_or_default()
}
