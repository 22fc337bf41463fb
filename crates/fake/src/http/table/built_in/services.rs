//! Columns of services.

use serde_json::Value;

use super::super::cells::{NONE, elements, integer, joined, labels, or_none, text};
use super::{AGE, Cell, Column, NAME, column, made, wide};

pub(super) const COLUMNS: &[Column] = &[
    NAME,
    column("Type", Cell::Text("/spec/type")),
    made("Cluster-IP", |object| {
        or_none(text(object, "/spec/clusterIP"))
    }),
    made("External-IP", external),
    made("Port(s)", ports),
    AGE,
    wide(
        "Selector",
        Cell::Made(|object| or_none(&labels(object, "/spec/selector"))),
    ),
];

fn external(object: &Value) -> Value {
    let addresses: Vec<&str> = elements(object, "/spec/externalIPs")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let addresses = addresses.join(",");
    match text(object, "/spec/type") {
        "ExternalName" => or_none(text(object, "/spec/externalName")),
        "LoadBalancer" => {
            let balanced = joined(object, "/status/loadBalancer/ingress", "/ip");
            match [balanced, addresses].iter().find(|found| !found.is_empty()) {
                Some(found) => found.as_str().into(),
                None => "<pending>".into(),
            }
        }
        _ => or_none(&addresses),
    }
}

fn ports(object: &Value) -> Value {
    let ports = elements(object, "/spec/ports");
    if ports.is_empty() {
        return NONE.into();
    }
    let ports: Vec<String> = ports.iter().map(port).collect();
    ports.join(",").into()
}

fn port(port: &Value) -> String {
    let number = integer(port, "/port");
    let protocol = match text(port, "/protocol") {
        "" => "TCP",
        protocol => protocol,
    };
    match integer(port, "/nodePort") {
        0 => format!("{number}/{protocol}"),
        node => format!("{number}:{node}/{protocol}"),
    }
}
