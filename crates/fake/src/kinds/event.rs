//! Events.
//!
//! Those with an `eventTime` are new ones, written by clients that know `events.k8s.io`, and have more rules. Failures name fields as
//! the core group does, whichever group the event is written through.

use serde_json::{Value, json};

use crate::conversion;
use crate::failure::{FieldError, FieldErrors};
use crate::meta::{self, names};
use crate::request::Document;
use crate::strategy::Write;

/// Fields with the most bytes they may have.
const LIMITS: [(&str, usize); 4] = [
    ("reportingInstance", 128),
    ("action", 128),
    ("reason", 128),
    ("message", 1024),
];

/// What an update through `events.k8s.io` may not change, in the core group, and how failures call it.
const IMMUTABLE: [(&str, &str); 13] = [
    ("involvedObject", "involvedObject"),
    ("reason", "reason"),
    ("message", "message"),
    ("source", "source"),
    ("firstTimestamp", "firstTimestamp"),
    ("lastTimestamp", "lastTimestamp"),
    ("count", "count"),
    ("type", "type"),
    ("eventTime", "eventTime"),
    ("action", "action"),
    ("related", "related"),
    ("reportingComponent", "reportingController"),
    ("reportingInstance", "reportingInstance"),
];

/// Checks an event of the core group.
pub(crate) fn check_core(_: &Write<'_>, event: &mut Document) -> FieldErrors {
    check(event)
}

/// Checks an event of `events.k8s.io`.
pub(crate) fn check_new(write: &Write<'_>, event: &mut Document) -> FieldErrors {
    let event = as_core(event);
    let mut errors = check(&event);
    match write.old {
        None => check_created(&event, &mut errors),
        Some(old) => check_updated(&as_core(old), &event, &mut errors),
    }
    errors
}

fn as_core(event: &Document) -> Document {
    let mut event = event.clone();
    if let Some(conversion) = conversion::of("events.k8s.io", "events") {
        conversion.store(&mut event);
    }
    event
}

fn check(event: &Document) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let namespace = meta::text(meta::of(event), "namespace");
    let about = event.get("involvedObject").unwrap_or(&Value::Null);
    let about = about["namespace"].as_str().unwrap_or_default();
    let is_new = is_set(event, "eventTime");
    let is_in_place = match about {
        "" => namespace == "default" || (is_new && namespace == "kube-system"),
        about => is_new || about == namespace,
    };
    if !is_in_place {
        let path = "involvedObject.namespace";
        errors.push(FieldError::invalid(
            path,
            about,
            "does not match event.namespace",
        ));
    }
    if is_new {
        check_reporter(event, &mut errors);
        check_texts(event, &mut errors);
    }
    errors
}

fn check_reporter(event: &Document, errors: &mut FieldErrors) {
    let path = "reportingController";
    let controller = meta::text(event, "reportingComponent");
    if controller.is_empty() {
        errors.push(FieldError::required(path, ""));
    }
    let problems = names::qualified(controller).into_iter();
    errors.extend(problems.map(|problem| FieldError::invalid(path, controller, problem)));
}

fn check_texts(event: &Document, errors: &mut FieldErrors) {
    for (field, limit) in LIMITS {
        let text = meta::text(event, field);
        if text.is_empty() && field != "message" {
            errors.push(FieldError::required(field, ""));
        }
        if text.len() > limit {
            let problem = format!("can have at most {limit} characters");
            errors.push(FieldError::invalid(field, "", problem));
        }
    }
}

fn check_created(event: &Document, errors: &mut FieldErrors) {
    check_series(event, errors);
    if !is_set(event, "eventTime") {
        errors.push(FieldError::required("eventTime", ""));
    }
    let kind = meta::text(event, "type");
    if !matches!(kind, "Normal" | "Warning") {
        let problem = format!("has invalid value: {kind}");
        errors.push(FieldError::invalid("type", "", problem));
    }
    for field in ["firstTimestamp", "lastTimestamp", "count", "source"] {
        if is_set(event, field) {
            errors.push(FieldError::invalid(field, "", "needs to be unset"));
        }
    }
}

fn check_updated(old: &Document, new: &Document, errors: &mut FieldErrors) {
    if old.get("series") != new.get("series") {
        check_series(new, errors);
    }
    for (field, path) in IMMUTABLE {
        let (was, is) = (old.get(field), new.get(field));
        if was != is {
            let value = is.cloned().unwrap_or_default();
            errors.push(FieldError::invalid(path, value, "field is immutable"));
        }
    }
}

fn check_series(event: &Document, errors: &mut FieldErrors) {
    let Some(series) = event.get("series").filter(|series| !series.is_null()) else {
        return;
    };
    if series["count"].as_i64().unwrap_or(0) < 2 {
        let problem = "should be at least 2";
        errors.push(FieldError::invalid("series.count", "", problem));
    }
    if series["lastObservedTime"].is_null() {
        errors.push(FieldError::required("series.lastObservedTime", ""));
    }
}

/// Whether a field has a value other than the one it has when nobody writes it.
fn is_set(event: &Document, field: &str) -> bool {
    let value = event.get(field).unwrap_or(&Value::Null);
    !value.is_null() && *value != json!(0) && *value != json!({})
}
