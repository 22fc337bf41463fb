//! What goes wrong on purpose, in process and over a socket.

mod support;

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::SignedDuration;
use k8s_openapi::api::core::v1::ConfigMap;
use kubekit_core::{Namespace, Status, StatusReason};
use kubekit_fake::{ApiServer, Fault, Requests, Verb};
use kubekit_rest::Api;
use serde_json::{Value, json};
use support::{MAPS, call, create_map, get, post, watch};
use tokio::time::Instant;
use tower::ServiceExt;

fn maps() -> Requests {
    Requests::all().resource("configmaps")
}

fn client(server: &ApiServer) -> Api<ConfigMap, Namespace> {
    server.client().api(Namespace::new("default"))
}

fn named(name: &str) -> ConfigMap {
    let mut map = ConfigMap::default();
    map.metadata.name = Some(name.to_owned());
    map
}

#[tokio::test(start_paused = true)]
async fn a_fault_is_for_the_requests_it_names() {
    let server = ApiServer::new();
    server.inject(maps().verb(Verb::Get).name("a"), Fault::internal_error());
    create_map(&server, "a").await;
    create_map(&server, "b").await;

    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 500);
    assert_eq!(get(&server, &format!("{MAPS}/b")).await.code, 200);
    assert_eq!(get(&server, MAPS).await.code, 200);
}

#[tokio::test(start_paused = true)]
async fn a_counted_fault_is_used_up() {
    let server = ApiServer::new();
    let fault = server.inject(maps(), Fault::unavailable().times(2));
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(get(&server, MAPS).await.code);
    }
    assert_eq!(codes, [503, 503, 200, 200]);
    assert_eq!(fault.hits(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_removed_fault_does_nothing() {
    let server = ApiServer::new();
    let fault = server.inject(maps(), Fault::unavailable());
    assert_eq!(get(&server, MAPS).await.code, 503);
    fault.remove();
    assert_eq!(get(&server, MAPS).await.code, 200);

    server.inject(maps(), Fault::unavailable());
    server.clear_faults();
    assert_eq!(get(&server, MAPS).await.code, 200);
}

#[tokio::test(start_paused = true)]
async fn the_first_of_two_faults_decides_and_the_other_is_not_used_up() {
    let server = ApiServer::new();
    server.inject(maps(), Fault::unavailable().once());
    let second = server.inject(maps(), Fault::internal_error().once());
    assert_eq!(get(&server, MAPS).await.code, 503);
    assert_eq!(second.hits(), 0);
    assert_eq!(get(&server, MAPS).await.code, 500);
}

#[tokio::test(start_paused = true)]
async fn latencies_add_up() {
    let server = ApiServer::new();
    server.inject(Requests::all(), Fault::latency(Duration::from_secs(3)));
    server.inject(maps(), Fault::latency(Duration::from_secs(4)));
    let start = Instant::now();
    assert_eq!(get(&server, MAPS).await.code, 200);
    assert_eq!(start.elapsed().as_secs(), 7);
}

#[tokio::test(start_paused = true)]
async fn too_many_requests_say_when_to_come_back() {
    let server = ApiServer::new();
    server.inject(
        maps(),
        Fault::too_many_requests(Duration::from_secs(9)).once(),
    );
    let request = Request::get(MAPS).body(Full::default()).unwrap();
    let response = support::send(&server, request).await;
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "9");
}

#[tokio::test(start_paused = true)]
async fn discovery_can_fail() {
    let server = ApiServer::new();
    server.inject(Requests::all().path("/apis"), Fault::unavailable().once());
    assert_eq!(get(&server, "/apis").await.code, 503);
    assert_eq!(get(&server, "/apis").await.code, 200);
}

#[tokio::test(start_paused = true)]
async fn a_status_is_passed_on_as_it_is() {
    let server = ApiServer::new();
    let status = Status::failure(403, StatusReason::Forbidden, "not on a Sunday");
    server.inject(maps().verb(Verb::Create), Fault::status(status));
    let answer = post(&server, MAPS, json!({"metadata": {"name": "a"}})).await;
    assert_eq!(
        (answer.code, &answer.body["message"]),
        (403, &Value::from("not on a Sunday"))
    );
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 404);
}

#[tokio::test(start_paused = true)]
async fn a_cut_request_is_not_carried_out() {
    let server = ApiServer::new();
    server.inject(maps().verb(Verb::Create), Fault::cut().once());
    let error = client(&server).create(&named("a")).await.unwrap_err();
    assert!(error.status().is_none(), "{error}");
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 404);
}

#[tokio::test(start_paused = true)]
async fn a_lost_response_is_that_of_a_write_that_took_place() {
    let server = ApiServer::new();
    server.inject(maps().verb(Verb::Create), Fault::lost_response().once());
    assert!(client(&server).create(&named("a")).await.is_err());
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 200);
}

#[tokio::test(start_paused = true)]
async fn a_hung_request_is_never_answered() {
    let server = ApiServer::new();
    server.inject(maps(), Fault::hang().once());
    let hour = Duration::from_secs(3600);
    assert!(
        tokio::time::timeout(hour, get(&server, MAPS))
            .await
            .is_err()
    );
    assert_eq!(get(&server, MAPS).await.code, 200);
}

#[tokio::test(start_paused = true)]
async fn a_watch_ends_after_so_many_events() {
    let server = ApiServer::new();
    for name in ["a", "b", "c"] {
        create_map(&server, name).await;
    }
    let path = format!("{MAPS}?watch=1&fieldSelector=metadata.name!%3Dkube-root-ca.crt");
    server.inject(maps().verb(Verb::Watch), Fault::stream_end(2).once());
    let mut events = watch(&server, &path).await;
    assert_eq!(events.event().await.1, "a");
    assert_eq!(events.event().await.1, "b");
    assert!(events.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_watch_expires_after_so_many_events() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    server.inject(maps().verb(Verb::Watch), Fault::stream_expired(1).once());
    let mut events = watch(&server, &format!("{MAPS}?watch=1")).await;
    events.event().await;
    assert_eq!(events.event_code().await, 410);
    assert!(events.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_ends_before_its_fault_just_ends() {
    let server = ApiServer::new();
    server.inject(maps().verb(Verb::Watch), Fault::stream_expired(5));
    let path = format!(
        "{MAPS}?watch=1&resourceVersion={}&timeoutSeconds=3",
        server.revision()
    );
    assert!(watch(&server, &path).await.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_silent_watch_stays_open() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    server.inject(maps().verb(Verb::Watch), Fault::stream_silence(1).once());
    let mut events = watch(&server, &format!("{MAPS}?watch=1&timeoutSeconds=5")).await;
    events.event().await;
    create_map(&server, "b").await;
    let hour = Duration::from_secs(3600);
    assert!(tokio::time::timeout(hour, events.next()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_initial_events_can_go_missing() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    server.inject(maps().verb(Verb::Watch), Fault::no_end_bookmark().once());
    let path = format!(
        "{MAPS}?watch=1&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
    );
    let mut events = watch(&server, &path).await;
    assert_eq!(events.event().await.0, "ADDED");
    assert!(events.is_quiet().await);

    let mut whole = watch(&server, &path).await;
    assert_eq!(whole.event().await.0, "ADDED");
    assert_eq!(whole.event().await.0, "BOOKMARK");
}

#[tokio::test(start_paused = true)]
async fn a_cut_watch_breaks_off() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    server.inject(maps().verb(Verb::Watch), Fault::stream_cut(1).once());
    let request = Request::get(format!("{MAPS}?watch=1"))
        .body(Full::<Bytes>::default())
        .unwrap();
    let mut body = server.oneshot(request).await.unwrap().into_body();
    let mut bytes = 0;
    let error = loop {
        match body.frame().await.expect("it does not end properly") {
            Ok(frame) => bytes += frame.into_data().unwrap().len(),
            Err(error) => break error,
        }
    };
    assert!(bytes > 0, "the event before the cut has come");
    assert_eq!(error.to_string(), "the connection was cut");
}

#[tokio::test(start_paused = true)]
async fn the_clock_can_be_off() {
    let server = ApiServer::new();
    server.skew_clock(SignedDuration::from_hours(-24 * 365));
    let early = create_map(&server, "a").await;
    server.skew_clock(SignedDuration::ZERO);
    let right = create_map(&server, "b").await;
    let year = |map: &Value| {
        map["metadata"]["creationTimestamp"].as_str().unwrap()[..4]
            .parse::<u16>()
            .unwrap()
    };
    assert_eq!(year(&early) + 1, year(&right));
}

#[tokio::test]
async fn over_a_socket_the_connection_really_goes_away() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let listening = server.listen(([127, 0, 0, 1], 0)).await.unwrap();
    let http = Client::builder(TokioExecutor::new())
        .retry_canceled_requests(false)
        .build_http::<Full<Bytes>>();
    let url = |path: &str| format!("{}{path}", listening.url()).parse().unwrap();

    server.inject(maps().verb(Verb::Get), Fault::cut().once());
    assert!(http.get(url(&format!("{MAPS}/a"))).await.is_err());
    assert!(http.get(url(&format!("{MAPS}/a"))).await.is_ok());

    server.inject(maps().verb(Verb::Watch), Fault::stream_cut(1).once());
    let mut body = http
        .get(url(&format!("{MAPS}?watch=1")))
        .await
        .unwrap()
        .into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(first.starts_with(br#"{"type":"ADDED""#));
    let rest = body.collect().await;
    assert!(rest.is_err(), "the stream does not end properly");
    listening.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_injected_later_spares_what_goes_on() {
    let server = ApiServer::new();
    let mut events = watch(&server, &format!("{MAPS}?watch=1")).await;
    server.inject(Requests::all().verb(Verb::Watch), Fault::stream_end(0));
    create_map(&server, "a").await;
    assert_eq!(events.event().await.1, "a");
    let answer = call(
        &server,
        Method::GET,
        &format!("{MAPS}/a"),
        "application/json",
        Value::Null,
    )
    .await;
    assert_eq!(answer.code, 200);
}
