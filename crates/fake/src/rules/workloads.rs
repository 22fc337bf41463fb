//! Kinds that make pods from a template.

use serde_json::Value;

use super::{member, percent, rule, selectors, text};
use crate::failure::{FieldError, FieldErrors};
use crate::meta::names;
use crate::schema::Typed;

pub(super) fn daemon_set(typed: Typed<'_>, errors: &mut FieldErrors) {
    check_selector(typed, "daemonset", errors);
    check_template(typed, errors);
}

pub(super) fn deployment(typed: Typed<'_>, errors: &mut FieldErrors) {
    check_selector(typed, "deployment", errors);
    check_template(typed, errors);
    let number = |field: &str| typed.object.get("spec")?.get(field)?.as_i64();
    let deadline = number("progressDeadlineSeconds").unwrap_or(i64::MAX);
    if deadline <= number("minReadySeconds").unwrap_or(0) {
        errors.push(FieldError::invalid(
            "spec.progressDeadlineSeconds",
            deadline,
            "must be greater than minReadySeconds",
        ));
    }
}

pub(super) fn replica_set(typed: Typed<'_>, errors: &mut FieldErrors) {
    check_selector(typed, "deployment", errors);
    check_template(typed, errors);
}

pub(super) fn stateful_set(typed: Typed<'_>, errors: &mut FieldErrors) {
    check_selector(typed, "statefulset", errors);
    check_template(typed, errors);
    let name = text(crate::meta::of(typed.object), "name");
    let problems = if name.is_empty() {
        Vec::new()
    } else {
        names::label(name)
    };
    errors.extend(
        problems
            .into_iter()
            .map(|problem| FieldError::invalid("metadata.name", name, problem)),
    );
}

/// These select by labels alone.
pub(super) fn replication_controller(typed: Typed<'_>, errors: &mut FieldErrors) {
    let Some(spec) = member(typed.object, "spec") else {
        return;
    };
    let labels = spec
        .get("template")
        .and_then(|template| template.pointer("/metadata/labels"));
    let selector = member(spec, "selector").into_iter().flatten();
    let has = |(key, value): (&String, &Value)| {
        labels.is_some_and(|labels| labels.get(key) == Some(value))
    };
    if !selector.into_iter().all(has) {
        errors.push(mismatch(labels));
    }
    check_template(typed, errors);
}

/// The labels of a template are as those of any object, under another path.
pub(super) fn template(typed: Typed<'_>, errors: &mut FieldErrors) {
    let metadata = member(typed.object, "metadata");
    if let Some(labels) = metadata.and_then(|metadata| metadata.get("labels")) {
        rule::check_labels(&typed.at("labels"), labels, errors);
    }
    let annotations = metadata.and_then(|metadata| member(metadata, "annotations"));
    for key in annotations.into_iter().flatten().map(|(key, _)| key) {
        let problems = names::qualified(&key.to_lowercase()).into_iter();
        let path = typed.at("annotations");
        errors.extend(problems.map(|problem| FieldError::invalid(&*path, key.as_str(), problem)));
    }
}

pub(super) fn strategy(typed: Typed<'_>, errors: &mut FieldErrors) {
    if text(typed.object, "type") == "Recreate" && typed.object.contains_key("rollingUpdate") {
        errors.push(FieldError::forbidden(
            typed.at("rollingUpdate"),
            "may not be specified when strategy `type` is 'Recreate'",
        ));
    }
}

pub(super) fn rolling_update(typed: Typed<'_>, errors: &mut FieldErrors) {
    let path = typed.at("maxUnavailable");
    let Some(unavailable) = typed.object.get("maxUnavailable") else {
        return;
    };
    if percent::is_zero(unavailable) && typed.object.get("maxSurge").is_some_and(percent::is_zero) {
        let problem = "may not be 0 when `maxSurge` is 0";
        errors.push(FieldError::invalid(&*path, unavailable.clone(), problem));
    }
    if percent::is_more_than_all(unavailable) {
        let problem = "must not be greater than 100%";
        errors.push(FieldError::invalid(path, unavailable.clone(), problem));
    }
}

/// A selector selects something, and what the template makes.
fn check_selector(typed: Typed<'_>, kind: &str, errors: &mut FieldErrors) {
    let spec = member(typed.object, "spec");
    let template = spec.and_then(|spec| member(spec, "template"));
    let labels = template.and_then(|template| template.get("metadata")?.get("labels"));
    match spec.and_then(|spec| member(spec, "selector")) {
        None => {
            errors.push(FieldError::required("spec.selector", ""));
            errors.push(mismatch(labels));
        }
        Some(selector) => {
            if selectors::is_empty(selector) {
                errors.push(FieldError::invalid(
                    "spec.selector",
                    Value::Object(selector.clone()),
                    format!("empty selector is invalid for {kind}"),
                ));
            }
            if !selectors::matches(selector, labels.and_then(Value::as_object)) {
                errors.push(mismatch(labels));
            }
        }
    }
}

fn mismatch(labels: Option<&Value>) -> FieldError {
    FieldError::invalid(
        "spec.template.metadata.labels",
        labels.cloned().unwrap_or_default(),
        "`selector` does not match template `labels`",
    )
}

/// What is made from a template is made again when it ends, for ever.
fn check_template(typed: Typed<'_>, errors: &mut FieldErrors) {
    let pod = typed
        .object
        .get("spec")
        .and_then(|spec| spec.pointer("/template/spec"));
    let Some(pod) = pod.and_then(Value::as_object) else {
        return;
    };
    let policy = text(pod, "restartPolicy");
    if policy != "Always" {
        let path = "spec.template.spec.restartPolicy";
        errors.push(FieldError::not_supported(path, policy, &["Always"]));
    }
    if pod.contains_key("activeDeadlineSeconds") {
        errors.push(FieldError::forbidden(
            "spec.template.spec.activeDeadlineSeconds",
            "activeDeadlineSeconds in ReplicaSet is not Supported",
        ));
    }
}
