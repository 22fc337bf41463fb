//! `kind` and `apiVersion`, encoded once.

use std::fmt;
use std::sync::Arc;

/// `kind` and `apiVersion` of an object. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Types(Arc<Inner>);

#[derive(PartialEq, Eq)]
struct Inner {
    kind: String,
    api_version: String,
    /// `"kind":"Pod","apiVersion":"v1"`
    json: String,
}

impl Types {
    pub(crate) fn new(group: &str, version: &str, kind: &str) -> Types {
        let api_version = match group {
            "" => version.to_owned(),
            group => format!("{group}/{version}"),
        };
        let json = format!(
            r#""kind":{},"apiVersion":{}"#,
            serde_json::Value::from(kind),
            serde_json::Value::from(api_version.as_str())
        );
        Types(Arc::new(Inner {
            kind: kind.to_owned(),
            api_version,
            json,
        }))
    }

    pub(crate) fn kind(&self) -> &str {
        &self.0.kind
    }

    pub(crate) fn api_version(&self) -> &str {
        &self.0.api_version
    }

    /// Both fields as JSON, without braces.
    pub(crate) fn json(&self) -> &str {
        &self.0.json
    }
}

impl fmt::Debug for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.api_version, self.0.kind)
    }
}
