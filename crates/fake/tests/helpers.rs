//! What a cluster has beside its API server, for tests that want it: garbage collection, running pods, ready workloads.

mod support;

use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{MAPS, create_map, delete, get, merge, post, watch};

const PODS: &str = "/api/v1/namespaces/default/pods";
const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/default/deployments";

fn collecting() -> ApiServer {
    ApiServer::builder().garbage_collector().build()
}

fn reference(owner: &Value, blocks: bool) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "blockOwnerDeletion": blocks,
    })
}

async fn owned(server: &ApiServer, name: &str, owners: &[&Value]) -> Value {
    let owners: Vec<Value> = owners.iter().map(|owner| reference(owner, true)).collect();
    let map = json!({"metadata": {"name": name, "ownerReferences": owners}});
    post(server, MAPS, map).await.body
}

async fn exists(server: &ApiServer, name: &str) -> bool {
    get(server, &format!("{MAPS}/{name}")).await.code == 200
}

async fn remove(server: &ApiServer, name: &str, policy: &str) -> Value {
    let path = format!("{MAPS}/{name}");
    delete(server, &path, json!({"propagationPolicy": policy}))
        .await
        .body
}

#[tokio::test]
async fn without_a_collector_owners_mean_nothing() {
    let server = ApiServer::new();
    let owner = create_map(&server, "owner").await;
    owned(&server, "owned", &[&owner]).await;
    remove(&server, "owner", "Background").await;
    assert!(exists(&server, "owned").await);
}

#[tokio::test]
async fn what_is_owned_goes_with_its_last_owner() {
    let server = collecting();
    let (a, b) = (
        create_map(&server, "a").await,
        create_map(&server, "b").await,
    );
    owned(&server, "owned", &[&a, &b]).await;
    remove(&server, "a", "Background").await;
    let left = get(&server, &format!("{MAPS}/owned")).await.body;
    assert_eq!(
        left["metadata"]["ownerReferences"],
        json!([reference(&b, true)])
    );
    remove(&server, "b", "Background").await;
    assert!(!exists(&server, "owned").await);
}

#[tokio::test]
async fn what_is_created_for_an_owner_that_is_gone_goes_too() {
    let server = collecting();
    let owner = create_map(&server, "owner").await;
    remove(&server, "owner", "Background").await;
    owned(&server, "late", &[&owner]).await;
    assert!(!exists(&server, "late").await);
}

#[tokio::test]
async fn orphans_stay_and_forget_their_owner() {
    let server = collecting();
    let owner = create_map(&server, "owner").await;
    owned(&server, "orphan", &[&owner]).await;
    remove(&server, "owner", "Orphan").await;
    assert!(!exists(&server, "owner").await);
    let orphan = get(&server, &format!("{MAPS}/orphan")).await.body;
    assert_eq!(orphan["metadata"]["ownerReferences"], Value::Null);
}

#[tokio::test]
async fn in_the_foreground_dependents_go_first() {
    let server = collecting();
    let owner = create_map(&server, "owner").await;
    let child = owned(&server, "child", &[&owner]).await;
    owned(&server, "grandchild", &[&child]).await;
    let from = server.revision();
    remove(&server, "owner", "Foreground").await;

    let mut events = watch(&server, &format!("{MAPS}?watch=1&resourceVersion={from}")).await;
    let mut gone = Vec::new();
    while gone.len() < 3 {
        let (kind, name, _) = events.event().await;
        if kind == "DELETED" {
            gone.push(name);
        }
    }
    assert_eq!(gone, ["grandchild", "child", "owner"]);
}

#[tokio::test]
async fn in_the_foreground_an_owner_waits_for_finalizers_of_dependents() {
    let server = collecting();
    let owner = create_map(&server, "owner").await;
    owned(&server, "held", &[&owner]).await;
    let held = format!("{MAPS}/held");
    merge(
        &server,
        &held,
        json!({"metadata": {"finalizers": ["example.com/hold"]}}),
    )
    .await;
    remove(&server, "owner", "Foreground").await;
    assert!(exists(&server, "owner").await && exists(&server, "held").await);
    merge(&server, &held, json!({"metadata": {"finalizers": null}})).await;
    assert!(!exists(&server, "owner").await && !exists(&server, "held").await);
}

#[tokio::test]
async fn a_long_chain_of_owners_is_no_problem() {
    let server = collecting();
    let mut owner = create_map(&server, "m").await;
    for index in 0..2_000 {
        owner = owned(&server, &format!("m-{index}"), &[&owner]).await;
    }
    remove(&server, "m", "Background").await;
    let left = get(&server, MAPS).await.body;
    let left = support::names(&left)
        .into_iter()
        .filter(|name| name.starts_with('m'))
        .count();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn an_owner_in_another_namespace_is_none() {
    let server = collecting();
    let owner = create_map(&server, "owner").await;
    let map = json!({"metadata": {"name": "far", "ownerReferences": [reference(&owner, false)]}});
    post(&server, "/api/v1/namespaces/kube-public/configmaps", map).await;
    assert_eq!(
        get(&server, "/api/v1/namespaces/kube-public/configmaps/far")
            .await
            .code,
        404
    );
}

fn pod(name: &str) -> Value {
    json!({"metadata": {"name": name}, "spec": {"containers": [{"name": "c", "image": "i"}]}})
}

#[tokio::test]
async fn pods_run_and_stop() {
    let server = ApiServer::builder().kubelet().build();
    let created = post(&server, PODS, pod("a")).await.body;
    assert_eq!(created["status"]["phase"], "Pending");
    let path = format!("{PODS}/a");
    let runs = get(&server, &path).await.body;
    assert_eq!(runs["status"]["phase"], "Running");
    assert_eq!(runs["spec"]["nodeName"], "fake-node");
    assert_eq!(runs["status"]["containerStatuses"][0]["ready"], true);
    let conditions = runs["status"]["conditions"].as_array().unwrap();
    assert!(
        conditions
            .iter()
            .any(|condition| condition["type"] == "Ready" && condition["status"] == "True")
    );

    delete(&server, &path, Value::Null).await;
    assert_eq!(get(&server, &path).await.code, 404);
}

#[tokio::test]
async fn a_pod_with_finalizers_is_stopped_and_stays() {
    let server = ApiServer::builder().kubelet().build();
    let mut held = pod("a");
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    post(&server, PODS, held).await;
    let path = format!("{PODS}/a");
    delete(&server, &path, Value::Null).await;
    let stopped = get(&server, &path).await.body;
    assert_eq!(stopped["metadata"]["deletionGracePeriodSeconds"], 0);
    merge(&server, &path, json!({"metadata": {"finalizers": null}})).await;
    assert_eq!(get(&server, &path).await.code, 404);
}

#[tokio::test]
async fn deployments_become_available_whenever_they_change() {
    let server = ApiServer::builder().workload_controllers().build();
    let labels = json!({"app": "a"});
    let deployment = json!({
        "metadata": {"name": "a"},
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod("a")["spec"]},
        },
    });
    assert_eq!(post(&server, DEPLOYMENTS, deployment).await.code, 201);
    let path = format!("{DEPLOYMENTS}/a");
    let status = get(&server, &path).await.body["status"].clone();
    assert_eq!(
        (&status["readyReplicas"], &status["observedGeneration"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(status["conditions"][0]["type"], "Available");

    merge(&server, &path, json!({"spec": {"replicas": 0}})).await;
    let status = get(&server, &path).await.body["status"].clone();
    assert_eq!(
        (&status["readyReplicas"], &status["observedGeneration"]),
        (&Value::Null, &json!(2))
    );
}
