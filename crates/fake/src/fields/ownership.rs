//! Who owns what after a write.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use serde_json::Value;

use super::compare::{Comparison, is_equal};
use super::conflict::Conflicts;
use super::managers::{Manager, Managers, Operation, Owned, seconds};
use super::schemas::Schemas;
use super::set::Set;
use super::{merge, own, prune};
use crate::clock::Clock;

/// What nobody owns: the identity of an object, and what the server writes.
static NOBODYS: LazyLock<Set> = LazyLock::new(|| {
    let paths: [&[&str]; 12] = [
        &["apiVersion"],
        &["kind"],
        &["metadata"],
        &["metadata", "name"],
        &["metadata", "namespace"],
        &["metadata", "creationTimestamp"],
        &["metadata", "selfLink"],
        &["metadata", "uid"],
        &["metadata", "clusterName"],
        &["metadata", "generation"],
        &["metadata", "managedFields"],
        &["metadata", "resourceVersion"],
    ];
    Set::of_names(paths)
});

/// How many managers an object remembers that have updated it. What older ones own is put together.
const MOST_UPDATERS: usize = 10;
const OLD_UPDATERS: &str = "ancient-changes";
const UNKNOWN: &str = "unknown";
const SERVER: &str = "kube-apiserver";

/// A write by somebody.
#[derive(Debug)]
pub(crate) struct Writer<'a> {
    pub(crate) schemas: &'a Schemas,
    /// Who writes; empty if nobody said.
    pub(crate) name: String,
    /// Empty for the object itself.
    pub(crate) subresource: &'a str,
    /// What the write cannot change, whatever it says.
    pub(crate) ignored: Set,
    pub(crate) now: Timestamp,
}

/// Why a document cannot be applied.
#[derive(Debug)]
pub(crate) enum Refusal {
    Conflicts(Conflicts),
    Unmergeable(String),
}

/// The comparisons of two documents in several versions.
struct Comparisons<'a> {
    writer: &'a Writer<'a>,
    old: &'a Value,
    new: &'a Value,
    made: BTreeMap<String, Option<Comparison>>,
}

impl<'a> Writer<'a> {
    /// The server itself.
    pub(crate) fn of_server(schemas: &'a Schemas, subresource: &'a str, clock: &Clock) -> Self {
        Writer {
            schemas,
            name: SERVER.to_owned(),
            subresource,
            ignored: Set::default(),
            now: clock.now(),
        }
    }
}

impl Writer<'_> {
    /// Gives the writer what is different in `new`, and takes it from everybody else.
    pub(crate) fn update(&self, managers: &mut Managers, old: &Value, new: &Value) {
        self.reconcile(managers);
        let mut comparisons = self.compare(old, new);
        // Nothing can be in conflict with an update.
        let _ = comparisons.take(managers, None, true);
        let Some(own) = comparisons.of(self.schemas.api_version()) else {
            return;
        };
        let fields = own.written().difference(&NOBODYS);
        if !fields.is_empty() {
            let manager = self.manager(Operation::Update);
            let before = managers.0.remove(&manager);
            let fields = match before {
                Some(before) => before.fields.union(&fields),
                None => fields,
            };
            managers
                .0
                .insert(manager, self.owned(fields, Some(self.now)));
        }
        self.cap(managers);
    }

    /// Lays `config` over `old`, takes away what the writer has applied before and does not apply any more, and gives it what it applies.
    ///
    /// # Errors
    ///
    /// Fails if somebody else gave one of the fields another value, unless `force` is set.
    pub(crate) fn apply(
        &self,
        managers: &mut Managers,
        old: &Value,
        config: &Value,
        force: bool,
    ) -> Result<Value, Refusal> {
        let version = self.schemas.api_version();
        let Some(shape) = self.schemas.get(version) else {
            let message = format!("no corresponding type for {version}");
            return Err(Refusal::Unmergeable(message));
        };
        self.reconcile(managers);
        let merged = merge::merge(shape, old, config)
            .map_err(|error| Refusal::Unmergeable(format!("failed to merge config: {error}")))?;
        let fields = own::fields_of(shape, config).outside(&self.ignored);
        let manager = self.manager(Operation::Apply);
        let last = managers.0.remove(&manager);
        let time = last.as_ref().and_then(|last| last.time);
        managers.0.insert(manager.clone(), self.owned(fields, time));
        let merged = match last {
            Some(last) if !last.fields.is_empty() => {
                prune::prune(self.schemas, &merged, &last, managers).unwrap_or(merged)
            }
            _ => merged,
        };
        self.compare(old, &merged)
            .take(managers, Some(&manager), force)
            .map_err(Refusal::Conflicts)?;
        if let Some(mut owned) = managers.0.remove(&manager) {
            owned.fields = owned.fields.difference(&NOBODYS);
            if !is_equal(old, &merged) {
                owned.time = Some(self.now);
            }
            if !owned.fields.is_empty() {
                managers.0.insert(manager, owned);
            }
        }
        Ok(merged)
    }

    /// The same write by another manager.
    pub(crate) fn named(&self, name: &str) -> Writer<'_> {
        Writer {
            name: name.to_owned(),
            ignored: self.ignored.clone(),
            ..*self
        }
    }

    fn manager(&self, operation: Operation) -> Manager {
        let name = match self.name.as_str() {
            "" => UNKNOWN,
            name => name,
        };
        Manager {
            name: name.to_owned(),
            operation,
            api_version: match operation {
                Operation::Apply => String::new(),
                Operation::Update => self.schemas.api_version().to_owned(),
            },
            subresource: self.subresource.to_owned(),
        }
    }

    fn owned(&self, fields: Set, time: Option<Timestamp>) -> Owned {
        Owned {
            fields,
            api_version: self.schemas.api_version().to_owned(),
            time,
        }
    }

    fn compare<'a>(&'a self, old: &'a Value, new: &'a Value) -> Comparisons<'a> {
        Comparisons {
            writer: self,
            old,
            new,
            made: BTreeMap::new(),
        }
    }

    /// Brings what everybody owns in line with schemas that have changed.
    fn reconcile(&self, managers: &mut Managers) {
        if !self.schemas.may_change() {
            return;
        }
        for owned in managers.0.values_mut() {
            if let Some(shape) = self.schemas.get(&owned.api_version) {
                owned.fields = own::reconcile(shape, &owned.fields);
            }
        }
    }

    /// Puts together what the oldest updaters own, until there are not too many.
    fn cap(&self, managers: &mut Managers) {
        let updaters = managers
            .0
            .iter()
            .filter(|(manager, _)| manager.operation == Operation::Update);
        let mut updaters: Vec<_> = updaters
            .map(|(manager, owned)| (seconds(owned), manager.clone()))
            .collect();
        let mut count = updaters.len();
        if count <= MOST_UPDATERS {
            return;
        }
        updaters.sort();
        let mut first_of: BTreeMap<String, Manager> = BTreeMap::new();
        for (_, manager) in updaters {
            if count <= MOST_UPDATERS {
                return;
            }
            let version = manager.api_version.clone();
            let Some(first) = first_of.get(&version).cloned() else {
                first_of.insert(version, manager);
                continue;
            };
            let bucket = Manager {
                name: OLD_UPDATERS.to_owned(),
                operation: Operation::Update,
                api_version: version,
                subresource: String::new(),
            };
            if !managers.0.contains_key(&bucket)
                && let Some(owned) = managers.0.remove(&first)
            {
                managers.0.insert(bucket.clone(), owned);
            }
            if bucket == manager {
                continue;
            }
            let Some(owned) = managers.0.remove(&manager) else {
                continue;
            };
            if let Some(old) = managers.0.get_mut(&bucket) {
                old.fields.extend(&owned.fields);
                old.time = owned.time;
            }
            count -= 1;
        }
    }
}

impl Comparisons<'_> {
    /// The comparison in a version; none if there is no such version.
    fn of(&mut self, api_version: &str) -> Option<&Comparison> {
        if !self.made.contains_key(api_version) {
            let shape = self.writer.schemas.get(api_version);
            let comparison = shape.map(|shape| {
                let comparison = Comparison::of(shape, self.old, self.new);
                comparison.outside(&self.writer.ignored)
            });
            self.made.insert(api_version.to_owned(), comparison);
        }
        self.made.get(api_version)?.as_ref()
    }

    /// Takes from everybody but `writer` what has been changed or removed. Who is left with nothing is forgotten.
    fn take(
        &mut self,
        managers: &mut Managers,
        writer: Option<&Manager>,
        force: bool,
    ) -> Result<(), Conflicts> {
        let mut conflicts = Conflicts::default();
        managers.0.retain(|manager, owned| {
            if Some(manager) == writer {
                return true;
            }
            let Some(comparison) = self.of(&owned.api_version) else {
                return false;
            };
            let contested = [&comparison.modified, &comparison.added];
            let contested = contested.map(|fields| owned.fields.intersection(fields));
            let [modified, added] = contested;
            let contested = modified.union(&added);
            let fields = std::mem::take(&mut owned.fields);
            let fields = fields.difference(&contested);
            owned.fields = fields.difference(&comparison.removed);
            if !force {
                conflicts.add(manager, contested);
            }
            true
        });
        if !conflicts.is_empty() {
            return Err(conflicts);
        }
        managers.0.retain(|_, owned| !owned.fields.is_empty());
        Ok(())
    }
}
