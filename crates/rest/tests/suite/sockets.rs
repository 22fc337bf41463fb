//! Real connections, plain and in pieces.

use std::time::Duration;

use futures::StreamExt;
use http::Method;
use k8s_openapi::api::core::v1::ConfigMap;
use kubekit_config::Config;
use kubekit_core::Namespace;
use kubekit_rest::RestClient;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::support::map;
use crate::support::server::{
    begin_chunked, chunk, client_once, end_chunked, listen, read_head, serve_one, url,
};

const EVENT: &str = r#"{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"1"}}}"#;
/// Long enough for anything that should happen on the loopback interface.
const SOON: Duration = Duration::from_secs(10);

fn maps(client: &RestClient) -> kubekit_rest::Api<ConfigMap, Namespace> {
    client.api(Namespace::new("shop"))
}

#[tokio::test]
async fn events_may_be_split_and_merged_by_the_network() {
    let (listener, address) = listen().await;
    let server = serve_one(listener, |mut stream| async move {
        begin_chunked(&mut stream).await;
        chunk(&mut stream, &EVENT[..30]).await;
        chunk(&mut stream, &EVENT[30..31]).await;
        chunk(
            &mut stream,
            &format!("{}\n{EVENT}\n{}", &EVENT[31..], &EVENT[..50]),
        )
        .await;
        chunk(&mut stream, &EVENT[50..]).await;
        end_chunked(&mut stream).await;
    });
    let watch = maps(&client_once(address)).watch().await.expect("a watch");
    let events: Vec<_> = timeout(SOON, watch.collect()).await.expect("an end");
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(Result::is_ok));
    server.await.expect("a server");
}

#[tokio::test]
async fn a_watch_cut_in_the_middle_of_an_event_is_a_lost_connection() {
    let (listener, address) = listen().await;
    let server = serve_one(listener, |mut stream| async move {
        begin_chunked(&mut stream).await;
        chunk(&mut stream, EVENT).await;
        chunk(&mut stream, &EVENT[..40]).await;
    });
    let mut watch = maps(&client_once(address)).watch().await.expect("a watch");
    assert!(watch.next().await.expect("an event").is_ok());
    let error = timeout(SOON, watch.next())
        .await
        .expect("an end")
        .expect("an item")
        .expect_err("half an event");
    assert!(error.is_connection_lost(), "{error}");
    assert!(watch.next().await.is_none());
    server.await.expect("a server");
}

#[tokio::test]
async fn a_watch_cut_between_events_is_a_lost_connection_too() {
    let (listener, address) = listen().await;
    let server = serve_one(listener, |mut stream| async move {
        begin_chunked(&mut stream).await;
        chunk(&mut stream, EVENT).await;
    });
    let watch = maps(&client_once(address)).watch().await.expect("a watch");
    let events: Vec<_> = timeout(SOON, watch.collect()).await.expect("an end");
    assert!(matches!(&events[..], [Ok(_), Err(error)] if error.is_connection_lost()));
    server.await.expect("a server");
}

#[tokio::test]
async fn dropping_a_watch_closes_its_connection() {
    let (listener, address) = listen().await;
    let server = serve_one(listener, |mut stream| async move {
        begin_chunked(&mut stream).await;
        chunk(&mut stream, EVENT).await;
        stream.read(&mut [0; 16]).await.unwrap_or(0)
    });
    let mut watch = maps(&client_once(address)).watch().await.expect("a watch");
    assert!(watch.next().await.is_some());
    drop(watch);
    let read = timeout(SOON, server).await.expect("a closed connection");
    assert_eq!(read.expect("a server"), 0);
}

#[tokio::test]
async fn dropping_a_request_closes_its_connection() {
    let (listener, address) = listen().await;
    let (asked, was_asked) = tokio::sync::oneshot::channel();
    let server = serve_one(listener, |mut stream| async move {
        asked.send(()).expect("a test that waits");
        stream.read(&mut [0; 16]).await.unwrap_or(0)
    });
    let maps = maps(&client_once(address));
    let call = tokio::spawn(maps.get("a").into_future());
    was_asked.await.expect("a request");
    call.abort();
    let read = timeout(SOON, server).await.expect("a closed connection");
    assert_eq!(read.expect("a server"), 0);
}

#[tokio::test]
async fn a_create_whose_connection_broke_is_sent_once() {
    let (listener, address) = listen().await;
    let server = tokio::spawn(async move {
        let mut connections = 0;
        while let Ok(Ok((mut stream, _))) =
            timeout(Duration::from_millis(500), listener.accept()).await
        {
            connections += 1;
            read_head(&mut stream).await;
        }
        connections
    });
    let config = Config::new(url("http", "127.0.0.1", address));
    let client = RestClient::new(&config).expect("a client");
    let error = maps(&client)
        .create(&map("a"))
        .await
        .expect_err("no answer");
    assert!(error.is_connection_lost(), "{error}");
    assert_eq!(server.await.expect("a server"), 1);
}

#[tokio::test]
async fn a_read_whose_connection_broke_is_sent_again() {
    let (listener, address) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        read_head(&mut stream).await;
        drop(stream);
        let (mut stream, _) = listener.accept().await.expect("a second connection");
        read_head(&mut stream).await;
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        stream.write_all(answer).await.expect("a client that reads");
    });
    let config = Config::new(url("http", "127.0.0.1", address));
    let client = RestClient::new(&config).expect("a client");
    let body = client.get("/version").bytes().await.expect("an answer");
    assert_eq!(body, "{}");
    server.await.expect("a server");
}

#[tokio::test]
async fn a_port_that_nobody_listens_on_is_a_failed_connect() {
    let (listener, address) = listen().await;
    drop(listener);
    let config = Config::new(url("http", "127.0.0.1", address));
    let client = RestClient::new(&config).expect("a client");
    let error = client
        .request(Method::POST, "/")
        .bytes()
        .await
        .expect_err("nobody");
    assert!(error.is_connect(), "{error}");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn a_server_that_never_shakes_hands_is_given_up() {
    let (_listener, address) = listen().await;
    let config = Config::new(url("https", "127.0.0.1", address))
        .tls(kubekit_config::Tls::new().insecure_skip_verify());
    let client = RestClient::builder(&config)
        .connect_timeout(Duration::from_millis(100))
        .build()
        .expect("a client");
    let error = timeout(SOON, client.get("/").bytes())
        .await
        .expect("a limit")
        .expect_err("no handshake");
    assert!(error.is_connect(), "{error}");
}

#[tokio::test]
async fn connections_are_kept_and_watches_have_their_own() {
    let (listener, address) = listen().await;
    let server = tokio::spawn(async move {
        let (mut first, _) = listener.accept().await.expect("a connection");
        for _ in 0..2 {
            let head = read_head(&mut first).await;
            assert!(head.starts_with("GET /version HTTP/1.1\r\n"), "{head}");
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
            first.write_all(answer).await.expect("a client that reads");
        }
        let (mut second, _) = listener.accept().await.expect("a connection for watches");
        let head = read_head(&mut second).await;
        assert!(head.contains("watch=true"), "{head}");
        begin_chunked(&mut second).await;
        end_chunked(&mut second).await;
    });
    let client = client_once(address);
    for _ in 0..2 {
        client.get("/version").bytes().await.expect("an answer");
    }
    let watch = maps(&client).watch().await.expect("a watch");
    assert_eq!(watch.count().await, 0);
    server.await.expect("a server");
}
