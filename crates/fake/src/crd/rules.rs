//! What a definition must look like, and what is filled in.

mod place;
mod schema;
mod version;

use serde_json::{Map, Value, json};

use crate::failure::{FieldError, FieldErrors};
use crate::meta;
use crate::request::Document;
use crate::strategy::{NameRule, Part, Write};
use place::Place;

/// Completes and checks a definition before it is written.
pub(crate) fn complete_and_check(write: &Write<'_>, document: &mut Document) -> FieldErrors {
    if write.part != Part::Main {
        return FieldErrors::default();
    }
    complete_spec(document);
    complete_status(document, write.old.is_none());
    let mut errors = FieldErrors::default();
    check_name(document, &mut errors);
    let spec = document.get("spec").unwrap_or(&Value::Null);
    check_spec(spec, &mut errors);
    check_stored_versions(document, &mut errors);
    if let Some(old) = write.old {
        check_changes(old, document, &mut errors);
    }
    errors
}

fn complete_spec(document: &mut Document) {
    let Some(Value::Object(spec)) = document.get_mut("spec") else {
        return;
    };
    spec.entry("conversion")
        .or_insert_with(|| json!({"strategy": "None"}));
    let Some(Value::Object(names)) = spec.get_mut("names") else {
        return;
    };
    let kind = names
        .get("kind")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if !kind.is_empty() {
        fill(names, "singular", || kind.to_lowercase());
        fill(names, "listKind", || format!("{kind}List"));
    }
}

fn fill(names: &mut Map<String, Value>, field: &str, value: impl FnOnce() -> String) {
    let empty = names
        .get(field)
        .and_then(Value::as_str)
        .is_none_or(str::is_empty);
    if empty {
        names.insert(field.to_owned(), value().into());
    }
}

/// Records the storage version; a new definition begins with nothing else in its status.
fn complete_status(document: &mut Document, is_new: bool) {
    let storage = storage_versions(document).next().map(str::to_owned);
    if is_new {
        let status = json!({
            "conditions": null,
            "acceptedNames": {"plural": "", "kind": ""},
            "storedVersions": [],
        });
        document.insert("status".to_owned(), status);
    }
    let stored = document
        .get_mut("status")
        .and_then(|status| status.get_mut("storedVersions"));
    if let (Some(Value::Array(stored)), Some(storage)) = (stored, storage)
        && !stored.iter().any(|version| *version == storage.as_str())
    {
        stored.push(storage.into());
    }
}

fn versions(document: &Document) -> &[Value] {
    let versions = document.get("spec").and_then(|spec| spec.get("versions"));
    versions
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn storage_versions(document: &Document) -> impl Iterator<Item = &str> {
    versions(document)
        .iter()
        .filter(|version| version["storage"] == true)
        .filter_map(|version| version["name"].as_str())
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn check_name(document: &Document, errors: &mut FieldErrors) {
    let spec = document.get("spec").unwrap_or(&Value::Null);
    let wanted = format!("{}.{}", text(&spec["names"], "plural"), text(spec, "group"));
    let name = meta::text(meta::of(document), "name");
    if name != wanted {
        let detail = "must be spec.names.plural+\".\"+spec.group";
        errors.push(FieldError::invalid("metadata.name", name, detail));
    }
}

fn check_spec(spec: &Value, errors: &mut FieldErrors) {
    check_group(text(spec, "group"), errors);
    match text(spec, "scope") {
        "Cluster" | "Namespaced" => {}
        "" => errors.push(FieldError::required("spec.scope", "")),
        other => errors.push(FieldError::not_supported(
            "spec.scope",
            other,
            &["Cluster", "Namespaced"],
        )),
    }
    check_names(&spec["names"], errors);
    check_versions(
        spec["versions"].as_array().map_or(&[], Vec::as_slice),
        errors,
    );
    check_conversion(&spec["conversion"], errors);
    if spec["preserveUnknownFields"] == true {
        let detail = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
        errors.push(FieldError::invalid(
            "spec.preserveUnknownFields",
            true,
            detail,
        ));
    }
}

fn check_group(group: &str, errors: &mut FieldErrors) {
    if group.is_empty() {
        errors.push(FieldError::required("spec.group", ""));
    } else if !group.contains('.') {
        let detail = "should be a domain with at least one dot";
        errors.push(FieldError::invalid("spec.group", group, detail));
    } else {
        check_form("spec.group", group, NameRule::Subdomain, errors);
    }
}

fn check_names(names: &Value, errors: &mut FieldErrors) {
    for field in ["plural", "singular", "kind", "listKind"] {
        let path = format!("spec.names.{field}");
        match text(names, field) {
            "" => errors.push(FieldError::required(path, "")),
            name => check_form(&path, &name.to_lowercase(), NameRule::Label1035, errors),
        }
    }
    for (index, name) in names["shortNames"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let path = format!("spec.names.shortNames[{index}]");
        check_form(
            &path,
            name.as_str().unwrap_or_default(),
            NameRule::Label1035,
            errors,
        );
    }
    let kind = text(names, "kind");
    if !kind.is_empty() && kind == text(names, "listKind") {
        errors.push(FieldError::invalid(
            "spec.names.listKind",
            kind,
            "kind and listKind may not be the same",
        ));
    }
}

fn check_form(path: &str, name: &str, rule: NameRule, errors: &mut FieldErrors) {
    for problem in meta::name_problems(name, rule) {
        errors.push(FieldError::invalid(path, name, problem));
    }
}

fn check_versions(versions: &[Value], errors: &mut FieldErrors) {
    let names: Vec<&str> = versions
        .iter()
        .map(|version| text(version, "name"))
        .collect();
    for (index, name) in names.iter().enumerate() {
        check_form(
            &format!("spec.versions[{index}].name"),
            name,
            NameRule::Label1035,
            errors,
        );
        if names[..index].contains(name) {
            let detail = "must contain unique version names";
            errors.push(FieldError::invalid("spec.versions", names.clone(), detail));
        }
    }
    if versions
        .iter()
        .filter(|version| version["storage"] == true)
        .count()
        != 1
    {
        let detail = "must have exactly one version marked as storage version";
        errors.push(FieldError::invalid("spec.versions", names, detail));
    }
    schema::check(versions, errors);
    version::check(versions, errors);
}

fn check_conversion(conversion: &Value, errors: &mut FieldErrors) {
    match text(conversion, "strategy") {
        "None" => {}
        "Webhook" => {
            let webhook = &conversion["webhook"];
            if webhook["clientConfig"].is_null() {
                errors.push(FieldError::required(
                    "spec.conversion.webhookClientConfig",
                    "required when strategy is set to Webhook",
                ));
            }
            if webhook["conversionReviewVersions"]
                .as_array()
                .is_none_or(Vec::is_empty)
            {
                errors.push(FieldError::required(
                    "spec.conversion.conversionReviewVersions",
                    "",
                ));
            }
        }
        "" => errors.push(FieldError::required("spec.conversion.strategy", "")),
        other => {
            let supported = ["None", "Webhook"];
            errors.push(FieldError::not_supported(
                "spec.conversion.strategy",
                other,
                &supported,
            ));
        }
    }
}

/// What has been stored must go on being defined, and what is stored now must be recorded.
fn check_stored_versions(document: &Document, errors: &mut FieldErrors) {
    let stored = document
        .get("status")
        .map_or(&Value::Null, |status| &status["storedVersions"]);
    let stored: Vec<&str> = stored
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if stored.is_empty() {
        let detail = "must have at least one stored version";
        errors.push(FieldError::invalid(
            "status.storedVersions",
            Vec::<Value>::new(),
            detail,
        ));
        return;
    }
    for missing in storage_versions(document).filter(|version| !stored.contains(version)) {
        let detail = format!("must have the storage version {missing}");
        errors.push(FieldError::invalid(
            "status.storedVersions",
            stored.clone(),
            detail,
        ));
    }
    for (index, version) in stored.iter().enumerate() {
        if !versions(document)
            .iter()
            .any(|defined| text(defined, "name") == *version)
        {
            let path = format!("status.storedVersions[{index}]");
            errors.push(FieldError::invalid(path, *version, "missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions".replace("v1", version)));
        }
    }
}

fn check_changes(old: &Document, new: &Document, errors: &mut FieldErrors) {
    let is_established = old
        .get("status")
        .and_then(|status| status["conditions"].as_array())
        .into_iter()
        .flatten()
        .any(|condition| condition["type"] == "Established" && condition["status"] == "True");
    let mut fixed = vec!["/group", "/names/plural"];
    if is_established {
        fixed.extend(["/scope", "/names/kind"]);
    }
    for pointer in fixed {
        let at = |document: &Document| {
            document
                .get("spec")
                .and_then(|spec| spec.pointer(pointer))
                .cloned()
        };
        let (before, after) = (at(old), at(new));
        if before != after {
            let path = format!("spec{}", pointer.replace('/', "."));
            errors.push(FieldError::invalid(
                path,
                after.unwrap_or_default(),
                "field is immutable",
            ));
        }
    }
}
