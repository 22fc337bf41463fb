//! The proxies of nodes, pods and services: HTTP requests to what runs in the cluster.

use bytes::Bytes;
use http::{Request, Response};
use kubekit_core::{Status, StatusReason};
use serde_json::Value;

use super::{Passage, node};
use crate::failure::{self, Failure};
use crate::http::Body;
use crate::object::Object;

/// A request that goes through the proxy of a node, pod or service, all of which exist.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Proxied {
    /// `nodes`, `pods` or `services`.
    pub resource: String,
    /// The namespace; empty for a node.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// `https` if the client asked for that; `http` or empty otherwise.
    pub scheme: String,
    /// The port as the client named it, by number or name; empty for the first there is.
    pub port: String,
    /// What the request is for there: the rest of the path, with a slash at its beginning.
    pub path: String,
    /// The request as it came, with its whole body.
    pub request: Request<Bytes>,
}

pub(super) async fn serve(
    passage: &Passage<'_>,
    request: Request<Bytes>,
) -> Result<Response<Body>, Failure> {
    let (scheme, name, port) = split(&passage.name).ok_or_else(|| {
        let kind = passage.resource.singular.as_str();
        failure::bad_request(format!("invalid {kind} request {:?}", passage.name))
    })?;
    let object = passage.object(name)?;
    let Some(handler) = &passage.backends().proxy else {
        return Err(unreachable(passage, &object, port));
    };
    let proxied = Proxied {
        resource: passage.resource.plural.clone(),
        namespace: passage.namespace.clone(),
        name: name.to_owned(),
        scheme: scheme.to_owned(),
        port: port.to_owned(),
        path: path(passage),
        request,
    };
    Ok(handler(proxied).await)
}

/// `name`, `name:port` or `scheme:name:port` as scheme, name and port.
fn split(id: &str) -> Option<(&str, &str, &str)> {
    let parts: Vec<&str> = id.split(':').collect();
    let (scheme, name, port) = match parts.as_slice() {
        [name] => ("", *name, ""),
        [name, port] => ("", *name, *port),
        [scheme @ ("" | "http" | "https"), name, port] => (*scheme, *name, *port),
        _ => return None,
    };
    (!name.is_empty()).then_some((scheme, name, port))
}

/// What follows `proxy` in the path, as the client wrote it.
fn path(passage: &Passage<'_>) -> String {
    // Before it come the group, the version, the resource with its name, and for all but nodes the namespace.
    let before = match passage.namespace.as_str() {
        "" => 6,
        _ => 8,
    };
    let rest = passage.head.uri.path().splitn(before + 1, '/').nth(before);
    format!("/{}", rest.unwrap_or(""))
}

/// What is said where nobody answers.
fn unreachable(passage: &Passage<'_>, object: &Object, port: &str) -> Failure {
    let document = object.document();
    let status = document.get("status").unwrap_or(&Value::Null);
    let address = match passage.resource.plural.as_str() {
        "nodes" => match node::kubelet(passage.world, object.content().name()) {
            Ok(kubelet) => kubelet,
            Err(refusal) => return refusal,
        },
        "pods" => match status["podIP"].as_str().unwrap_or("") {
            "" => return failure::bad_request("address not allowed"),
            address => format!("{address}:{}", first_port(&document, port)),
        },
        _ => {
            let name = object.content().name();
            let why = format!("no endpoints available for service {name:?}");
            return unavailable(why);
        }
    };
    let problem = node::refused(&address);
    unavailable(format!("error trying to reach service: {problem}"))
}

/// The port that was asked for, or the first that a container of the pod has.
fn first_port(pod: &crate::request::Document, asked: &str) -> String {
    if !asked.is_empty() {
        return asked.to_owned();
    }
    let containers = pod
        .get("spec")
        .and_then(|spec| spec["containers"].as_array());
    let mut ports = containers
        .into_iter()
        .flatten()
        .map(|container| &container["ports"][0]);
    let port = ports.find_map(|port| port["containerPort"].as_u64());
    port.unwrap_or(80).to_string()
}

fn unavailable(message: String) -> Failure {
    Box::new(Status::failure(
        503,
        StatusReason::ServiceUnavailable,
        message,
    ))
}
