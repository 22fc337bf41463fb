//! Certificate signing requests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::failure::{FieldError, FieldErrors};
use crate::meta;
use crate::request::Document;
use crate::strategy::{Part, Write};
use crate::x509;

const SHORTEST: i64 = 10 * 60;
/// What conditions say that cannot be taken back.
const FINAL: [&str; 3] = ["Approved", "Denied", "Failed"];
/// What only the approval subresource can say.
const APPROVALS: [&str; 2] = ["Approved", "Denied"];
const USAGES: &[&str] = &[
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
];

/// Writes down who asks for a certificate, keeps all that a request may not change, and checks the rest.
pub(crate) fn prepare(write: &Write<'_>, new: &mut Document) -> FieldErrors {
    let mut errors = FieldErrors::default();
    match write.old {
        None => create(write, new, &mut errors),
        Some(old) => update(write, old, new, &mut errors),
    }
    errors
}

fn create(write: &Write<'_>, new: &mut Document, errors: &mut FieldErrors) {
    let spec = meta::member(new, "spec");
    for field in ["username", "uid", "groups", "extra"] {
        spec.remove(field);
    }
    spec.insert("username".to_owned(), write.user.name.as_str().into());
    write.user.describe(spec);
    new.insert("status".to_owned(), json!({}));
    check_spec(new, errors);
}

fn update(write: &Write<'_>, old: &Document, new: &mut Document, errors: &mut FieldErrors) {
    let spec = old.get("spec").cloned().unwrap_or_default();
    new.insert("spec".to_owned(), spec);
    let old_status = old.get("status").cloned().unwrap_or_else(|| json!({}));
    match write.part {
        Part::Status => {
            date_conditions(write, &old_status, new);
        }
        Part::Approval => {
            let mut status = old_status.clone();
            match new.get("status").map(|status| &status["conditions"]) {
                Some(Value::Array(conditions)) => status["conditions"] = json!(conditions),
                _ => {
                    status
                        .as_object_mut()
                        .map(|status| status.remove("conditions"));
                }
            }
            new.insert("status".to_owned(), status);
            date_conditions(write, &old_status, new);
        }
        _ => {
            new.insert("status".to_owned(), old_status);
            return;
        }
    }
    let old_status = old.get("status").cloned().unwrap_or_default();
    let status = new.get("status").cloned().unwrap_or_default();
    check_conditions(&status, errors);
    check_transitions(write.part, &old_status, &status, errors);
    check_certificate(&old_status, &status, errors);
}

/// Conditions say when they came up and when they last changed.
fn date_conditions(write: &Write<'_>, old: &Value, new: &mut Document) {
    let now = meta::time(write.clock.now());
    let status = meta::member(new, "status");
    let conditions = status.get_mut("conditions").and_then(Value::as_array_mut);
    for condition in conditions.into_iter().flatten() {
        let kind = condition["type"].as_str().unwrap_or_default().to_owned();
        let before = of_kind(old, &kind).next();
        let Value::Object(condition) = condition else {
            continue;
        };
        condition
            .entry("lastUpdateTime")
            .or_insert_with(|| now.clone());
        let same = before.filter(|before| Some(&before["status"]) == condition.get("status"));
        let since = same.map(|before| before["lastTransitionTime"].clone());
        let since = since
            .filter(Value::is_string)
            .unwrap_or_else(|| now.clone());
        condition.entry("lastTransitionTime").or_insert(since);
    }
}

fn check_spec(new: &Document, errors: &mut FieldErrors) {
    let spec = new.get("spec").unwrap_or(&Value::Null);
    let request = spec["request"].as_str().unwrap_or_default();
    if let Err(problem) = decode(request).and_then(|pem| x509::check_request(&pem)) {
        errors.push(FieldError::invalid("spec.request", request, problem));
    }
    check_usages(spec, errors);
    match spec["signerName"].as_str().unwrap_or_default() {
        "" => errors.push(FieldError::required("spec.signerName", "")),
        "kubernetes.io/legacy-unknown" => errors.push(FieldError::invalid(
            "spec.signerName",
            "kubernetes.io/legacy-unknown",
            "the legacy signerName is not allowed via this API version",
        )),
        name => {
            let is_qualified = name
                .split_once('/')
                .is_some_and(|(domain, path)| domain.contains('.') && !path.is_empty());
            if !is_qualified {
                let problem = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
                errors.push(FieldError::invalid("spec.signerName", name, problem));
            }
        }
    }
    if let Some(seconds) = spec["expirationSeconds"]
        .as_i64()
        .filter(|seconds| *seconds < SHORTEST)
    {
        let problem = "may not specify a duration less than 600 seconds (10 minutes)";
        errors.push(FieldError::invalid(
            "spec.expirationSeconds",
            seconds,
            problem,
        ));
    }
}

fn check_usages(spec: &Value, errors: &mut FieldErrors) {
    let usages: Vec<_> = spec["usages"].as_array().into_iter().flatten().collect();
    if usages.is_empty() {
        errors.push(FieldError::required("spec.usages", ""));
    }
    for (index, usage) in usages.iter().enumerate() {
        let path = format!("spec.usages[{index}]");
        let usage_text = usage.as_str().unwrap_or_default();
        if !USAGES.contains(&usage_text) {
            errors.push(FieldError::not_supported(path, usage_text, USAGES));
        } else if usages[..index].contains(usage) {
            errors.push(FieldError::duplicate(path, usage_text));
        }
    }
}

fn check_conditions(status: &Value, errors: &mut FieldErrors) {
    let conditions: Vec<_> = status["conditions"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    for (index, condition) in conditions.iter().enumerate() {
        let at = |field: &str| format!("status.conditions[{index}].{field}");
        let text = |field: &str| condition[field].as_str().unwrap_or_default();
        let (kind, value) = (text("type"), text("status"));
        if kind.is_empty() {
            errors.push(FieldError::required(at("type"), ""));
        }
        match value {
            "" => errors.push(FieldError::required(at("status"), "")),
            "True" => {}
            value if FINAL.contains(&kind) => {
                errors.push(FieldError::not_supported(at("status"), value, &["True"]));
            }
            "False" | "Unknown" => {}
            value => {
                let values = ["True", "False", "Unknown"];
                errors.push(FieldError::not_supported(at("status"), value, &values));
            }
        }
        let earlier = &conditions[..index];
        let has = |kind: &str| earlier.iter().any(|condition| condition["type"] == kind);
        if has(kind) {
            errors.push(FieldError::duplicate(at("type"), kind));
        }
        let other = match kind {
            "Approved" => "Denied",
            "Denied" => "Approved",
            _ => continue,
        };
        if has(other) {
            let problem = "Approved and Denied conditions are mutually exclusive";
            errors.push(FieldError::invalid(at("type"), kind, problem));
        }
    }
}

fn check_transitions(part: Part, old: &Value, new: &Value, errors: &mut FieldErrors) {
    let forbidden = |what: &str, kind: &str| {
        let detail = format!("updates may not {what} a condition of type {kind:?}");
        FieldError::forbidden("status.conditions", detail)
    };
    for kind in FINAL {
        if of_kind(new, kind).count() < of_kind(old, kind).count() {
            errors.push(forbidden("remove", kind));
        }
    }
    if part == Part::Approval {
        return;
    }
    for kind in APPROVALS {
        let (before, after) = (of_kind(old, kind).count(), of_kind(new, kind).count());
        if after > before {
            errors.push(forbidden("add", kind));
        } else if after == before && !of_kind(old, kind).eq(of_kind(new, kind)) {
            errors.push(forbidden("modify", kind));
        }
    }
}

fn check_certificate(old: &Value, new: &Value, errors: &mut FieldErrors) {
    let (before, after) = (&old["certificate"], &new["certificate"]);
    if before == after {
        return;
    }
    let path = "status.certificate";
    if !before.is_null() {
        let detail = "updates may not modify the certificate";
        errors.push(FieldError::forbidden(path, detail));
    }
    let text = after.as_str().unwrap_or_default();
    if let Err(problem) = decode(text).and_then(|pem| x509::check_certificates(&pem)) {
        errors.push(FieldError::invalid(path, "<certificate data>", problem));
    }
}

fn of_kind<'a>(status: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    let conditions = status["conditions"].as_array().into_iter().flatten();
    conditions.filter(move |condition| condition["type"] == kind)
}

fn decode(base64: &str) -> Result<Vec<u8>, &'static str> {
    STANDARD.decode(base64).map_err(|_| "not in base64")
}
