//! Services: what follows from their type, and the addresses and ports that they are given.

mod addresses;
mod check;
mod families;
mod kept;
mod ports;

use serde_json::{Map, Value, json};

use crate::failure::FieldErrors;
use crate::meta;
use crate::request::Document;
use crate::strategy::{Part, Write};

/// The inside of `spec`.
type Spec = Map<String, Value>;

/// How long a client stays with a pod, in seconds.
const AFFINITY_SECONDS: i64 = 10800;

/// Fills in what follows from the type, keeps what has been given, gives what is missing, and checks the result.
pub(crate) fn prepare(write: &Write<'_>, new: &mut Document) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if write.part != Part::Main {
        return errors;
    }
    let old = write.old.and_then(|old| old.get("spec")?.as_object());
    let own = meta::of(new).get("uid").cloned();
    let spec = meta::member(new, "spec");
    if let Some(old) = old {
        kept::keep(old, spec);
    }
    default_by_type(spec);
    families::settle(old, spec, &mut errors);
    check::check(old, spec, &mut errors);
    // What is wrong is not given anything.
    if errors.is_empty() {
        addresses::give(write, own.as_ref(), spec, &mut errors);
        ports::give(write, own.as_ref(), spec, &mut errors);
    }
    errors
}

fn default_by_type(spec: &mut Spec) {
    if text(spec, "sessionAffinity") == "ClientIP" {
        let config = meta::member(spec, "sessionAffinityConfig");
        let client = meta::member(config, "clientIP");
        client
            .entry("timeoutSeconds")
            .or_insert(AFFINITY_SECONDS.into());
    } else {
        spec.remove("sessionAffinityConfig");
    }
    if is_reached_from_outside(spec) {
        spec.entry("externalTrafficPolicy")
            .or_insert("Cluster".into());
    }
    if has_address(spec) {
        spec.entry("internalTrafficPolicy")
            .or_insert("Cluster".into());
    }
    if text(spec, "type") == "LoadBalancer" {
        spec.entry("allocateLoadBalancerNodePorts")
            .or_insert(json!(true));
    }
}

fn text<'a>(spec: &'a Spec, field: &str) -> &'a str {
    spec.get(field).and_then(Value::as_str).unwrap_or("")
}

/// All but names for something outside have an address, or say that they want none.
fn has_address(spec: &Spec) -> bool {
    text(spec, "type") != "ExternalName"
}

fn is_headless(spec: &Spec) -> bool {
    text(spec, "clusterIP") == "None"
}

/// Whether every node has ports for the service, if it is to have any.
fn has_node_ports(spec: &Spec) -> bool {
    matches!(text(spec, "type"), "NodePort" | "LoadBalancer")
}

fn is_reached_from_outside(spec: &Spec) -> bool {
    has_node_ports(spec) || (text(spec, "type") == "ClusterIP" && spec.contains_key("externalIPs"))
}

/// Whether the nodes tell a load balancer which of them have pods of the service.
fn has_health_port(spec: &Spec) -> bool {
    text(spec, "type") == "LoadBalancer" && text(spec, "externalTrafficPolicy") == "Local"
}

fn ports(spec: &Spec) -> impl Iterator<Item = &Value> {
    let ports = spec.get("ports").and_then(Value::as_array);
    ports.into_iter().flatten()
}

fn ports_mut(spec: &mut Spec) -> impl Iterator<Item = &mut Spec> {
    let ports = spec.get_mut("ports").and_then(Value::as_array_mut);
    ports.into_iter().flatten().filter_map(Value::as_object_mut)
}
