//! The server on a socket.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kubekit_fake::{ApiServer, Listening};
use serde_json::Value;
use support::{MAPS, create_map, get};
use tokio::net::TcpStream;

type HttpClient = Client<HttpConnector, Empty<Bytes>>;

fn http1() -> HttpClient {
    Client::builder(TokioExecutor::new()).build_http()
}

fn http2() -> HttpClient {
    Client::builder(TokioExecutor::new())
        .http2_only(true)
        .build_http()
}

async fn listening(server: &ApiServer) -> Listening {
    server.listen(([127, 0, 0, 1], 0)).await.unwrap()
}

async fn fetch(client: &HttpClient, url: String) -> http::Response<hyper::body::Incoming> {
    let request = Request::get(url).body(Empty::new()).unwrap();
    client.request(request).await.unwrap()
}

/// Fails instead of waiting for ever.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .expect("this should not take long")
}

#[tokio::test]
async fn the_socket_shows_the_same_objects_as_the_service() {
    let server = ApiServer::new();
    let listening = listening(&server).await;
    create_map(&server, "a").await;
    for client in [http1(), http2()] {
        let response = fetch(&client, format!("{}{MAPS}/a", listening.url())).await;
        assert_eq!(response.status(), 200);
        let object: Value =
            serde_json::from_slice(&response.collect().await.unwrap().to_bytes()).unwrap();
        assert_eq!(object, get(&server, &format!("{MAPS}/a")).await.body);
    }
    listening.shutdown().await;
}

#[tokio::test]
async fn a_url_has_the_port_that_was_taken() {
    let listening = listening(&ApiServer::new()).await;
    let port = listening.address().port();
    assert_ne!(port, 0);
    assert_eq!(listening.url(), format!("http://127.0.0.1:{port}"));
}

#[tokio::test]
async fn a_port_in_use_is_an_error() {
    let server = ApiServer::new();
    let first = listening(&server).await;
    let error = server.listen(first.address()).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

#[tokio::test]
async fn shutting_down_ends_watches_properly() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    for client in [http1(), http2()] {
        let listening = listening(&server).await;
        let response = fetch(&client, format!("{}{MAPS}?watch=1", listening.url())).await;
        let mut body = response.into_body();
        let first = soon(body.frame())
            .await
            .unwrap()
            .unwrap()
            .into_data()
            .unwrap();
        assert!(first.starts_with(br#"{"type":"ADDED""#));
        let address = listening.address();
        soon(listening.shutdown()).await;
        let rest = soon(body.collect())
            .await
            .expect("the stream ends without an error");
        assert_eq!(rest.to_bytes(), "");
        assert!(
            TcpStream::connect(address).await.is_err(),
            "nobody listens any more"
        );
    }
}

#[tokio::test]
async fn dropping_the_handle_cuts_connections() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    for client in [http1(), http2()] {
        let listening = listening(&server).await;
        let response = fetch(&client, format!("{}{MAPS}?watch=1", listening.url())).await;
        let mut body = response.into_body();
        soon(body.frame()).await.unwrap().unwrap();
        drop(listening);
        let end = soon(body.frame()).await;
        assert!(end.is_none_or(|frame| frame.is_err()));
    }
    assert_eq!(
        get(&server, &format!("{MAPS}/a")).await.code,
        200,
        "the objects are still there"
    );
}

#[tokio::test]
async fn a_connection_that_a_client_drops_ends_its_watch() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let listening = listening(&server).await;
    let response = fetch(&http1(), format!("{}{MAPS}?watch=1", listening.url())).await;
    drop(response);
    soon(listening.shutdown()).await;
}

#[tokio::test]
async fn the_kubeconfig_leads_to_the_server() {
    let listening = listening(&ApiServer::new()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    listening.write_kubeconfig(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, listening.kubeconfig());
    let config: Value = serde_yaml::from_str(&text).unwrap();
    let current = &config["current-context"];
    assert_eq!(config["contexts"][0]["name"], *current);
    assert_eq!(
        config["contexts"][0]["context"]["cluster"],
        config["clusters"][0]["name"]
    );
    assert_eq!(config["clusters"][0]["cluster"]["server"], listening.url());
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "no unfinished file is left behind");
}
