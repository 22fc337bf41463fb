//! The rules of services.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    Spec, has_address, has_health_port, is_headless, is_reached_from_outside, ports, text,
};
use crate::failure::{FieldError, FieldErrors};
use crate::meta;
use crate::strategy::NameRule;

pub(super) fn check(old: Option<&Spec>, spec: &Spec, errors: &mut FieldErrors) {
    check_ports(spec, errors);
    check_type(spec, errors);
    check_addresses(old, spec, errors);
    check_outside(spec, errors);
    check_affinity(spec, errors);
}

fn check_ports(spec: &Spec, errors: &mut FieldErrors) {
    let count = ports(spec).count();
    if count == 0 && has_address(spec) && !is_headless(spec) {
        errors.push(FieldError::required("spec.ports", ""));
    }
    let (mut names, mut taken) = (HashSet::new(), HashSet::new());
    for (index, port) in ports(spec).enumerate() {
        let path = |field: &str| format!("spec.ports[{index}].{field}");
        let name = port["name"].as_str().unwrap_or("");
        if name.is_empty() && count > 1 {
            errors.push(FieldError::required(path("name"), ""));
        } else if !name.is_empty() && !names.insert(name) {
            errors.push(FieldError::duplicate(path("name"), name));
        }
        if !taken.insert((port["port"].as_i64(), port["protocol"].as_str())) {
            let value = serde_json::json!({"protocol": port["protocol"], "port": port["port"]});
            errors.push(FieldError::duplicate(format!("spec.ports[{index}]"), value));
        }
        if text(spec, "type") == "ClusterIP" && port.get("nodePort").is_some() {
            let why = "may not be used when `type` is 'ClusterIP'";
            errors.push(FieldError::forbidden(path("nodePort"), why));
        }
    }
}

fn check_type(spec: &Spec, errors: &mut FieldErrors) {
    match text(spec, "type") {
        "ExternalName" => {
            let name = text(spec, "externalName");
            let problems = meta::name_problems(name.trim_end_matches('.'), NameRule::Subdomain);
            if name.is_empty() {
                errors.push(FieldError::required("spec.externalName", ""));
            } else {
                let problems = problems.into_iter();
                errors.extend(problems.map(|p| FieldError::invalid("spec.externalName", name, p)));
            }
        }
        kind @ ("LoadBalancer" | "NodePort") if is_headless(spec) => {
            errors.push(FieldError::invalid(
                "spec.clusterIPs[0]",
                "None",
                format!("may not be set to 'None' for {kind} services"),
            ));
        }
        _ => {}
    }
    if text(spec, "type") != "LoadBalancer" {
        for field in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
            if spec.contains_key(field) {
                let why = "may only be used when `type` is 'LoadBalancer'";
                errors.push(FieldError::forbidden(format!("spec.{field}"), why));
            }
        }
    }
}

fn check_addresses(old: Option<&Spec>, spec: &Spec, errors: &mut FieldErrors) {
    let address = text(spec, "clusterIP");
    if !has_address(spec) {
        for field in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            if spec.contains_key(field) {
                let why = "may not be set for ExternalName services";
                errors.push(FieldError::forbidden(format!("spec.{field}"), why));
            }
        }
        return;
    }
    let all = || spec.get("clusterIPs").cloned().unwrap_or_default();
    if let Some(first) = all().get(0)
        && first != address
    {
        let why = "first value must match `clusterIP`";
        errors.push(FieldError::invalid("spec.clusterIPs", all(), why));
    }
    if !address.is_empty() && !is_headless(spec) && address.parse::<std::net::IpAddr>().is_err() {
        let why = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
        errors.push(FieldError::invalid("spec.clusterIPs[0]", address, why));
    }
    let before = old
        .filter(|old| has_address(old))
        .map_or("", |old| text(old, "clusterIP"));
    if !before.is_empty() && before != address {
        errors.push(FieldError::invalid(
            "spec.clusterIPs[0]",
            all(),
            "may not change once set",
        ));
    }
}

fn check_outside(spec: &Spec, errors: &mut FieldErrors) {
    if !is_reached_from_outside(spec) && spec.contains_key("externalTrafficPolicy") {
        errors.push(FieldError::invalid(
            "spec.externalTrafficPolicy",
            text(spec, "externalTrafficPolicy"),
            "may only be set for externally-accessible services",
        ));
    }
    if !has_health_port(spec)
        && let Some(port) = spec.get("healthCheckNodePort")
    {
        errors.push(FieldError::invalid(
            "spec.healthCheckNodePort",
            port.clone(),
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
        ));
    }
    let addresses = spec.get("externalIPs").and_then(Value::as_array);
    for (index, address) in addresses.into_iter().flatten().enumerate() {
        let text = address.as_str().unwrap_or("");
        if text.parse::<std::net::IpAddr>().is_err() {
            let path = format!("spec.externalIPs[{index}]");
            let why = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
            errors.push(FieldError::invalid(path, text, why));
        }
    }
}

fn check_affinity(spec: &Spec, errors: &mut FieldErrors) {
    let seconds = spec
        .get("sessionAffinityConfig")
        .and_then(|config| config.pointer("/clientIP/timeoutSeconds")?.as_i64());
    if let Some(seconds) = seconds.filter(|seconds| !(1..=86400).contains(seconds)) {
        errors.push(FieldError::invalid(
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
            seconds,
            "must be greater than 0 and less than 86400",
        ));
    }
}
