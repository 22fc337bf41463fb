//! IP families. The server has addresses of version 4 only.

use serde_json::{Value, json};

use super::{Spec, has_address, is_headless, text};
use crate::failure::{FieldError, FieldErrors};

/// Fills in the families and their policy, and refuses what only a cluster with both families has.
pub(super) fn settle(old: Option<&Spec>, spec: &mut Spec, errors: &mut FieldErrors) {
    if !has_address(spec) {
        return;
    }
    // Without a selector nobody knows what the endpoints will be.
    let is_open = is_headless(spec) && !spec.contains_key("selector");
    if is_open {
        spec.entry("ipFamilyPolicy")
            .or_insert("RequireDualStack".into());
        if text(spec, "ipFamilyPolicy") == "SingleStack" {
            spec.entry("ipFamilies").or_insert(json!(["IPv4"]));
        } else {
            spec.entry("ipFamilies").or_insert(json!(["IPv4", "IPv6"]));
        }
        return;
    }
    if old.is_some_and(|old| {
        old.get("ipFamilies") == spec.get("ipFamilies") && old.contains_key("ipFamilies")
    }) {
        return;
    }
    spec.entry("ipFamilyPolicy").or_insert("SingleStack".into());
    spec.entry("ipFamilies").or_insert(json!(["IPv4"]));
    if text(spec, "ipFamilyPolicy") == "RequireDualStack" {
        errors.push(FieldError::invalid(
            "spec.ipFamilyPolicy",
            "RequireDualStack",
            "this cluster is not configured for dual-stack services",
        ));
    }
    let families = spec.get("ipFamilies").and_then(Value::as_array);
    for (index, family) in families.into_iter().flatten().enumerate() {
        if family == "IPv6" {
            let path = format!("spec.ipFamilies[{index}]");
            errors.push(FieldError::invalid(
                path,
                "IPv6",
                "not configured on this cluster",
            ));
        }
    }
}
