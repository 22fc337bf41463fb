//! Snapshots, the virtual clock and the seed: the same state again.

mod support;

use std::time::Duration;

use jiff::Timestamp;
use kubekit_fake::{ApiServer, Clock};
use serde_json::{Value, json};
use support::{DEFINITIONS, MAPS, create_map, define, delete, get, merge, names, post, watch};

const WIDGETS: &str = "/apis/example.com/v1/namespaces/default/widgets";

#[tokio::test]
async fn restoring_undoes_what_came_after() {
    let server = ApiServer::new();
    let kept = create_map(&server, "kept").await;
    create_map(&server, "deleted").await;
    let snapshot = server.snapshot();
    let before = get(&server, MAPS).await.body["items"].clone();

    merge(
        &server,
        &format!("{MAPS}/kept"),
        json!({"data": {"k": "v"}}),
    )
    .await;
    delete(&server, &format!("{MAPS}/deleted"), Value::Null).await;
    create_map(&server, "new").await;
    server.restore(&snapshot);

    assert_eq!(get(&server, MAPS).await.body["items"], before);
    assert_eq!(
        get(&server, &format!("{MAPS}/kept")).await.body["metadata"],
        kept["metadata"]
    );
}

#[tokio::test]
async fn the_revision_never_goes_back() {
    let server = ApiServer::new();
    let snapshot = server.snapshot();
    create_map(&server, "a").await;
    let last = server.revision();
    server.restore(&snapshot);
    assert!(server.revision() > last);
    assert!(snapshot.revision() < last);
    let again = create_map(&server, "a").await;
    assert!(support::version(&again) > last);
}

#[tokio::test]
async fn watches_and_pages_begin_anew() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    create_map(&server, "b").await;
    let snapshot = server.snapshot();
    let mut events = watch(
        &server,
        &format!("{MAPS}?watch=1&resourceVersion={}", server.revision()),
    )
    .await;
    let page = get(&server, &format!("{MAPS}?limit=1")).await.body;
    let next = page["metadata"]["continue"].as_str().unwrap();

    server.restore(&snapshot);
    assert_eq!(events.event_code().await, 410);
    assert_eq!(
        get(&server, &format!("{MAPS}?limit=1&continue={next}"))
            .await
            .code,
        410
    );
}

#[tokio::test]
async fn custom_resources_come_and_go_with_their_definitions() {
    let server = ApiServer::new();
    let without = server.snapshot();
    define(&server, "widgets", "Widget").await;
    post(
        &server,
        WIDGETS,
        json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}}),
    )
    .await;
    let with = server.snapshot();

    server.restore(&without);
    assert_eq!(get(&server, WIDGETS).await.code, 404);
    server.restore(&with);
    assert_eq!(names(&get(&server, WIDGETS).await.body), ["w"]);

    delete(
        &server,
        &format!("{DEFINITIONS}/widgets.example.com"),
        Value::Null,
    )
    .await;
    assert_eq!(get(&server, WIDGETS).await.code, 404);
    server.restore(&with);
    assert_eq!(names(&get(&server, WIDGETS).await.body), ["w"]);
    let mut events = watch(&server, &format!("{WIDGETS}?watch=1")).await;
    assert_eq!(events.event().await.1, "w");
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_and_clock_make_the_same_world() {
    async fn world() -> Value {
        let start: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
        let server = ApiServer::builder()
            .seed(7)
            .clock(Clock::virtual_from(start))
            .build();
        post(&server, MAPS, json!({"metadata": {"generateName": "a-"}})).await;
        tokio::time::advance(Duration::from_secs(90)).await;
        post(&server, MAPS, json!({"metadata": {"generateName": "a-"}})).await;
        get(&server, MAPS).await.body
    }
    let first = world().await;
    assert_eq!(first, world().await);
    let times: Vec<_> = first["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|map| &map["metadata"]["creationTimestamp"])
        .collect();
    assert!(
        times.contains(&&Value::from("2030-01-01T00:00:00Z")),
        "{times:?}"
    );
    assert!(
        times.contains(&&Value::from("2030-01-01T00:01:30Z")),
        "{times:?}"
    );
}
