//! Jobs: their selector and labels, and what of them can change.

use serde_json::{Map, Value, json};

use crate::failure::{FieldError, FieldErrors};
use crate::meta;
use crate::request::Document;
use crate::rules::immutable;
use crate::strategy::{Part, Write};

const UID_LABELS: [&str; 2] = ["batch.kubernetes.io/controller-uid", "controller-uid"];
const NAME_LABELS: [&str; 2] = ["batch.kubernetes.io/job-name", "job-name"];

/// What of a suspended job's template can change until it starts.
const SCHEDULING: [&str; 5] = [
    "/metadata/annotations",
    "/metadata/labels",
    "/spec/nodeSelector",
    "/spec/schedulingGates",
    "/spec/tolerations",
];

/// Fills in what a job has by default, and makes it select the pods that it makes.
pub(crate) fn prepare(write: &Write<'_>, new: &mut Document) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if write.part != Part::Main {
        return errors;
    }
    default_spec(meta::member(new, "spec"));
    match write.old {
        None => {
            generate_selector(new);
            check_selector(new, &mut errors);
        }
        Some(old) => check_update(old, new, &mut errors),
    }
    let labels = template_labels(new).cloned().unwrap_or_default();
    if !labels.is_empty() {
        let labels = Value::Object(labels);
        meta::of_mut(new).entry("labels").or_insert(labels);
    }
    errors
}

fn default_spec(spec: &mut Map<String, Value>) {
    let mut default = |field: &str, value: Value| {
        spec.entry(field).or_insert(value);
    };
    default("backoffLimit", 6.into());
    default("completionMode", "NonIndexed".into());
    default("manualSelector", false.into());
    default("suspend", false.into());
    if !spec.contains_key("completions") && !spec.contains_key("parallelism") {
        spec.insert("completions".to_owned(), 1.into());
    }
    if spec.contains_key("completions") {
        spec.entry("parallelism").or_insert(1.into());
    }
    let has_failure_policy = spec.contains_key("podFailurePolicy");
    let replacement = if has_failure_policy {
        "Failed"
    } else {
        "TerminatingOrFailed"
    };
    spec.entry("podReplacementPolicy")
        .or_insert(replacement.into());
}

fn generate_selector(job: &mut Document) {
    if is_manual(job) {
        return;
    }
    let (name, uid) = identity(job);
    let spec = meta::member(job, "spec");
    let template = meta::member(spec, "template");
    let labels = meta::member(meta::member(template, "metadata"), "labels");
    for label in NAME_LABELS {
        labels.insert(label.to_owned(), name.as_str().into());
    }
    for label in UID_LABELS {
        labels.insert(label.to_owned(), uid.as_str().into());
    }
    let selector = meta::member(meta::member(spec, "selector"), "matchLabels");
    selector.entry(UID_LABELS[0]).or_insert(uid.into());
}

fn is_manual(job: &Document) -> bool {
    job.get("spec")
        .is_some_and(|spec| spec["manualSelector"] == true)
}

fn identity(job: &Document) -> (String, String) {
    let text = |field: &str| meta::text(meta::of(job), field).to_owned();
    (text("name"), text("uid"))
}

/// A selector is either generated or, if that is said, the user's own, and selects what the template makes.
fn check_selector(job: &Document, errors: &mut FieldErrors) {
    let (_, uid) = identity(job);
    let selector = job.get("spec").and_then(|spec| spec.get("selector"));
    if !is_manual(job) {
        let generated = json!({"matchLabels": {(UID_LABELS[0]): uid}});
        if selector != Some(&generated) {
            errors.push(FieldError::invalid(
                "spec.selector",
                selector.cloned().unwrap_or_default(),
                "`selector` not auto-generated",
            ));
        }
    }
    let Some(selector) = selector.and_then(Value::as_object) else {
        errors.push(FieldError::required("spec.selector", ""));
        return;
    };
    let labels = template_labels(job);
    if !crate::rules::selects(selector, labels) {
        errors.push(FieldError::invalid(
            "spec.template.metadata.labels",
            labels.map_or(Value::Null, |labels| Value::Object(labels.clone())),
            "`selector` does not match template `labels`",
        ));
    }
}

fn template_labels(job: &Document) -> Option<&Map<String, Value>> {
    let labels = job.get("spec")?.pointer("/template/metadata/labels")?;
    labels.as_object()
}

fn check_update(old: &Document, new: &Document, errors: &mut FieldErrors) {
    let (Some(before), Some(after)) = (old.get("spec"), new.get("spec")) else {
        return;
    };
    // The size of an indexed job can change if both numbers do so together.
    let is_elastic =
        after["completionMode"] == "Indexed" && after["completions"] == after["parallelism"];
    if before["completions"] != after["completions"] && !is_elastic {
        errors.push(immutable("spec.completions", after.get("completions")));
    }
    let (mut was, mut is) = (before["template"].clone(), after["template"].clone());
    if may_be_rescheduled(old) {
        without_scheduling(&mut was);
        without_scheduling(&mut is);
    }
    if was != is {
        errors.push(immutable("spec.template", after.get("template")));
    }
}

fn may_be_rescheduled(job: &Document) -> bool {
    let is_suspended = job.get("spec").is_some_and(|spec| spec["suspend"] == true);
    let has_started = job
        .get("status")
        .is_some_and(|status| status.get("startTime").is_some());
    is_suspended && !has_started
}

fn without_scheduling(template: &mut Value) {
    for path in SCHEDULING {
        let Some((parent, field)) = path.rsplit_once('/') else {
            continue;
        };
        if let Some(Value::Object(parent)) = template.pointer_mut(parent) {
            parent.remove(field);
        }
    }
    let affinity = template.pointer_mut("/spec/affinity");
    if let Some(Value::Object(affinity)) = affinity {
        affinity.remove("nodeAffinity");
    }
}
