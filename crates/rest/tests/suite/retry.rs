//! Retries as a user of the client sees them.

use std::io::ErrorKind;
use std::time::Duration;

use http::Method;
use kubekit_core::Patch;
use kubekit_rest::{RestClient, RetryPolicy};
use serde_json::json;

use crate::support::script::{Answer, Script, json as answer};
use crate::support::{client, config, list_json, map, map_json, maps, status_json};

fn busy() -> Answer {
    answer(429, status_json(429, "TooManyRequests", "busy")).header("retry-after", "1")
}

#[tokio::test(start_paused = true)]
async fn a_create_that_was_turned_away_is_sent_again_with_the_same_body() {
    let script = Script::new([busy(), busy(), answer(201, map_json("a"))]);
    let created = maps(&script).create(&map("a")).await.expect("a map");
    assert_eq!(created.metadata.name.as_deref(), Some("a"));

    let requests = script.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|asked| asked.body == requests[0].body));
    assert!(!requests[0].body.is_empty());
    assert!(
        script
            .gaps()
            .iter()
            .all(|gap| *gap >= Duration::from_secs(1))
    );
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_answer_was_lost_is_not_sent_again() {
    let script = Script::new([Answer::Failure(ErrorKind::ConnectionReset)]);
    let error = maps(&script)
        .create(&map("a"))
        .await
        .expect_err("no answer");
    assert!(error.is_connection_lost(), "{error}");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_that_may_have_been_committed_is_sent_again() {
    let patch = || Patch::merge(&json!({"data": {"a": "1"}})).expect("a patch");
    for failure in [ErrorKind::ConnectionReset, ErrorKind::UnexpectedEof] {
        let script = Script::new([(); 3].map(|()| Answer::Failure(failure)));
        let maps = maps(&script);
        assert!(maps.update(&map("a")).await.is_err());
        assert!(maps.patch("a", patch()).await.is_err());
        assert!(maps.delete("a").await.is_err());
        assert_eq!(script.requests().len(), 3, "one attempt each");
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_survives_lost_connections_and_server_errors() {
    let script = Script::new([
        Answer::Failure(ErrorKind::ConnectionReset),
        answer(500, "boom"),
        answer(200, map_json("a")),
    ]);
    let found = maps(&script).get("a").await.expect("a map");
    assert_eq!(found.metadata.name.as_deref(), Some("a"));
}

#[tokio::test(start_paused = true)]
async fn an_apply_and_a_dry_run_survive_lost_connections() {
    let lost = || Answer::Failure(ErrorKind::BrokenPipe);
    let found = || answer(200, map_json("a"));
    let script = Script::new([lost(), found(), lost(), found()]);
    let apply = Patch::apply(&map("a")).expect("a patch");
    let maps = maps(&script);
    maps.patch("a", apply)
        .field_manager("m")
        .await
        .expect("a map");
    maps.create(&map("a")).dry_run().await.expect("a map");
    assert_eq!(script.requests().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_raw_post_is_sent_again_only_if_it_is_said_to_be_safe() {
    let lost = || Answer::Failure(ErrorKind::ConnectionReset);
    let script = Script::new([lost(), lost(), answer(200, "{}")]);
    let client = client(&script);
    let review = || {
        client
            .request(Method::POST, "/review")
            .body("application/json", "{}")
    };
    assert!(review().bytes().await.is_err());
    assert_eq!(
        review().safe_to_repeat().bytes().await.expect("an answer"),
        "{}"
    );
}

#[tokio::test(start_paused = true)]
async fn after_ten_attempts_the_last_answer_is_returned() {
    let script = Script::new((0..10).map(|_| busy()));
    let error = maps(&script).get("a").await.expect_err("a busy server");
    assert!(error.is_too_many_requests());
    assert_eq!(error.attempts(), 10);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
    assert!(
        error.to_string().ends_with("busy (after 10 attempts)"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn retries_end_with_the_deadline() {
    let policy = RetryPolicy::new().deadline(Duration::from_secs(3));
    let script = Script::new((0..3).map(|_| busy()));
    let client = RestClient::builder(&config())
        .transport(script.clone())
        .retry(policy)
        .build()
        .expect("a client");
    let error = client
        .get("/version")
        .bytes()
        .await
        .expect_err("a busy server");
    assert_eq!(error.attempts(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_is_reported_at_once() {
    let script = Script::new([Answer::Failure(ErrorKind::ConnectionRefused)]);
    let error = maps(&script).get("a").await.expect_err("no connection");
    assert!(error.is_connect() && !error.is_connection_lost(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn dropping_the_future_ends_the_retries() {
    let script = Script::new([busy()]);
    let get = maps(&script).get("a");
    let cancelled = tokio::time::timeout(Duration::from_millis(500), get).await;
    assert!(cancelled.is_err());
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_list_is_read_again_as_a_whole() {
    let script = Script::new([
        answer(503, "").header("retry-after", "2"),
        answer(200, list_json(&["a"], "")),
    ]);
    let list = maps(&script).list().await.expect("a list");
    assert_eq!(list.items.len(), 1);
    assert!(script.gaps()[0] >= Duration::from_secs(2));
}
