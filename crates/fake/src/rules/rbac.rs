//! Roles and their bindings.

use super::{member, text};
use crate::failure::{FieldError, FieldErrors};
use crate::meta;
use crate::schema::Typed;

const GROUP: &str = "rbac.authorization.k8s.io";

pub(super) fn binding(typed: Typed<'_>, errors: &mut FieldErrors) {
    let Some(role) = member(typed.object, "roleRef") else {
        return;
    };
    let group = text(role, "apiGroup");
    if group != GROUP {
        errors.push(FieldError::not_supported("roleRef.apiGroup", group, &[GROUP]));
    }
    let kinds: &[&str] = match meta::text(meta::of(typed.object), "namespace") {
        "" => &["ClusterRole"],
        _ => &["ClusterRole", "Role"],
    };
    let kind = text(role, "kind");
    if !kinds.contains(&kind) {
        errors.push(FieldError::not_supported("roleRef.kind", kind, kinds));
    }
}

pub(super) fn rule(typed: Typed<'_>, errors: &mut FieldErrors) {
    let has = |field: &str| typed.object.contains_key(field);
    if has("nonResourceURLs") {
        if has("apiGroups") || has("resources") || has("resourceNames") {
            errors.push(FieldError::invalid(
                typed.at("nonResourceURLs"),
                typed.object.get("nonResourceURLs").cloned().unwrap_or_default(),
                "rules cannot apply to both regular resources and non-resource URLs",
            ));
        }
        return;
    }
    if !has("apiGroups") {
        let why = "resource rules must supply at least one api group";
        errors.push(FieldError::required(typed.at("apiGroups"), why));
    }
    if !has("resources") {
        let why = "resource rules must supply at least one resource";
        errors.push(FieldError::required(typed.at("resources"), why));
    }
}

pub(super) fn subject(typed: Typed<'_>, errors: &mut FieldErrors) {
    let group = text(typed.object, "apiGroup");
    let wanted = match text(typed.object, "kind") {
        "ServiceAccount" => {
            if text(typed.object, "namespace").is_empty() {
                errors.push(FieldError::required(typed.at("namespace"), ""));
            }
            ""
        }
        "User" | "Group" => GROUP,
        kind => {
            let kinds = ["ServiceAccount", "User", "Group"];
            errors.push(FieldError::not_supported(typed.at("kind"), kind, &kinds));
            return;
        }
    };
    if group != wanted {
        errors.push(FieldError::not_supported(typed.at("apiGroup"), group, &[wanted]));
    }
}
