//! What an update keeps that does not mention it, and what goes away with the type that needed it.

use serde_json::Value;

use super::{
    Spec, has_address, has_health_port, has_node_ports, is_reached_from_outside, ports, ports_mut,
    text,
};

/// Fields of an address, which is given only once.
const ADDRESS: [&str; 4] = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];

pub(super) fn keep(old: &Spec, new: &mut Spec) {
    keep_address(old, new);
    keep_node_ports(old, new);
    let had_health_port = has_health_port(old);
    if had_health_port && has_health_port(new) && !new.contains_key("healthCheckNodePort") {
        copy(old, new, "healthCheckNodePort");
    }
    drop_if(
        had_health_port && !has_health_port(new),
        &["healthCheckNodePort"],
        old,
        new,
    );
    let is_balanced = |spec: &Spec| text(spec, "type") == "LoadBalancer";
    drop_if(
        is_balanced(old) && !is_balanced(new),
        &["allocateLoadBalancerNodePorts", "loadBalancerClass"],
        old,
        new,
    );
    drop_if(
        is_reached_from_outside(old) && !is_reached_from_outside(new),
        &["externalTrafficPolicy"],
        old,
        new,
    );
}

fn keep_address(old: &Spec, new: &mut Spec) {
    if has_address(old) && has_address(new) {
        if !new.contains_key("clusterIP") {
            copy(old, new, "clusterIP");
        }
        // Who writes one address means the first of the list.
        let changed = text(old, "clusterIP") != text(new, "clusterIP");
        if !new.contains_key("clusterIPs")
            || (changed && old.get("clusterIPs") == new.get("clusterIPs"))
        {
            match new.get("clusterIP").cloned() {
                Some(address) if changed => {
                    new.insert("clusterIPs".to_owned(), Value::Array(vec![address]))
                }
                _ => old
                    .get("clusterIPs")
                    .and_then(|all| new.insert("clusterIPs".to_owned(), all.clone())),
            };
        }
        for field in ["ipFamilies", "ipFamilyPolicy"] {
            if !new.contains_key(field) {
                copy(old, new, field);
            }
        }
    }
    drop_if(has_address(old) && !has_address(new), &ADDRESS, old, new);
    drop_if(
        has_address(old) && !has_address(new),
        &["internalTrafficPolicy"],
        old,
        new,
    );
}

/// A port keeps its number on the nodes as long as its own number and protocol stay.
fn keep_node_ports(old: &Spec, new: &mut Spec) {
    let had = has_node_ports(old);
    if had && has_node_ports(new) {
        let taken: Vec<Value> = ports(new).map(|port| port["nodePort"].clone()).collect();
        for port in ports_mut(new).filter(|port| !port.contains_key("nodePort")) {
            let same = ports(old).find(|known| {
                Some(&known["port"]) == port.get("port")
                    && known.get("protocol") == port.get("protocol")
            });
            if let Some(number) = same.and_then(|known| known.get("nodePort"))
                && !taken.contains(number)
            {
                port.insert("nodePort".to_owned(), number.clone());
            }
        }
    } else if had {
        let known: Vec<Value> = ports(old).map(|port| port["nodePort"].clone()).collect();
        for port in ports_mut(new) {
            if port
                .get("nodePort")
                .is_some_and(|number| known.contains(number))
            {
                port.remove("nodePort");
            }
        }
    }
}

/// Takes fields away that have not been changed.
fn drop_if(goes: bool, fields: &[&str], old: &Spec, new: &mut Spec) {
    for field in fields {
        if goes && old.get(*field) == new.get(*field) {
            new.remove(*field);
        }
    }
}

fn copy(old: &Spec, new: &mut Spec, field: &str) {
    if let Some(value) = old.get(field) {
        new.insert(field.to_owned(), value.clone());
    }
}
