//! Who owns which fields of an object: `metadata.managedFields`, understood.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::set::Set;
use super::v1;
use crate::meta;

/// A manager, as what its writes are told from those of others by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Manager {
    pub(crate) name: String,
    pub(crate) operation: Operation,
    /// Of updates only: who applies has one set of fields, whatever version it was applied in.
    pub(crate) api_version: String,
    /// Empty for the object itself.
    pub(crate) subresource: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    Apply,
    Update,
}

/// What a manager owns.
#[derive(Clone, Debug)]
pub(crate) struct Owned {
    pub(crate) fields: Set,
    /// The version in which the fields are named.
    pub(crate) api_version: String,
    pub(crate) time: Option<Timestamp>,
}

/// All managers of an object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Managers(pub(crate) BTreeMap<Manager, Owned>);

/// An entry of `metadata.managedFields`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    manager: Option<String>,
    operation: Option<String>,
    api_version: Option<String>,
    time: Option<String>,
    fields_type: Option<String>,
    fields_v1: Option<Value>,
    subresource: Option<String>,
}

impl Managers {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Understands the value of `metadata.managedFields`.
    ///
    /// # Errors
    ///
    /// Fails with a text for entries that the API server would not have written.
    pub(crate) fn decode(entries: &Value) -> Result<Managers, String> {
        let entries = entries.as_array().map_or(&[][..], Vec::as_slice);
        let entries = entries.iter().map(|entry| {
            let entry = Entry::deserialize(entry).map_err(|error| error.to_string())?;
            entry.understood()
        });
        entries.collect::<Result<_, _>>().map(Managers)
    }

    /// The value of `metadata.managedFields`, or none if there are no managers.
    pub(crate) fn encode(&self) -> Option<Value> {
        let mut entries: Vec<_> = self.0.iter().collect();
        entries.sort_by(|a, b| in_order(*a, *b));
        let entries = entries
            .into_iter()
            .map(|(manager, owned)| entry(manager, owned));
        let entries: Vec<Value> = entries.collect();
        (!entries.is_empty()).then_some(Value::Array(entries))
    }
}

/// Whether a client asks to forget all managers: an empty list, or one with an empty entry.
pub(crate) fn is_reset(entries: &Value) -> bool {
    let is_nothing = |entry: &Value| match entry {
        Value::Object(entry) => entry.values().all(|value| value.is_null() || value == ""),
        _ => false,
    };
    match entries.as_array().map(Vec::as_slice) {
        Some([]) => true,
        Some([entry]) => is_nothing(entry),
        _ => false,
    }
}

/// The same entries but for their times.
pub(crate) fn is_same_but_for_times(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_array(), b.as_array()) else {
        return a == b;
    };
    const FIELDS: [&str; 6] = [
        "manager",
        "operation",
        "apiVersion",
        "fieldsType",
        "fieldsV1",
        "subresource",
    ];
    let same = |(a, b): (&Value, &Value)| FIELDS.iter().all(|field| a[*field] == b[*field]);
    a.len() == b.len() && a.iter().zip(b).all(same)
}

impl Entry {
    fn understood(self) -> Result<(Manager, Owned), String> {
        let operation = match self.operation.as_deref() {
            Some("Apply") => Operation::Apply,
            Some("Update") => Operation::Update,
            _ => return Err("operation must be `Apply` or `Update`".to_owned()),
        };
        let api_version = self.api_version.unwrap_or_default();
        if api_version.is_empty() {
            return Err("apiVersion must not be empty".to_owned());
        }
        if self.fields_type.as_deref() != Some("FieldsV1") {
            return Err("fieldsType must be `FieldsV1`".to_owned());
        }
        let time = self.time.map(|time| time.parse::<Timestamp>());
        let manager = Manager {
            name: self.manager.unwrap_or_default(),
            operation,
            api_version: match operation {
                Operation::Apply => String::new(),
                Operation::Update => api_version.clone(),
            },
            subresource: self.subresource.unwrap_or_default(),
        };
        let owned = Owned {
            fields: v1::decode(&self.fields_v1.unwrap_or(Value::Null))?,
            api_version,
            time: time.transpose().map_err(|error| error.to_string())?,
        };
        Ok((manager, owned))
    }
}

/// The order in which entries are kept: who applies first, then by time.
fn in_order(a: (&Manager, &Owned), b: (&Manager, &Owned)) -> Ordering {
    fn key<'a>((manager, owned): (&'a Manager, &'a Owned)) -> impl Ord + 'a {
        (
            manager.operation,
            seconds(owned),
            &manager.name,
            &owned.api_version,
            &manager.subresource,
        )
    }
    key(a).cmp(&key(b))
}

/// When a manager last changed something. One that never did comes first.
pub(crate) fn seconds(owned: &Owned) -> i64 {
    owned.time.map_or(0, Timestamp::as_second)
}

fn entry(manager: &Manager, owned: &Owned) -> Value {
    let operation = match manager.operation {
        Operation::Apply => "Apply",
        Operation::Update => "Update",
    };
    let mut entry = Map::new();
    let mut put = |field: &str, value: Value| entry.insert(field.to_owned(), value);
    if !manager.name.is_empty() {
        put("manager", manager.name.as_str().into());
    }
    put("operation", operation.into());
    put("apiVersion", owned.api_version.as_str().into());
    if let Some(time) = owned.time {
        put("time", meta::time(time));
    }
    put("fieldsType", "FieldsV1".into());
    put("fieldsV1", v1::encode(&owned.fields));
    if !manager.subresource.is_empty() {
        put("subresource", manager.subresource.as_str().into());
    }
    Value::Object(entry)
}
