//! How long things may take.

use std::time::Duration;

use kubekit_rest::RestClient;
use tokio::time::Instant;

use crate::support::script::{Answer, Script, json as answer, pieces};
use crate::support::{client, config, maps};

#[tokio::test(start_paused = true)]
async fn a_request_without_an_answer_ends_after_two_minutes() {
    let script = Script::new([Answer::Silence]);
    let started = Instant::now();
    let error = maps(&script).get("a").await.expect_err("no answer");
    assert!(error.is_timeout() && !error.is_connection_lost(), "{error}");
    assert_eq!(started.elapsed(), Duration::from_secs(120));
    assert_eq!(script.only_request().query(), "");
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_the_configuration_is_told_to_the_server() {
    let script = Script::new([Answer::Silence]);
    let config = config().request_timeout(Duration::from_secs(5));
    let client = RestClient::builder(&config)
        .transport(script.clone())
        .build()
        .expect("a client");
    let started = Instant::now();
    let error = client.get("/").bytes().await.expect_err("no answer");
    assert!(error.is_timeout());
    assert_eq!(started.elapsed(), Duration::from_secs(5));
    assert_eq!(script.only_request().query(), "timeout=5s");
}

#[tokio::test(start_paused = true)]
async fn the_limit_holds_for_the_body_too() {
    let endless =
        futures::stream::pending::<Result<http_body::Frame<bytes::Bytes>, std::io::Error>>();
    let body = kubekit_rest::Body::new(http_body_util::StreamBody::new(endless));
    let script = Script::new([Answer::Response(http::Response::new(body))]);
    let request = client(&script).get("/").timeout(Duration::from_secs(3));
    let error = request.bytes().await.expect_err("no end");
    assert!(error.is_timeout());
}

#[tokio::test(start_paused = true)]
async fn a_watch_must_begin_within_thirty_seconds() {
    let script = Script::new([Answer::Silence]);
    let started = Instant::now();
    let error = maps(&script).watch().await.expect_err("no answer");
    assert!(error.is_timeout(), "{error}");
    assert_eq!(started.elapsed(), Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn a_watch_may_last_longer_than_a_request() {
    use futures::StreamExt;

    let config = config().request_timeout(Duration::from_secs(5));
    let quiet = futures::stream::once(async {
        tokio::time::sleep(Duration::from_secs(3600)).await;
        Ok::<_, std::io::Error>(http_body::Frame::data(bytes::Bytes::from_static(
            br#"{"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"9"}}}"#,
        )))
    });
    let body = kubekit_rest::Body::new(http_body_util::StreamBody::new(quiet));
    let script = Script::new([Answer::Response(http::Response::new(body))]);
    let client = RestClient::builder(&config)
        .transport(script.clone())
        .build()
        .expect("a client");
    let maps = client.api::<k8s_openapi::api::core::v1::ConfigMap, _>(kubekit_core::AllNamespaces);
    let mut watch = maps.watch().await.expect("a watch");
    assert!(watch.next().await.expect("an event").is_ok());
    assert!(!script.only_request().query().contains("timeout"));
}

#[tokio::test(start_paused = true)]
async fn a_refused_watch_whose_account_does_not_end_is_reported_all_the_same() {
    let endless =
        futures::stream::pending::<Result<http_body::Frame<bytes::Bytes>, std::io::Error>>();
    let body = kubekit_rest::Body::new(http_body_util::StreamBody::new(endless));
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::FORBIDDEN;
    let script = Script::new([Answer::Response(response)]);
    let error = maps(&script).watch().await.expect_err("refused");
    assert!(error.is_forbidden(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_limit_can_be_switched_off() {
    let script = Script::new([Answer::Silence]);
    let client = RestClient::builder(&config())
        .transport(script)
        .without_request_timeout()
        .build()
        .expect("a client");
    let call = tokio::time::timeout(Duration::from_secs(3600), client.get("/").bytes());
    assert!(call.await.is_err(), "still waiting after an hour");
}

#[tokio::test(start_paused = true)]
async fn send_is_bound_until_the_answer_begins() {
    let script = Script::new([Answer::Silence, pieces([Ok("x")]), answer(500, "")]);
    let client = client(&script);
    let error = client.get("/").send().await.expect_err("no answer");
    assert!(error.is_timeout());
    let answer = client.get("/").send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
}
