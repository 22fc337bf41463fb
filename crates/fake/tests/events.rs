//! Events, which are the same objects in the core group and in `events.k8s.io`.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{get, merge, names, post, put, watch};

const CORE: &str = "/api/v1/namespaces/default/events";
const NEW: &str = "/apis/events.k8s.io/v1/namespaces/default/events";

fn core_event(name: &str) -> Value {
    json!({
        "metadata": {"name": name},
        "involvedObject": {"kind": "Pod", "name": "p", "namespace": "default"},
        "reason": "Started",
        "message": "it began",
        "type": "Normal",
        "count": 1,
    })
}

fn new_event(name: &str) -> Value {
    json!({
        "metadata": {"name": name},
        "eventTime": "2024-01-01T00:00:00.000001Z",
        "reportingController": "example.com/ctl",
        "reportingInstance": "ctl-1",
        "action": "Doing",
        "reason": "Done",
        "regarding": {"kind": "Pod", "name": "p", "namespace": "default"},
        "note": "n",
        "type": "Warning",
    })
}

#[tokio::test]
async fn an_event_has_other_names_in_the_other_group() {
    let server = ApiServer::new();
    assert_eq!(post(&server, CORE, core_event("a")).await.code, 201);
    let seen = get(&server, &format!("{NEW}/a")).await.body;
    assert_eq!(seen["apiVersion"], "events.k8s.io/v1");
    assert_eq!(seen["note"], "it began");
    assert_eq!(seen["regarding"]["name"], "p");
    assert_eq!(seen["deprecatedCount"], 1);
    assert_eq!(seen.get("message"), None);
    assert_eq!(seen.get("reportingController"), None);

    assert_eq!(post(&server, NEW, new_event("b")).await.code, 201);
    let seen = get(&server, &format!("{CORE}/b")).await.body;
    assert_eq!(seen["message"], "n");
    assert_eq!(seen["reportingComponent"], "example.com/ctl");
    assert_eq!(seen["source"], json!({}));
}

#[tokio::test]
async fn selectors_know_the_names_of_their_group() {
    let server = ApiServer::new();
    post(&server, CORE, core_event("a")).await;
    post(&server, NEW, new_event("b")).await;
    for (path, selector) in [
        (CORE, "involvedObject.name=p,type=Warning"),
        (NEW, "regarding.name=p,type=Warning"),
        (CORE, "reportingComponent=example.com/ctl"),
        (NEW, "reportingController=example.com/ctl"),
    ] {
        let list = get(&server, &format!("{path}?fieldSelector={selector}")).await;
        assert_eq!(names(&list.body), ["b"], "{path} {selector}");
    }
    let refused = get(
        &server,
        &format!("{NEW}?fieldSelector=involvedObject.name=p"),
    )
    .await;
    assert_eq!(refused.code, 400);
}

#[tokio::test]
async fn patches_and_watches_see_the_names_of_their_group() {
    let server = ApiServer::new();
    let mut changes = watch(&server, &format!("{CORE}?watch=1")).await;
    post(&server, NEW, new_event("b")).await;
    let added = changes.next().await.unwrap();
    assert_eq!(added["object"]["message"], "n");

    let series = json!({"series": {"count": 2, "lastObservedTime": "2024-01-01T00:00:05.000000Z"}});
    let patched = merge(&server, &format!("{NEW}/b"), series.clone()).await;
    assert_eq!(patched.code, 200, "{}", patched.body);
    assert_eq!(patched.body["note"], "n");
    let modified = changes.next().await.unwrap();
    assert_eq!(modified["object"]["series"], series["series"]);
}

#[tokio::test]
async fn new_events_have_more_rules() {
    let server = ApiServer::new();
    for (field, path) in [
        ("action", "action"),
        ("eventTime", "eventTime"),
        ("type", "type"),
        ("reportingInstance", "reportingInstance"),
    ] {
        let mut event = new_event("bad");
        event.as_object_mut().unwrap().remove(field);
        let refused = post(&server, NEW, event).await;
        assert_eq!(refused.code, 422, "{field}: {}", refused.body);
        assert_eq!(refused.body["details"]["causes"][0]["field"], path);
        assert_eq!(refused.body["details"].get("group"), None);
    }
    post(&server, NEW, new_event("b")).await;
    let mut other = new_event("b");
    other["note"] = json!("another");
    let refused = put(&server, &format!("{NEW}/b"), other).await;
    assert_eq!(refused.code, 422, "{}", refused.body);
    assert_eq!(refused.body["details"]["causes"][0]["field"], "message");
}

#[tokio::test]
async fn an_event_is_in_the_namespace_of_what_it_is_about() {
    let server = ApiServer::new();
    let mut event = core_event("a");
    event["involvedObject"]["namespace"] = json!("elsewhere");
    let refused = post(&server, CORE, event).await;
    assert_eq!(refused.code, 422);
    assert_eq!(
        refused.body["details"]["causes"][0]["field"],
        "involvedObject.namespace"
    );
}
