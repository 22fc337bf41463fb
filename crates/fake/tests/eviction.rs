//! Evictions, and the budgets that refuse them.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{Answer, get, merge, post};

const PODS: &str = "/api/v1/namespaces/default/pods";
const BUDGETS: &str = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

async fn run_pod(server: &ApiServer, name: &str, ready: &str) {
    let spec = json!({"nodeName": "n", "containers": [{"name": "c", "image": "i:1"}]});
    let pod = json!({"metadata": {"name": name, "labels": {"app": "x"}}, "spec": spec});
    assert_eq!(post(server, PODS, pod).await.code, 201);
    let conditions = json!([{"type": "Ready", "status": ready}]);
    let status = json!({"status": {"phase": "Running", "conditions": conditions}});
    let path = format!("{PODS}/{name}/status");
    assert_eq!(merge(server, &path, status).await.code, 200);
}

/// Makes a budget that has been observed and has this status.
async fn budget(server: &ApiServer, name: &str, status: Value) {
    let selector = json!({"matchLabels": {"app": "x"}});
    let spec = json!({"minAvailable": 1, "selector": selector});
    let body = json!({"metadata": {"name": name}, "spec": spec});
    assert_eq!(post(server, BUDGETS, body).await.code, 201);
    let path = format!("{BUDGETS}/{name}/status");
    let observed = json!({"status": {"observedGeneration": 1}});
    merge(server, &path, observed).await;
    assert_eq!(
        merge(server, &path, json!({"status": status})).await.code,
        200
    );
}

async fn evict(server: &ApiServer, name: &str, options: Value) -> Answer {
    let body = json!({
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": name},
        "deleteOptions": options,
    });
    post(server, &format!("{PODS}/{name}/eviction"), body).await
}

async fn allowed(server: &ApiServer, name: &str) -> Value {
    get(server, &format!("{BUDGETS}/{name}")).await.body["status"]["disruptionsAllowed"].clone()
}

#[tokio::test]
async fn a_pod_that_only_waits_is_evicted_whatever_budgets_say() {
    let server = ApiServer::new();
    let pod = json!({
        "metadata": {"name": "a", "labels": {"app": "x"}},
        "spec": {"containers": [{"name": "c", "image": "i:1"}]},
    });
    post(&server, PODS, pod).await;
    budget(&server, "b", json!({"disruptionsAllowed": 0})).await;
    assert_eq!(evict(&server, "a", Value::Null).await.code, 201);
    assert_eq!(get(&server, &format!("{PODS}/a")).await.code, 404);
}

#[tokio::test]
async fn an_eviction_is_taken_from_the_budget_and_written_down() {
    let server = ApiServer::new();
    run_pod(&server, "a", "True").await;
    run_pod(&server, "b", "True").await;
    budget(&server, "b", json!({"disruptionsAllowed": 1})).await;
    assert_eq!(evict(&server, "a", Value::Null).await.code, 201);

    let status = get(&server, &format!("{BUDGETS}/b")).await.body["status"].clone();
    assert_eq!(status["disruptionsAllowed"], 0);
    assert!(status["disruptedPods"]["a"].is_string());
    assert_eq!(status["conditions"][0]["type"], "DisruptionAllowed");
    assert_eq!(status["conditions"][0]["status"], "False");
    let pod = get(&server, &format!("{PODS}/a")).await.body;
    let reason = &pod["status"]["conditions"][1]["reason"];
    assert_eq!(*reason, "EvictionByEvictionAPI");

    let refused = evict(&server, "b", Value::Null).await;
    assert_eq!(refused.code, 429);
    assert_eq!(refused.body["details"]["retryAfterSeconds"], Value::Null);
    assert_eq!(
        refused.body["details"]["causes"][0]["reason"],
        "DisruptionBudget"
    );
}

#[tokio::test]
async fn a_budget_that_is_not_up_to_date_asks_to_wait() {
    let server = ApiServer::new();
    run_pod(&server, "a", "True").await;
    budget(&server, "b", json!({"disruptionsAllowed": 1})).await;
    merge(
        &server,
        &format!("{BUDGETS}/b"),
        json!({"spec": {"minAvailable": 2}}),
    )
    .await;
    let refused = evict(&server, "a", Value::Null).await;
    assert_eq!(refused.code, 429);
    assert_eq!(refused.body["details"]["retryAfterSeconds"], 10);
}

#[tokio::test]
async fn two_budgets_are_one_too_many() {
    let server = ApiServer::new();
    run_pod(&server, "a", "True").await;
    budget(&server, "b", json!({"disruptionsAllowed": 1})).await;
    budget(&server, "c", json!({"disruptionsAllowed": 1})).await;
    assert_eq!(evict(&server, "a", Value::Null).await.code, 500);
    assert_eq!(allowed(&server, "b").await, 1);
}

#[tokio::test]
async fn a_dry_run_asks_the_budget_and_takes_nothing() {
    let server = ApiServer::new();
    run_pod(&server, "a", "True").await;
    budget(&server, "b", json!({"disruptionsAllowed": 0})).await;
    let options = json!({"dryRun": ["All"]});
    assert_eq!(evict(&server, "a", options.clone()).await.code, 429);
    let path = format!("{BUDGETS}/b/status");
    merge(&server, &path, json!({"status": {"disruptionsAllowed": 1}})).await;
    let revision = server.revision();
    assert_eq!(evict(&server, "a", options).await.code, 201);
    assert_eq!(server.revision(), revision);
}

#[tokio::test]
async fn a_pod_that_is_not_ready_costs_nothing_while_enough_others_are() {
    let server = ApiServer::new();
    run_pod(&server, "a", "False").await;
    run_pod(&server, "b", "False").await;
    let status = json!({"disruptionsAllowed": 0, "currentHealthy": 1, "desiredHealthy": 1});
    budget(&server, "b", status).await;
    assert_eq!(evict(&server, "a", Value::Null).await.code, 201);
    let path = format!("{BUDGETS}/b/status");
    merge(&server, &path, json!({"status": {"currentHealthy": 0}})).await;
    assert_eq!(evict(&server, "b", Value::Null).await.code, 429);
}

#[tokio::test]
async fn another_pod_is_not_evicted_but_costs_the_budget() {
    let server = ApiServer::new();
    run_pod(&server, "a", "True").await;
    budget(&server, "b", json!({"disruptionsAllowed": 1})).await;
    let options = json!({"preconditions": {"uid": "another"}});
    let refused = evict(&server, "a", options).await;
    assert_eq!(
        (refused.code, &refused.body["reason"]),
        (409, &json!("Conflict"))
    );
    assert_eq!(allowed(&server, "b").await, 0);
    let pod = get(&server, &format!("{PODS}/a")).await.body;
    assert_eq!(pod["metadata"]["deletionTimestamp"], Value::Null);
}

#[tokio::test]
async fn an_eviction_can_insist_on_the_version_that_was_seen() {
    let server = ApiServer::new();
    run_pod(&server, "a", "True").await;
    let path = format!("{PODS}/a");
    let seen = get(&server, &path).await.body["metadata"]["resourceVersion"].clone();
    let options = json!({"preconditions": {"resourceVersion": seen}});
    merge(
        &server,
        &path,
        json!({"metadata": {"labels": {"new": "1"}}}),
    )
    .await;
    assert_eq!(evict(&server, "a", options).await.code, 409);
    let seen = get(&server, &path).await.body["metadata"]["resourceVersion"].clone();
    let options = json!({"preconditions": {"resourceVersion": seen}});
    assert_eq!(evict(&server, "a", options).await.code, 201);
}
