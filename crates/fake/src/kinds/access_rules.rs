//! Roles and bindings.

use serde_json::Value;

use crate::failure::{FieldError, FieldErrors};
use crate::meta;
use crate::request::Document;
use crate::strategy::{NameRule, Write};

const GROUP: &str = "rbac.authorization.k8s.io";

/// Whether objects are in a namespace, which their rules are then confined to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Namespace,
    Cluster,
}

/// Checks the rules of a role.
pub(crate) fn prepare_role(_: &Write<'_>, new: &mut Document) -> FieldErrors {
    check_rules(new, Place::Namespace)
}

/// Checks the rules of a cluster role, and how it selects others.
pub(crate) fn prepare_cluster_role(_: &Write<'_>, new: &mut Document) -> FieldErrors {
    let mut errors = check_rules(new, Place::Cluster);
    if let Some(Value::Object(rule)) = new.get("aggregationRule") {
        let selectors = rule.get("clusterRoleSelectors").and_then(Value::as_array);
        if selectors.is_none_or(Vec::is_empty) {
            let path = "aggregationRule.clusterRoleSelectors";
            errors.push(FieldError::required(
                path,
                "at least one clusterRoleSelector required if aggregationRule is non-nil",
            ));
        }
    }
    errors
}

/// Fills in what follows from the kinds of a binding's subjects, checks them, and keeps the role that is bound.
pub(crate) fn prepare_role_binding(write: &Write<'_>, new: &mut Document) -> FieldErrors {
    prepare_binding(write, new, Place::Namespace)
}

/// As [`prepare_role_binding`], for the whole cluster.
pub(crate) fn prepare_cluster_role_binding(write: &Write<'_>, new: &mut Document) -> FieldErrors {
    prepare_binding(write, new, Place::Cluster)
}

fn check_rules(document: &Document, place: Place) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for (index, rule) in items(document, "rules").enumerate() {
        check_rule(rule, &format!("rules[{index}]"), place, &mut errors);
    }
    errors
}

fn check_rule(rule: &Value, path: &str, place: Place, errors: &mut FieldErrors) {
    let count = |field: &str| rule[field].as_array().map_or(0, Vec::len);
    let required =
        |field: &str, detail: &str| FieldError::required(format!("{path}.{field}"), detail);
    if count("verbs") == 0 {
        errors.push(required("verbs", "verbs must contain at least one value"));
    }
    let on_resources = ["apiGroups", "resources", "resourceNames"];
    if count("nonResourceURLs") > 0 {
        let invalid = |detail: &str| {
            let value = rule["nonResourceURLs"].clone();
            FieldError::invalid(format!("{path}.nonResourceURLs"), value, detail)
        };
        if place == Place::Namespace {
            errors.push(invalid(
                "namespaced rules cannot apply to non-resource URLs",
            ));
        }
        if on_resources.into_iter().any(|field| count(field) > 0) {
            errors.push(invalid(
                "rules cannot apply to both regular resources and non-resource URLs",
            ));
        }
        return;
    }
    if count("apiGroups") == 0 {
        let detail = "resource rules must supply at least one api group";
        errors.push(required("apiGroups", detail));
    }
    if count("resources") == 0 {
        let detail = "resource rules must supply at least one resource";
        errors.push(required("resources", detail));
    }
}

fn prepare_binding(write: &Write<'_>, new: &mut Document, place: Place) -> FieldErrors {
    complete(new);
    let mut errors = FieldErrors::default();
    check_role(new, place, &mut errors);
    for (index, subject) in items(new, "subjects").enumerate() {
        check_subject(subject, &format!("subjects[{index}]"), place, &mut errors);
    }
    let role = new.get("roleRef");
    if write.old.is_some_and(|old| old.get("roleRef") != role) {
        let value = role.cloned().unwrap_or_default();
        errors.push(FieldError::invalid(
            "roleRef",
            value,
            "cannot change roleRef",
        ));
    }
    errors
}

/// Users, groups and roles are of this group of the API, service accounts of the core group.
fn complete(document: &mut Document) {
    let group = |part: &mut Value| {
        if let Value::Object(part) = part {
            let is_absent = meta::text(part, "apiGroup").is_empty();
            if is_absent && meta::text(part, "kind") != "ServiceAccount" {
                part.insert("apiGroup".to_owned(), GROUP.into());
            }
        }
    };
    document.get_mut("roleRef").into_iter().for_each(group);
    let subjects = document.get_mut("subjects").and_then(Value::as_array_mut);
    let known = |subject: &&mut Value| matches!(subject["kind"].as_str(), Some("User" | "Group"));
    subjects.into_iter().flatten().filter(known).for_each(group);
}

fn check_role(document: &Document, place: Place, errors: &mut FieldErrors) {
    let role = document.get("roleRef").unwrap_or(&Value::Null);
    let text = |field: &str| role[field].as_str().unwrap_or_default();
    let group = text("apiGroup");
    if group != GROUP {
        errors.push(FieldError::not_supported(
            "roleRef.apiGroup",
            group,
            &[GROUP],
        ));
    }
    let kinds: &[&str] = match place {
        Place::Namespace => &["Role", "ClusterRole"],
        Place::Cluster => &["ClusterRole"],
    };
    if !kinds.contains(&text("kind")) {
        errors.push(FieldError::not_supported(
            "roleRef.kind",
            text("kind"),
            kinds,
        ));
    }
    let name = text("name");
    if name.is_empty() {
        errors.push(FieldError::required("roleRef.name", ""));
    }
    for problem in meta::name_problems(name, NameRule::PathSegment) {
        errors.push(FieldError::invalid("roleRef.name", name, problem));
    }
}

fn check_subject(subject: &Value, path: &str, place: Place, errors: &mut FieldErrors) {
    let text = |field: &str| subject[field].as_str().unwrap_or_default();
    let (kind, name, group) = (text("kind"), text("name"), text("apiGroup"));
    let at = |field: &str| format!("{path}.{field}");
    if name.is_empty() {
        errors.push(FieldError::required(at("name"), ""));
    }
    let wanted_group = match kind {
        "User" | "Group" => GROUP,
        "ServiceAccount" => "",
        _ => {
            let kinds = ["ServiceAccount", "User", "Group"];
            errors.push(FieldError::not_supported(at("kind"), kind, &kinds));
            return;
        }
    };
    if group != wanted_group {
        errors.push(FieldError::not_supported(
            at("apiGroup"),
            group,
            &[wanted_group],
        ));
    }
    if kind != "ServiceAccount" {
        return;
    }
    if !name.is_empty() {
        let problems = meta::name_problems(name, NameRule::Subdomain).into_iter();
        errors.extend(problems.map(|problem| FieldError::invalid(at("name"), name, problem)));
    }
    if place == Place::Cluster && text("namespace").is_empty() {
        errors.push(FieldError::required(at("namespace"), ""));
    }
}

fn items<'a>(document: &'a Document, field: &str) -> impl Iterator<Item = &'a Value> {
    let items = document.get(field).and_then(Value::as_array);
    items.into_iter().flatten()
}
