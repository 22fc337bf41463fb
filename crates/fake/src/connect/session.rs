//! Sessions with a pod: commands, terminals and forwarded ports, on a connection that no longer speaks HTTP.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Passage, container, handshake, node};
use crate::failure::{self, Failure};
use crate::http::{Body, Query};
use crate::listen::Sessions;

/// A session that a client has opened with a pod.
///
/// The handshake is done: what comes next on the connection is the first frame of [`protocol`](PodSession::protocol), and it is the
/// handler that speaks it. Dropping the session closes the connection.
#[derive(Debug)]
#[non_exhaustive]
pub struct PodSession {
    /// The namespace of the pod.
    pub namespace: String,
    /// The name of the pod, which exists.
    pub pod: String,
    /// The name of the container, which the pod has; empty where ports are forwarded.
    pub container: String,
    /// What to run; empty for what runs already.
    pub command: Vec<String>,
    /// Whether the client sends input.
    pub stdin: bool,
    /// Whether the client wants the output.
    pub stdout: bool,
    /// Whether the client wants the errors.
    pub stderr: bool,
    /// Whether it is a terminal.
    pub tty: bool,
    /// The ports named in the request; protocols with streams name them later.
    pub ports: Vec<u16>,
    /// The subprotocol that was agreed on, such as `v5.channel.k8s.io`; empty if the client offered none.
    pub protocol: String,
    /// The request as it came.
    pub request: Request<()>,
    /// The connection.
    pub connection: PodConnection,
}

/// The connection of a [`PodSession`].
pub struct PodConnection(TokioIo<Upgraded>);

pub(super) fn serve(passage: &Passage<'_>) -> Result<Response<Body>, Failure> {
    let (query, subresource) = (passage.query, passage.subresource.as_str());
    let ports = ports(query)?;
    let pod = passage.object(&passage.name)?.document();
    let container = match subresource {
        "portforward" => String::new(),
        _ => container::choose(&pod, &passage.name, query.text("container"))?,
    };
    let Some(handler) = passage.backends().sessions(subresource) else {
        return Err(unreachable(passage, container::node_of(&pod)));
    };
    let extensions = &passage.head.extensions;
    let upgrade = extensions.get::<OnUpgrade>().cloned();
    let (Some(upgrade), Some(sessions)) = (upgrade, extensions.get::<Sessions>()) else {
        return Err(upgrade_required());
    };
    if !handshake::is_wanted(&passage.head.headers) {
        return Err(upgrade_required());
    }
    let agreement = handshake::accept(subresource, &passage.head.headers)?;
    let [stdin, stdout, stderr, tty] =
        ["stdin", "stdout", "stderr", "tty"].map(|key| query.flag(key).unwrap_or(false));
    let command = query.all("command").map(str::to_owned).collect();
    let (namespace, pod) = (passage.namespace.clone(), passage.name.clone());
    let request = super::request(passage.head, ());
    let open = move |connection| PodSession {
        namespace,
        pod,
        container,
        command,
        stdin,
        stdout,
        stderr,
        tty,
        ports,
        protocol: agreement.protocol,
        request,
        connection: PodConnection(TokioIo::new(connection)),
    };
    let handler = Arc::clone(handler);
    sessions.spawn(async move {
        match upgrade.await {
            Ok(connection) => handler(open(connection)).await,
            Err(error) => tracing::debug!(%error, "a session did not begin"),
        }
    });
    Ok(agreement.response)
}

/// What is said of a pod that nobody has sessions with.
fn unreachable(passage: &Passage<'_>, node: &str) -> Failure {
    if node.is_empty() {
        let pod = &passage.name;
        return failure::bad_request(format!("pod {pod} does not have a host assigned"));
    }
    let kubelet = match node::kubelet(passage.world, node) {
        Ok(kubelet) => kubelet,
        Err(refusal) => return refusal,
    };
    if !handshake::is_wanted(&passage.head.headers) {
        return upgrade_required();
    }
    let problem = node::refused(&kubelet);
    failure::unexpected(format!("error dialing backend: {problem}"))
}

fn upgrade_required() -> Failure {
    failure::bad_request("Upgrade request required")
}

fn ports(query: &Query) -> Result<Vec<u16>, Failure> {
    let ports = query.all("ports").flat_map(|ports| ports.split(','));
    let ports = ports.filter(|port| !port.is_empty());
    let parsed = ports.map(|port| {
        let refuse = |error| failure::bad_request(format!("port {port:?}: {error}"));
        port.parse().map_err(refuse)
    });
    parsed.collect()
}

impl AsyncRead for PodConnection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for PodConnection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

impl fmt::Debug for PodConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PodConnection")
    }
}
