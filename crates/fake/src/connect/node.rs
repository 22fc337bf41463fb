//! Nodes, none of which can be reached.

use serde_json::Value;

use crate::failure::{self, Failure};
use crate::world::World;

/// The kinds of addresses of a node, the one to try first at the beginning.
const ADDRESSES: [&str; 5] = [
    "Hostname",
    "InternalDNS",
    "InternalIP",
    "ExternalDNS",
    "ExternalIP",
];
const KUBELET_PORT: u64 = 10250;

/// Where the kubelet of a node listens, as `host:port`.
///
/// # Errors
///
/// 404 for a node that does not exist, 500 for one without an address.
pub(super) fn kubelet(world: &World, name: &str) -> Result<String, Failure> {
    let catalog = world.registry.snapshot();
    let resource = catalog.resource("", "v1", "nodes");
    let resource = resource.ok_or_else(failure::resource_not_found)?;
    let node = world.store.get(&resource.storage, name);
    let node = node
        .ok_or_else(|| failure::not_found(resource, name))?
        .document();
    let status = node.get("status").unwrap_or(&Value::Null);
    let host = address(status)
        .ok_or_else(|| failure::unexpected("no preferred addresses found; known addresses: []"))?;
    let port = status["daemonEndpoints"]["kubeletEndpoint"]["Port"].as_u64();
    let port = port.filter(|port| *port > 0).unwrap_or(KUBELET_PORT);
    Ok(match host.contains(':') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    })
}

fn address(status: &Value) -> Option<&str> {
    let known = status["addresses"].as_array()?;
    let of_kind = |kind: &&str| known.iter().find(|address| address["type"] == **kind);
    ADDRESSES.iter().find_map(of_kind)?["address"].as_str()
}

/// What becomes of an attempt to connect.
pub(super) fn refused(address: &str) -> String {
    format!("dial tcp {address}: connect: connection refused")
}
