//! Keeping `metadata.managedFields` true through the writes of clients.

use serde_json::{Map, Value};

use super::managers::{self, Managers};
use super::ownership::{Refusal, Writer};
use super::{check, last_applied};
use crate::failure::{self, Failure};
use crate::meta;
use crate::object::Types;
use crate::request::Document;

/// The manager of what was there before anybody applied anything.
const BEFORE_FIRST_APPLY: &str = "before-first-apply";

/// An object as somebody wants it, with the `managedFields` it is to have.
#[derive(Debug)]
pub(crate) struct Tracked {
    pub(crate) document: Document,
    /// None for an object that nobody owns anything of.
    pub(crate) managed_fields: Option<Value>,
}

/// A document to be applied, but for its types.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) document: Document,
    /// Whether fields are taken from others who gave them another value.
    pub(crate) force: bool,
}

impl Writer<'_> {
    /// Notes who created an object.
    pub(crate) fn created(&self, document: Document) -> Tracked {
        let (new, sent) = take_entries(document);
        let mut managers = match &sent {
            Some(sent) if !managers::is_reset(sent) => Managers::decode(sent).unwrap_or_default(),
            _ => Managers::default(),
        };
        let old = self.schemas.empty(&new);
        self.update(&mut managers, &old, &new);
        finished(new, managers.encode())
    }

    /// Notes who changed what between `old` and `new`.
    pub(crate) fn updated(&self, old: &Document, new: Document) -> Tracked {
        let (old, known) = take_entries(old.clone());
        let (new, sent) = take_entries(new);
        // Many updates change nothing, and then there is nothing to understand either.
        let says_nothing = sent.is_none() || sent == known;
        if says_nothing && old == new && !self.schemas.may_change() {
            return finished(new, known);
        }
        let mut managers = self.managers(known.as_ref(), sent.as_ref());
        // Who has been forgotten stays so until somebody applies something.
        if !managers.is_empty() {
            self.update(&mut managers, &old, &new);
        }
        let encoded = settle_times(managers.encode(), known, &old, &new);
        finished(new, encoded)
    }

    /// Notes in `new` itself who changed what.
    pub(crate) fn note(&self, old: Option<&Document>, new: &mut Document) {
        let document = std::mem::take(new);
        let tracked = match old {
            Some(old) => self.updated(old, document),
            None => self.created(document),
        };
        *new = tracked.document;
        if let Some(entries) = tracked.managed_fields {
            meta::of_mut(new).insert("managedFields".to_owned(), entries);
        }
    }

    /// What becomes of an object, or of nothing, when `config` is applied to it. `types` are those of the config.
    ///
    /// # Errors
    ///
    /// 400 for a config with `managedFields`, 409 for conflicts, 500 for one that does not fit the schema.
    pub(crate) fn applied(
        &self,
        old: Option<&Document>,
        config: &Config,
        types: &Types,
    ) -> Result<Tracked, Failure> {
        let (live, known) = match old {
            Some(old) => take_entries(old.clone()),
            None => (self.schemas.empty(&Value::Null), None),
        };
        let wanted = self.understood(config, types)?;
        let mut managers = match &known {
            Some(known) => Managers::decode(known).map_err(|error| {
                failure::unexpected(format!("failed to decode managed fields: {error}"))
            })?,
            None => Managers::default(),
        };
        if managers.is_empty() {
            let empty = self.schemas.empty(&live);
            self.named(BEFORE_FIRST_APPLY)
                .update(&mut managers, &empty, &live);
        }
        let mut merged = self.merged(&mut managers, &live, &wanted, config.force)?;
        if self.name == last_applied::MANAGER {
            last_applied::renew(&mut merged, &wanted, types);
        }
        let encoded = settle_times(managers.encode(), known, &live, &merged);
        Ok(finished(merged, encoded))
    }

    fn merged(
        &self,
        managers: &mut Managers,
        live: &Value,
        wanted: &Value,
        force: bool,
    ) -> Result<Value, Failure> {
        let before = managers.clone();
        let conflicts = match self.apply(managers, live, wanted, force) {
            Ok(merged) => return Ok(merged),
            Err(Refusal::Unmergeable(why)) => return Err(failure::unexpected(why)),
            Err(Refusal::Conflicts(conflicts)) => conflicts,
        };
        // Who has applied with kubectl before the server could goes on without conflicts with itself.
        let allowed = match self.name.as_str() {
            last_applied::MANAGER => last_applied::fields(self.schemas, live),
            _ => None,
        };
        let Some(allowed) = allowed else {
            return Err(conflicts.into_failure());
        };
        let rest = conflicts.outside(&allowed);
        if !rest.is_empty() {
            return Err(rest.into_failure());
        }
        *managers = before;
        match self.apply(managers, live, wanted, true) {
            Ok(merged) => Ok(merged),
            Err(Refusal::Unmergeable(why)) => Err(failure::unexpected(why)),
            Err(Refusal::Conflicts(conflicts)) => Err(conflicts.into_failure()),
        }
    }

    /// Checks a config against the schema.
    fn understood(&self, config: &Config, types: &Types) -> Result<Value, Failure> {
        let mut document = config.document.clone();
        if let Some(Value::Object(metadata)) = document.get_mut("metadata") {
            match metadata.remove("managedFields") {
                None | Some(Value::Null) => {}
                Some(_) => return Err(failure::bad_request("metadata.managedFields must be nil")),
            }
        }
        let wanted = Value::Object(document);
        let shape = self.schemas.get(self.schemas.api_version());
        let checked = shape.map_or(Ok(()), |shape| check::check(shape, &wanted));
        checked.map_err(|error| {
            let metadata = |field: &str| wanted["metadata"][field].as_str().unwrap_or("");
            let (namespace, name) = (metadata("namespace"), metadata("name"));
            failure::unexpected(format!(
                "failed to create typed patch object ({namespace}/{name}; {}): {error}",
                named(types)
            ))
        })?;
        Ok(wanted)
    }

    /// The managers of an object that is being updated. A client may change them, but not through a subresource.
    fn managers(&self, known: Option<&Value>, sent: Option<&Value>) -> Managers {
        let decode = |entries: Option<&Value>| {
            let decoded = entries.and_then(|entries| Managers::decode(entries).ok());
            decoded.unwrap_or_default()
        };
        if !self.subresource.is_empty() {
            return decode(known);
        }
        if sent.is_some_and(managers::is_reset) {
            return Managers::default();
        }
        let managers = decode(sent);
        if managers.is_empty() {
            decode(known)
        } else {
            managers
        }
    }
}

/// A kind as messages name it.
fn named(types: &Types) -> String {
    let version = types.api_version();
    let separator = if version.contains('/') { "" } else { "/" };
    format!("{separator}{version}, Kind={}", types.kind())
}

/// A write that changes nothing does not change times either.
fn settle_times(
    entries: Option<Value>,
    known: Option<Value>,
    old: &Value,
    new: &Value,
) -> Option<Value> {
    match (entries, known) {
        (Some(entries), Some(known))
            if managers::is_same_but_for_times(&entries, &known) && is_same(old, new) =>
        {
            Some(known)
        }
        (entries, _) => entries,
    }
}

/// Whether two objects are the same but for their versions.
fn is_same(old: &Value, new: &Value) -> bool {
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else {
        return false;
    };
    let content = |metadata: &Map<String, Value>| {
        let mut metadata = metadata.clone();
        metadata.remove("resourceVersion");
        metadata
    };
    content(meta::of(old)) == content(meta::of(new))
        && old.len() == new.len()
        && old
            .iter()
            .all(|(field, value)| field == "metadata" || new.get(field) == Some(value))
}

fn take_entries(mut document: Document) -> (Value, Option<Value>) {
    let entries = match document.get_mut("metadata") {
        Some(Value::Object(metadata)) => metadata.remove("managedFields"),
        _ => None,
    };
    (Value::Object(document), entries)
}

fn finished(document: Value, managed_fields: Option<Value>) -> Tracked {
    let document = match document {
        Value::Object(document) => document,
        _ => Map::new(),
    };
    Tracked {
        document,
        managed_fields,
    }
}
