//! Ports of services on every node, each given to one service at a time.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Spec, has_health_port, has_node_ports, ports, ports_mut};
use crate::failure::{FieldError, FieldErrors};
use crate::object::Object;
use crate::store::Range;
use crate::strategy::Write;

const FIRST: u32 = 30000;
const LAST: u32 = 32767;

/// Gives ports to a service that needs some, and checks that those it wants are free.
pub(super) fn give(
    write: &Write<'_>,
    own: Option<&Value>,
    spec: &mut Spec,
    errors: &mut FieldErrors,
) {
    let needs_ports =
        has_node_ports(spec) && spec.get("allocateLoadBalancerNodePorts") != Some(&json!(false));
    let needs_health_port = has_health_port(spec) && !spec.contains_key("healthCheckNodePort");
    let wants = ports(spec).any(|port| port.get("nodePort").is_some());
    if !needs_ports && !needs_health_port && !wants {
        return;
    }
    let mut taken = taken(write, own);
    for (index, port) in ports(spec).enumerate() {
        if let Some(number) = port["nodePort"].as_i64()
            && let Some(problem) = problem(number, &taken)
        {
            let path = format!("spec.ports[{index}].nodePort");
            errors.push(FieldError::invalid(path, number, problem));
        }
    }
    taken.extend(ports(spec).filter_map(|port| port["nodePort"].as_i64()));
    let next = |taken: &mut HashSet<i64>| {
        let is_free = |number: u32| !taken.contains(&i64::from(number));
        let number = write.world.allocations.next_port(FIRST, LAST, is_free)?;
        taken.insert(number.into());
        Some(number)
    };
    if needs_ports {
        for port in ports_mut(spec).filter(|port| !port.contains_key("nodePort")) {
            match next(&mut taken) {
                Some(number) => {
                    port.insert("nodePort".to_owned(), number.into());
                }
                None => errors.push(full()),
            }
        }
    }
    if needs_health_port {
        match next(&mut taken) {
            Some(number) => {
                spec.insert("healthCheckNodePort".to_owned(), number.into());
            }
            None => errors.push(full()),
        }
    }
}

fn full() -> FieldError {
    FieldError::invalid(
        "spec.ports",
        Value::Null,
        "failed to allocate a nodePort: range is full",
    )
}

fn problem(number: i64, taken: &HashSet<i64>) -> Option<String> {
    if !(i64::from(FIRST)..=i64::from(LAST)).contains(&number) {
        return Some(format!(
            "provided port is not in the valid range. The range of valid ports is {FIRST}-{LAST}"
        ));
    }
    let problem = "provided port is already allocated";
    taken.contains(&number).then(|| problem.to_owned())
}

/// The ports of all other services.
fn taken(write: &Write<'_>, own: Option<&Value>) -> HashSet<i64> {
    let has_ports = |service: &Object| {
        let content = service.content();
        matches!(
            content.field("spec.type"),
            Some("NodePort" | "LoadBalancer")
        ) && own.and_then(Value::as_str) != Some(content.uid())
    };
    let storage = &write.resource.storage;
    let page = write.world.store.page(storage, Range::default(), has_ports);
    let services = page.map(|page| page.items).unwrap_or_default();
    let mut taken = HashSet::new();
    for service in services {
        let document = service.document();
        if let Some(spec) = document.get("spec").and_then(Value::as_object) {
            taken.extend(ports(spec).filter_map(|port| port["nodePort"].as_i64()));
            taken.extend(spec.get("healthCheckNodePort").and_then(Value::as_i64));
        }
    }
    taken
}
