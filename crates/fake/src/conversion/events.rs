//! Events: stored as those of the core group, and shown in `events.k8s.io` under newer names.

use serde_json::Value;

use super::Conversion;
use crate::request::Document;

/// The events of `events.k8s.io`.
pub(super) const NEW: Conversion = Conversion { stored, shown };

/// The names of fields in `events.k8s.io` and in the core group, where they differ.
const NAMES: [(&str, &str); 7] = [
    ("deprecatedCount", "count"),
    ("deprecatedFirstTimestamp", "firstTimestamp"),
    ("deprecatedLastTimestamp", "lastTimestamp"),
    ("deprecatedSource", "source"),
    ("note", "message"),
    ("regarding", "involvedObject"),
    ("reportingController", "reportingComponent"),
];

/// Texts that the core group always has, and `events.k8s.io` only if there is something in them.
const ALWAYS: [&str; 2] = ["reportingComponent", "reportingInstance"];

fn stored(event: &mut Document) {
    for (new, core) in NAMES {
        rename(event, new, core);
    }
    for field in ALWAYS {
        event.entry(field).or_insert_with(|| "".into());
    }
}

fn shown(event: &mut Document) {
    for field in ALWAYS.into_iter().chain(["message"]) {
        if event.get(field).and_then(Value::as_str) == Some("") {
            event.remove(field);
        }
    }
    for (new, core) in NAMES {
        rename(event, core, new);
    }
}

fn rename(event: &mut Document, from: &str, to: &str) {
    if let Some(value) = event.remove(from) {
        event.insert(to.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(value: Value) -> Document {
        match value {
            Value::Object(document) => document,
            other => panic!("{other} is no object"),
        }
    }

    #[test]
    fn there_and_back_is_the_same() {
        let core = document(json!({
            "metadata": {"name": "a"}, "count": 2, "firstTimestamp": null, "lastTimestamp": "2024-01-01T00:00:00Z",
            "source": {"component": "c"}, "message": "m", "involvedObject": {"kind": "Pod"}, "reason": "R",
            "reportingComponent": "", "reportingInstance": "i",
        }));
        let mut event = core.clone();
        shown(&mut event);
        assert_eq!(event["note"], "m");
        assert_eq!(event["regarding"]["kind"], "Pod");
        assert!(!event.contains_key("reportingController"));
        let mut again = event.clone();
        shown(&mut again);
        assert_eq!(again, event);
        stored(&mut event);
        assert_eq!(event, core);
        stored(&mut event);
        assert_eq!(event, core);
    }
}
