//! What is passed on to nodes: logs, sessions and proxies.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use http::Response;
use kubekit_core::{Status, StatusReason};
use kubekit_fake::{ApiServer, Body, Listening, PodSession};
use serde_json::json;
use support::{get, post, put};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PODS: &str = "/api/v1/namespaces/default/pods";

/// Creates the pod `p` with these containers.
async fn create_pod(server: &ApiServer, containers: &[&str]) {
    let container = |name| json!({"name": name, "image": "i:1"});
    let containers: Vec<_> = containers.iter().map(container).collect();
    let pod = json!({"metadata": {"name": "p"}, "spec": {"containers": containers}});
    assert_eq!(post(server, PODS, pod).await.code, 201);
}

/// Fails instead of waiting for ever.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    let waited = tokio::time::timeout(Duration::from_secs(20), future).await;
    waited.expect("this should not take long")
}

#[tokio::test]
async fn a_pod_on_no_node_has_no_log() {
    let server = ApiServer::new();
    create_pod(&server, &["c"]).await;
    let answer = get(&server, &format!("{PODS}/p/log")).await;
    assert_eq!((answer.code, answer.body), (204, json!("")));
    assert_eq!(get(&server, &format!("{PODS}/none/log")).await.code, 404);
    let refused = get(&server, &format!("{PODS}/p/log?container=d")).await;
    assert_eq!(
        refused.body["message"],
        "container d is not valid for pod p"
    );
    let refused = get(&server, &format!("{PODS}/p/log?tailLines=-1&limitBytes=0")).await;
    assert_eq!(refused.code, 422);
    assert_eq!(
        refused.body["details"]["causes"].as_array().unwrap().len(),
        2
    );
}

#[tokio::test]
async fn a_pod_with_several_containers_must_be_asked_for_one() {
    let server = ApiServer::new();
    create_pod(&server, &["c", "d"]).await;
    let refused = get(&server, &format!("{PODS}/p/log")).await;
    let wanted = "a container name must be specified for pod p, choose one of: [c d]";
    assert_eq!(refused.body["message"], wanted);
}

#[tokio::test]
async fn logs_come_from_the_handler() {
    let server = ApiServer::builder()
        .pod_logs(|log| match log.previous {
            true => {
                let why = "never restarted";
                Err(Box::new(Status::failure(
                    400,
                    StatusReason::BadRequest,
                    why,
                )))
            }
            false => {
                let lines =
                    (0..log.tail_lines.unwrap_or(3)).map(|line| Bytes::from(format!("{line}\n")));
                Ok(Body::from_stream(stream::iter(lines)))
            }
        })
        .build();
    create_pod(&server, &["c"]).await;
    let log = get(&server, &format!("{PODS}/p/log?tailLines=2")).await;
    assert_eq!((log.code, log.body), (200, json!("0\n1\n")));
    let refused = get(&server, &format!("{PODS}/p/log?previous=true")).await;
    assert_eq!(
        (refused.code, &refused.body["message"]),
        (400, &json!("never restarted"))
    );
}

#[tokio::test]
async fn nodes_cannot_be_reached_without_a_handler() {
    let server = ApiServer::new();
    create_pod(&server, &["c"]).await;
    let exec = format!("{PODS}/p/exec?command=ls");
    let refused = get(&server, &exec).await;
    assert_eq!(
        refused.body["message"],
        "pod p does not have a host assigned"
    );

    let binding = json!({"metadata": {"name": "p"}, "target": {"kind": "Node", "name": "n"}});
    post(&server, &format!("{PODS}/p/binding"), binding).await;
    let refused = get(&server, &exec).await;
    assert_eq!(
        (refused.code, &refused.body["message"]),
        (404, &json!("nodes \"n\" not found"))
    );
    let addresses = json!([{"type": "InternalIP", "address": "10.0.0.9"}]);
    let node = json!({"metadata": {"name": "n"}, "status": {"addresses": addresses}});
    assert_eq!(post(&server, "/api/v1/nodes", node).await.code, 201);
    let refused = get(&server, &format!("{PODS}/p/log")).await;
    assert_eq!(refused.code, 500);
    assert!(
        refused.body["message"]
            .as_str()
            .unwrap()
            .contains("10.0.0.9:10250")
    );
    assert_eq!(
        get(&server, &exec).await.body["message"],
        "Upgrade request required"
    );
    assert_eq!(
        get(&server, "/api/v1/nodes/n/proxy/healthz").await.code,
        503
    );
    assert_eq!(
        get(&server, "/api/v1/nodes/none/proxy/healthz").await.code,
        404
    );
    assert_eq!(get(&server, &format!("{PODS}/p/proxy")).await.code, 400);
}

#[tokio::test]
async fn proxied_requests_arrive_whole() {
    let server = ApiServer::builder()
        .proxy(|proxied| async move {
            let body = String::from_utf8_lossy(proxied.request.body()).into_owned();
            let (resource, name, path) = (&proxied.resource, &proxied.name, &proxied.path);
            let text = format!(
                "{} {resource} {name}:{} {path} {body}",
                proxied.request.method(),
                proxied.port
            );
            Response::builder()
                .status(418)
                .body(Body::from(text))
                .unwrap()
        })
        .build();
    create_pod(&server, &["c"]).await;
    let path = format!("{PODS}/https:p:8080/proxy/a%2Fb/c/");
    let answer = put(&server, &path, json!({"x": 1})).await;
    assert_eq!(answer.code, 418);
    assert_eq!(answer.body, json!("PUT pods p:8080 /a%2Fb/c/ {\"x\":1}"));
}

async fn listening(server: &ApiServer) -> (Listening, TcpStream) {
    let listening = server.listen(([127, 0, 0, 1], 0)).await.unwrap();
    let stream = TcpStream::connect(listening.address()).await.unwrap();
    (listening, stream)
}

/// Sends a handshake and reads the head of the answer.
async fn shake_hands(stream: &mut TcpStream, request: &str, headers: &str) -> String {
    let head = format!("{request} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap().to_lowercase()
}

const WEBSOCKET: &str = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n";

/// Says what it was asked for, then what it is told.
async fn echo(mut session: PodSession) {
    let greeting = format!(
        "{} {:?} {} ",
        session.container, session.command, session.protocol
    );
    session
        .connection
        .write_all(greeting.as_bytes())
        .await
        .unwrap();
    let mut heard = [0; 4];
    session.connection.read_exact(&mut heard).await.unwrap();
    session.connection.write_all(&heard).await.unwrap();
}

#[tokio::test]
async fn a_websocket_reaches_the_handler_of_commands() {
    let server = ApiServer::builder().pod_exec(echo).build();
    create_pod(&server, &["c"]).await;
    let (listening, mut stream) = listening(&server).await;
    let request = format!("GET {PODS}/p/exec?command=sh&command=-c&stdout=true");
    let head = soon(shake_hands(&mut stream, &request, WEBSOCKET)).await;
    assert!(head.starts_with("http/1.1 101"), "{head}");
    assert!(
        head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="),
        "{head}"
    );
    assert!(
        head.contains("sec-websocket-protocol: v5.channel.k8s.io"),
        "{head}"
    );

    stream.write_all(b"\x00\xffhi").await.unwrap();
    let mut heard = Vec::new();
    soon(stream.read_to_end(&mut heard)).await.unwrap();
    assert_eq!(heard, b"c [\"sh\", \"-c\"] v5.channel.k8s.io \x00\xffhi");
    listening.shutdown().await;
}

#[tokio::test]
async fn spdy_reaches_the_handler_of_ports() {
    let server = ApiServer::builder().pod_port_forward(echo).build();
    create_pod(&server, &["c"]).await;
    let (_listening, mut stream) = listening(&server).await;
    let headers = "Upgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: portforward.k8s.io\r\n\
        Content-Length: 0\r\n";
    let request = format!("POST {PODS}/p/portforward");
    let head = soon(shake_hands(&mut stream, &request, headers)).await;
    assert!(head.starts_with("http/1.1 101"), "{head}");
    assert!(
        head.contains("x-stream-protocol-version: portforward.k8s.io"),
        "{head}"
    );
    stream.write_all(b"ping").await.unwrap();
    let mut heard = Vec::new();
    soon(stream.read_to_end(&mut heard)).await.unwrap();
    assert_eq!(heard, b" [] portforward.k8s.io ping");
}

#[tokio::test]
async fn a_session_needs_a_pod_and_a_handshake() {
    let server = ApiServer::builder().pod_exec(echo).build();
    create_pod(&server, &["c"]).await;
    let (_listening, mut stream) = listening(&server).await;
    let head = soon(shake_hands(
        &mut stream,
        &format!("GET {PODS}/none/exec"),
        WEBSOCKET,
    ))
    .await;
    assert!(head.starts_with("http/1.1 404"), "{head}");
    let refused = get(&server, &format!("{PODS}/p/exec?command=ls")).await;
    assert_eq!(refused.body["message"], "Upgrade request required");
}

#[tokio::test]
async fn a_session_ends_with_the_server() {
    let server = ApiServer::builder()
        .pod_attach(|session| async move {
            let _open = session;
            std::future::pending::<()>().await;
        })
        .build();
    create_pod(&server, &["c"]).await;
    let (listening, mut stream) = listening(&server).await;
    let head = soon(shake_hands(
        &mut stream,
        &format!("GET {PODS}/p/attach"),
        WEBSOCKET,
    ))
    .await;
    assert!(head.starts_with("http/1.1 101"), "{head}");
    soon(listening.shutdown()).await;
    assert_eq!(soon(stream.read(&mut [0; 1])).await.unwrap(), 0);
}
