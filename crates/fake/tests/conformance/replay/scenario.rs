//! The files: what is sent, and what was answered when it was recorded.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use serde::Deserialize;
use serde_json::{Map, Value};

/// A conversation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) area: String,
    #[serde(rename = "about")]
    _about: String,
    /// Whether it takes place in a namespace of its own.
    #[serde(default = "yes")]
    pub(crate) namespace: bool,
    /// Whether `metadata.managedFields` are compared.
    #[serde(default)]
    pub(crate) managed_fields: bool,
    pub(crate) steps: Vec<Step>,
    /// The numbers of the resource versions, oldest first.
    #[serde(default)]
    pub(crate) rv_order: Vec<u64>,
}

/// One thing that is done, and what comes of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) op: Operation,
    /// The watch that it is about.
    pub(crate) id: String,
    pub(crate) method: Option<String>,
    pub(crate) path: String,
    pub(crate) query: Map<String, Value>,
    pub(crate) headers: Map<String, Value>,
    pub(crate) auth: Auth,
    #[serde(deserialize_with = "present")]
    pub(crate) body: Option<Value>,
    pub(crate) raw_body: Option<String>,
    pub(crate) body_base64: Option<String>,
    pub(crate) patch: Option<PatchKind>,
    pub(crate) wait_for: Option<WaitFor>,
    pub(crate) capture: BTreeMap<String, String>,
    pub(crate) ignore: Vec<String>,
    pub(crate) select: Option<Vec<String>>,
    pub(crate) assert_headers: Vec<String>,
    #[serde(rename = "as")]
    pub(crate) form: Option<Form>,
    /// How many events are awaited.
    pub(crate) count: usize,
    pub(crate) until_bookmark: bool,
    pub(crate) until_end: bool,
    pub(crate) expect: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Operation {
    #[default]
    Request,
    Watch,
    Events,
    WatchClose,
}

/// Who asks.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Auth {
    #[default]
    Admin,
    Plain,
    Bad,
    None,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PatchKind {
    Json,
    Merge,
    Strategic,
    Apply,
}

/// How a body is compared.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    Lines,
}

/// A request is repeated until this holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaitFor {
    #[serde(default = "ok")]
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) values: BTreeMap<String, Value>,
}

impl Scenario {
    /// Reads every scenario of a folder, in the order of their names.
    pub(crate) fn load_all(folder: &Path) -> io::Result<Vec<Scenario>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let file = entry?.path();
            if file
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                files.push(file);
            }
        }
        files.sort();
        let read = |file| Ok(serde_json::from_slice(&fs::read(file)?)?);
        files.iter().map(read).collect()
    }
}

impl PatchKind {
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            PatchKind::Json => "application/json-patch+json",
            PatchKind::Merge => "application/merge-patch+json",
            PatchKind::Strategic => "application/strategic-merge-patch+json",
            PatchKind::Apply => "application/apply-patch+yaml",
        }
    }
}

fn yes() -> bool {
    true
}

fn ok() -> u16 {
    200
}

/// A body of `null` is a body.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
