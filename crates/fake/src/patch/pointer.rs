//! JSON pointers (RFC 6901), with the API server's view of list indexes.

use serde::Deserialize;
use serde_json::Value;

/// A path into a document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Pointer {
    text: String,
    segments: Vec<String>,
}

impl Pointer {
    /// The parent and the last segment; `None` for the whole document.
    pub(super) fn split(&self) -> Option<(&[String], &str)> {
        let (last, parents) = self.segments.split_last()?;
        Some((parents, last))
    }

    /// The value at the path; `None` if something on the way to it is missing.
    pub(super) fn resolve<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        let mut segments = self.segments.iter();
        segments.try_fold(document, |value, segment| child(value, segment))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

impl TryFrom<String> for Pointer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let segments = match text.strip_prefix('/') {
            Some(rest) => rest.split('/').map(unescape).collect(),
            None if text.is_empty() => Vec::new(),
            None => return Err(format!("the path {text:?} does not begin with a slash")),
        };
        Ok(Pointer { text, segments })
    }
}

/// The value that `segments` lead to.
pub(super) fn resolve_mut<'a>(
    document: &'a mut Value,
    segments: &[String],
) -> Option<&'a mut Value> {
    let mut segments = segments.iter();
    segments.try_fold(document, |value, segment| match value {
        Value::Object(members) => members.get_mut(segment),
        Value::Array(items) => {
            let at = index(segment, items.len())?;
            items.get_mut(at)
        }
        _ => None,
    })
}

/// The position in a list of `len` items; negative ones count from the end.
pub(super) fn index(segment: &str, len: usize) -> Option<usize> {
    let at: i64 = segment.parse().ok()?;
    let at = if at < 0 {
        at + i64::try_from(len).ok()?
    } else {
        at
    };
    usize::try_from(at).ok().filter(|at| *at < len)
}

fn child<'a>(value: &'a Value, segment: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => members.get(segment),
        Value::Array(items) => items.get(index(segment, items.len())?),
        _ => None,
    }
}

fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
