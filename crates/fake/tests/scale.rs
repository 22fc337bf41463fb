//! The scale subresource.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{DEFINITIONS, definition, get, merge, post, put};

const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/default/deployments";

async fn with_deployment() -> ApiServer {
    let server = ApiServer::new();
    let labels = json!({"app": "web"});
    let deployment = json!({
        "metadata": {"name": "web"},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "i"}]}},
        },
    });
    let created = post(&server, DEPLOYMENTS, deployment).await;
    assert_eq!(created.code, 201, "{}", created.body);
    server
}

#[tokio::test]
async fn a_deployment_shows_its_scale() {
    let server = with_deployment().await;
    let scale = get(&server, &format!("{DEPLOYMENTS}/web/scale")).await.body;
    assert_eq!(
        (&scale["kind"], &scale["apiVersion"]),
        (&json!("Scale"), &json!("autoscaling/v1"))
    );
    assert_eq!(scale["spec"], json!({"replicas": 2}));
    assert_eq!(
        scale["status"],
        json!({"replicas": 0, "selector": "app=web"})
    );
}

#[tokio::test]
async fn scaling_is_an_update_of_the_object() {
    let server = with_deployment().await;
    let path = format!("{DEPLOYMENTS}/web/scale");
    let old = get(&server, &path).await.body;
    let scaled = merge(&server, &path, json!({"spec": {"replicas": 5}}))
        .await
        .body;
    assert_eq!(scaled["spec"]["replicas"], 5);
    let deployment = get(&server, &format!("{DEPLOYMENTS}/web")).await.body;
    assert_eq!(
        (
            &deployment["spec"]["replicas"],
            &deployment["metadata"]["generation"]
        ),
        (&json!(5), &json!(2))
    );
    assert_eq!(
        deployment["metadata"]["resourceVersion"],
        scaled["metadata"]["resourceVersion"]
    );

    let stale = put(&server, &path, old).await;
    assert_eq!(
        (stale.code, &stale.body["details"]["kind"]),
        (409, &json!("deployments"))
    );
    let unconditional = json!({"metadata": {"name": "web"}, "spec": {}});
    assert_eq!(
        put(&server, &path, unconditional).await.body["spec"],
        json!({})
    );
}

#[tokio::test]
async fn nonsense_is_refused() {
    let server = with_deployment().await;
    let path = format!("{DEPLOYMENTS}/web/scale");
    let negative = merge(&server, &path, json!({"spec": {"replicas": -1}})).await;
    assert_eq!(
        (negative.code, &negative.body["details"]["group"]),
        (422, &json!("autoscaling"))
    );
    let other = put(
        &server,
        &path,
        json!({"metadata": {"name": "api"}, "spec": {"replicas": 1}}),
    )
    .await;
    assert_eq!(other.code, 400);
    assert_eq!(
        get(&server, &format!("{DEPLOYMENTS}/none/scale"))
            .await
            .code,
        404
    );
    assert_eq!(post(&server, &path, json!({})).await.code, 405);
}

#[tokio::test]
async fn custom_resources_scale_where_their_definition_says() {
    let server = ApiServer::new();
    let mut scalable = definition("widgets", "Widget");
    scalable["spec"]["versions"][0]["subresources"] = json!({"scale": {
        "specReplicasPath": ".spec.size",
        "statusReplicasPath": ".status.have",
        "labelSelectorPath": ".status.selector",
    }});
    post(&server, DEFINITIONS, scalable).await;
    let widgets = "/apis/example.com/v1/namespaces/default/widgets";
    let widget = |name: &str, spec: Value| {
        json!({
            "apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": name},
            "spec": spec, "status": {"have": 1, "selector": "app=w"},
        })
    };
    post(&server, widgets, widget("a", json!({"size": 3}))).await;
    let scale = get(&server, &format!("{widgets}/a/scale")).await.body;
    assert_eq!(
        (&scale["spec"], &scale["status"]),
        (
            &json!({"replicas": 3}),
            &json!({"replicas": 1, "selector": "app=w"})
        )
    );
    merge(
        &server,
        &format!("{widgets}/a/scale"),
        json!({"spec": {"replicas": 8}}),
    )
    .await;
    assert_eq!(
        get(&server, &format!("{widgets}/a")).await.body["spec"]["size"],
        8
    );

    post(&server, widgets, widget("b", json!({}))).await;
    let unsaid = get(&server, &format!("{widgets}/b/scale")).await;
    assert_eq!(
        (unsaid.code, &unsaid.body["reason"]),
        (500, &json!("InternalError"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn patches_of_a_scale_do_not_get_in_each_others_way() {
    let server = with_deployment().await;
    let mut tasks = tokio::task::JoinSet::new();
    for replicas in 1..50 {
        let server = server.clone();
        tasks.spawn(async move {
            let path = format!("{DEPLOYMENTS}/web/scale");
            merge(&server, &path, json!({"spec": {"replicas": replicas}}))
                .await
                .code
        });
    }
    assert!(tasks.join_all().await.iter().all(|code| *code == 200));
}
