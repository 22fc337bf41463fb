//! Ingresses and network policies.

use serde_json::Value;

use super::{member, number, text};
use crate::failure::{FieldError, FieldErrors};
use crate::schema::Typed;

pub(super) fn ingress_spec(typed: Typed<'_>, errors: &mut FieldErrors) {
    let has_rules = typed.object.contains_key("rules");
    if !has_rules && !typed.object.contains_key("defaultBackend") {
        errors.push(FieldError::invalid(
            typed.path,
            Value::Object(typed.object.clone()),
            "either `defaultBackend` or `rules` must be specified",
        ));
    }
}

pub(super) fn ingress_path(typed: Typed<'_>, errors: &mut FieldErrors) {
    let path = text(typed.object, "path");
    let is_prefix = matches!(text(typed.object, "pathType"), "Exact" | "Prefix");
    let may_be_empty = !is_prefix && path.is_empty();
    if !path.starts_with('/') && !may_be_empty {
        let problem = "must be an absolute path";
        errors.push(FieldError::invalid(typed.at("path"), path, problem));
    }
    if is_prefix {
        for part in ["//", "/./", "/../", "%2f", "%2F"] {
            if path.contains(part) {
                let problem = format!("must not contain '{part}'");
                errors.push(FieldError::invalid(typed.at("path"), path, problem));
            }
        }
    }
}

pub(super) fn ingress_backend(typed: Typed<'_>, errors: &mut FieldErrors) {
    let service = member(typed.object, "service");
    match (service, typed.object.contains_key("resource")) {
        (None, false) => errors.push(FieldError::required(
            typed.path,
            "resource or service backend is required",
        )),
        (Some(_), true) => errors.push(FieldError::invalid(
            typed.path,
            "",
            "cannot set both resource and service backends",
        )),
        _ => {}
    }
    let Some(service) = service else {
        return;
    };
    let port = member(service, "port");
    let has_name = port.is_some_and(|port| !text(port, "name").is_empty());
    let has_number = port.is_some_and(|port| number(port, "number").unwrap_or(0) != 0);
    let path = typed.at("service.port");
    match (has_name, has_number) {
        (true, true) => errors.push(FieldError::invalid(
            path,
            "",
            "cannot set both port name & port number",
        )),
        (false, false) => errors.push(FieldError::required(
            path,
            "port name or number is required",
        )),
        _ => {}
    }
}

pub(super) fn policy_peer(typed: Typed<'_>, errors: &mut FieldErrors) {
    let has_block = typed.object.contains_key("ipBlock");
    match typed.object.len() {
        0 => errors.push(FieldError::required(typed.path, "must specify a peer")),
        1 => {}
        _ if has_block => errors.push(FieldError::forbidden(
            typed.path,
            "may not specify both ipBlock and another peer",
        )),
        _ => {}
    }
}

pub(super) fn policy_port(typed: Typed<'_>, errors: &mut FieldErrors) {
    let Some(end) = number(typed.object, "endPort") else {
        return;
    };
    match typed.object.get("port") {
        None => errors.push(FieldError::required(
            typed.at("port"),
            "must be specified when `endPort` is specified",
        )),
        Some(port) => match port.as_i64() {
            None => errors.push(FieldError::invalid(
                typed.at("endPort"),
                end,
                "may not be specified when `port` is non-numeric",
            )),
            Some(port) if end < port => errors.push(FieldError::invalid(
                typed.at("endPort"),
                end,
                "must be greater than or equal to `port`",
            )),
            Some(_) => {}
        },
    }
}
