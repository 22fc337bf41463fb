//! Changes as they happen.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use std::time::Duration;

use kubekit_fake::ApiServer;
use serde_json::json;
use support::{MAPS, create_map, delete, merge, post, version, watch};
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn a_watch_from_a_version_sees_everything_after_it() {
    let server = ApiServer::new();
    let from = version(&create_map(&server, "a").await);
    create_map(&server, "b").await;
    merge(&server, &format!("{MAPS}/a"), json!({"data": {"v": "1"}})).await;
    let mut events = watch(&server, &format!("{MAPS}?watch=1&resourceVersion={from}")).await;
    delete(&server, &format!("{MAPS}/b"), json!(null)).await;

    assert_eq!(events.event().await, ("ADDED".into(), "b".into(), from + 1));
    assert_eq!(
        events.event().await,
        ("MODIFIED".into(), "a".into(), from + 2)
    );
    assert_eq!(
        events.event().await,
        ("DELETED".into(), "b".into(), from + 3)
    );
    assert!(events.is_quiet().await);
}

#[tokio::test(start_paused = true)]
async fn a_watch_without_a_version_begins_with_what_there_is() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    for query in ["watch=1", "watch=true&resourceVersion=0"] {
        let mut events = watch(&server, &format!("{MAPS}?{query}")).await;
        assert_eq!(events.event().await.1, "a");
        assert!(events.is_quiet().await);
    }
}

#[tokio::test(start_paused = true)]
async fn a_streaming_list_ends_with_a_bookmark() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let path = format!(
        "{MAPS}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
    );
    let mut events = watch(&server, &path).await;

    assert_eq!(events.event().await.1, "a");
    let bookmark = events.next().await.unwrap();
    assert_eq!(bookmark["type"], "BOOKMARK");
    assert_eq!(bookmark["object"]["kind"], "ConfigMap");
    assert_eq!(version(&bookmark["object"]), server.revision());
    let annotations = &bookmark["object"]["metadata"]["annotations"];
    assert_eq!(annotations["k8s.io/initial-events-end"], "true");

    create_map(&server, "b").await;
    assert_eq!(events.event().await.0, "ADDED");
}

#[tokio::test(start_paused = true)]
async fn an_object_enters_and_leaves_a_selection() {
    let server = ApiServer::new();
    let path = format!("{MAPS}/a");
    let from = version(&create_map(&server, "a").await);
    let query = format!("watch=1&resourceVersion={from}&labelSelector=app%3Dx");
    let mut events = watch(&server, &format!("{MAPS}?{query}")).await;

    merge(
        &server,
        &path,
        json!({"metadata": {"labels": {"app": "x"}}}),
    )
    .await;
    merge(&server, &path, json!({"data": {"v": "1"}})).await;
    merge(
        &server,
        &path,
        json!({"metadata": {"labels": {"app": "y"}}, "data": {"v": "2"}}),
    )
    .await;
    merge(&server, &path, json!({"data": {"v": "3"}})).await;

    assert_eq!(events.event().await, ("ADDED".into(), "a".into(), from + 1));
    assert_eq!(
        events.event().await,
        ("MODIFIED".into(), "a".into(), from + 2)
    );
    let left = events.next().await.unwrap();
    assert_eq!(left["type"], "DELETED");
    assert_eq!(left["object"]["data"]["v"], "1");
    assert_eq!(version(&left["object"]), from + 3);
    assert!(events.is_quiet().await);
}

#[tokio::test(start_paused = true)]
async fn bookmarks_come_at_intervals_and_before_the_end() {
    let server = ApiServer::builder()
        .bookmark_interval(Duration::from_secs(60))
        .build();
    let from = server.revision();
    let path = format!(
        "{MAPS}?watch=1&resourceVersion={from}&allowWatchBookmarks=true&timeoutSeconds=150"
    );
    let start = Instant::now();
    let mut events = watch(&server, &path).await;
    create_map(&server, "a").await;
    assert_eq!(events.event().await.0, "ADDED");

    for due in [60, 120, 148] {
        let (kind, _, revision) = events.event().await;
        assert_eq!((kind.as_str(), revision), ("BOOKMARK", from + 1));
        assert_eq!(start.elapsed().as_secs(), due);
    }
    assert!(events.next().await.is_none());
    assert_eq!(start.elapsed().as_secs(), 150);
}

#[tokio::test(start_paused = true)]
async fn a_watch_from_a_compacted_version_is_expired() {
    let server = ApiServer::new();
    let from = version(&create_map(&server, "a").await);
    create_map(&server, "b").await;
    server.compact();

    let mut events = watch(&server, &format!("{MAPS}?watch=1&resourceVersion={from}")).await;
    let frame = events.next().await.unwrap();
    assert_eq!(
        (&frame["type"], &frame["object"]["code"]),
        (&json!("ERROR"), &json!(410))
    );
    assert_eq!(frame["object"]["reason"], "Expired");
    assert!(events.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn history_is_forgotten_by_size() {
    let server = ApiServer::builder().history(8).build();
    let from = version(&create_map(&server, "first").await);
    for n in 0..20 {
        create_map(&server, &format!("m{n}")).await;
    }
    let mut old = watch(&server, &format!("{MAPS}?watch=1&resourceVersion={from}")).await;
    assert_eq!(old.event_code().await, 410);
    let recent = server.revision() - 2;
    let mut recent = watch(&server, &format!("{MAPS}?watch=1&resourceVersion={recent}")).await;
    assert_eq!(recent.event().await.1, "m18");
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_falls_behind_is_cut() {
    let server = ApiServer::builder().watch_lag(300).build();
    let from = server.revision();
    let mut events = watch(&server, &format!("{MAPS}?watch=1&resourceVersion={from}")).await;
    for n in 0..1000 {
        create_map(&server, &format!("m{n}")).await;
    }
    assert!(events.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_watch_ends_cleanly_after_its_timeout() {
    let server = ApiServer::new();
    let start = Instant::now();
    let mut events = watch(&server, &format!("{MAPS}?watch=1&timeoutSeconds=7")).await;
    assert!(events.next().await.is_none());
    assert_eq!(start.elapsed(), Duration::from_secs(7));
}

#[tokio::test(start_paused = true)]
async fn deprecated_paths_watch_too() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    create_map(&server, "b").await;
    let mut all = watch(&server, "/api/v1/watch/namespaces/default/configmaps").await;
    assert_eq!(all.event().await.1, "a");
    let mut one = watch(&server, "/api/v1/watch/namespaces/default/configmaps/b").await;
    assert_eq!(one.event().await.1, "b");
    assert!(one.is_quiet().await);
}

#[tokio::test]
async fn watches_that_make_no_sense_are_refused() {
    let server = ApiServer::new();
    for (query, code) in [
        ("resourceVersion=abc", 500),
        ("sendInitialEvents=true", 422),
        ("resourceVersionMatch=NotOlderThan&resourceVersion=1", 422),
        ("continue=x", 422),
        ("labelSelector=a%20b%20c", 400),
        ("fieldSelector=data.x%3D1", 400),
    ] {
        let answer = support::get(&server, &format!("{MAPS}?watch=1&{query}")).await;
        assert_eq!(answer.code, code, "{query}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_watches_see_the_same_events_in_the_same_order() {
    let server = ApiServer::new();
    let from = server.revision();
    let mut watches = Vec::new();
    for _ in 0..100 {
        watches.push(
            watch(
                &server,
                &format!("/api/v1/configmaps?watch=1&resourceVersion={from}"),
            )
            .await,
        );
    }
    for n in 0..20 {
        post(
            &server,
            MAPS,
            json!({"metadata": {"name": format!("m{n}")}}),
        )
        .await;
    }
    for events in &mut watches {
        for n in 0..20 {
            assert_eq!(
                events.event().await,
                ("ADDED".into(), format!("m{n}"), from + 1 + n)
            );
        }
    }
}
