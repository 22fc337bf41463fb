//! When an object that is being deleted goes away.

use serde_json::Value;

use super::{Deletion, Strategy};
use crate::meta::{self, Doom};
use crate::request::Document;

/// How long a pod that does not say has to stop, in seconds.
const DEFAULT_GRACE: i64 = 30;

/// What a deletion does to an object now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes away.
    Gone,
    /// It is marked and goes away.
    Stopped(Option<Doom>),
    /// It is marked, unless that has been done before, and waits.
    Waits(Option<Doom>),
}

impl Strategy {
    /// What a deletion does. `grace` is what the request asks for, in seconds.
    pub(crate) fn verdict(
        &self,
        document: &Document,
        has_finalizers: bool,
        grace: Option<i64>,
    ) -> Verdict {
        let doomed = meta::is_doomed(meta::of(document));
        match self.deletion {
            Deletion::Immediate if !has_finalizers => Verdict::Gone,
            Deletion::Immediate => Verdict::Waits((!doomed).then_some(Doom::Grace(0))),
            Deletion::Finalized if has_finalizers || is_held(document) => {
                Verdict::Waits((!doomed).then_some(Doom::Open))
            }
            Deletion::Finalized => Verdict::Gone,
            Deletion::Graceful => graceful(document, has_finalizers, grace),
        }
    }

    /// Whether nothing holds an object that is being deleted any more.
    pub(crate) fn is_released(&self, document: &Document) -> bool {
        let metadata = meta::of(document);
        if !meta::is_doomed(metadata) || meta::finalizers(metadata).next().is_some() {
            return false;
        }
        match self.deletion {
            Deletion::Finalized => !is_held(document),
            Deletion::Immediate | Deletion::Graceful => left(document) == Some(0),
        }
    }
}

/// Whether `spec.finalizers` hold a namespace.
fn is_held(document: &Document) -> bool {
    let finalizers = document.get("spec").map(|spec| &spec["finalizers"]);
    finalizers
        .and_then(Value::as_array)
        .is_some_and(|finalizers| !finalizers.is_empty())
}

/// The grace period that has been granted.
fn left(document: &Document) -> Option<i64> {
    meta::of(document)
        .get("deletionGracePeriodSeconds")?
        .as_i64()
}

fn graceful(document: &Document, has_finalizers: bool, asked: Option<i64>) -> Verdict {
    let grace = grace(document, asked);
    let doom = match left(document) {
        Some(left) if left <= grace => None,
        _ => Some(Doom::Grace(grace)),
    };
    let left = doom.map_or(left(document), |_| Some(grace));
    if has_finalizers || left != Some(0) {
        Verdict::Waits(doom)
    } else {
        Verdict::Stopped(doom)
    }
}

/// What a pod is granted: nothing if no node has it or it has ended, and a second if the request asks for less than nothing.
fn grace(document: &Document, asked: Option<i64>) -> i64 {
    let spec = document.get("spec").unwrap_or(&Value::Null);
    let phase = document.get("status").map(|status| &status["phase"]);
    let phase = phase.and_then(Value::as_str);
    let is_scheduled = spec["nodeName"]
        .as_str()
        .is_some_and(|node| !node.is_empty());
    if !is_scheduled || matches!(phase, Some("Succeeded" | "Failed")) {
        return 0;
    }
    let own = spec["terminationGracePeriodSeconds"].as_i64();
    match asked.or(own).unwrap_or(DEFAULT_GRACE) {
        negative if negative < 0 => 1,
        grace => grace,
    }
}
