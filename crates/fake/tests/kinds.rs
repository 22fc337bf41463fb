//! What built-in kinds know of their fields: types, defaults, rules, and how lists are merged.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{Answer, MAPS, call, get, merge, post, put};

const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/default/deployments";
const PODS: &str = "/api/v1/namespaces/default/pods";
const SECRETS: &str = "/api/v1/namespaces/default/secrets";

async fn strategic(server: &ApiServer, path: &str, patch: Value) -> Answer {
    let content_type = "application/strategic-merge-patch+json";
    call(server, http::Method::PATCH, path, content_type, patch).await
}

fn deployment(containers: Value) -> Value {
    json!({
        "metadata": {"name": "d"},
        "spec": {
            "selector": {"matchLabels": {"app": "d"}},
            "template": {"metadata": {"labels": {"app": "d"}}, "spec": {"containers": containers}},
        },
    })
}

fn images(deployment: &Value) -> Vec<&str> {
    let containers = &deployment["spec"]["template"]["spec"]["containers"];
    let containers = containers.as_array().unwrap().iter();
    containers
        .map(|container| container["image"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn absent_fields_get_the_defaults_of_their_type() {
    let server = ApiServer::new();
    let containers = json!([{"name": "a", "image": "a"}, {"name": "b", "image": "reg:5000/b:1"}]);
    let created = post(&server, DEPLOYMENTS, deployment(containers))
        .await
        .body;

    let spec = &created["spec"];
    assert_eq!(spec["replicas"], 1);
    let rolling = json!({"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}});
    assert_eq!(spec["strategy"], rolling);
    let pod = &spec["template"]["spec"];
    assert_eq!(pod["restartPolicy"], "Always");
    assert_eq!(pod["containers"][0]["imagePullPolicy"], "Always");
    assert_eq!(pod["containers"][1]["imagePullPolicy"], "IfNotPresent");
    assert_eq!(created["status"], json!({}));

    let path = format!("{DEPLOYMENTS}/d");
    let patch = json!({"spec": {"replicas": null, "strategy": {"type": "Recreate", "rollingUpdate": null}}});
    let patched = merge(&server, &path, patch).await.body;
    assert_eq!(patched["spec"]["replicas"], 1);
    assert_eq!(patched["spec"]["strategy"], json!({"type": "Recreate"}));
}

#[tokio::test]
async fn values_of_the_wrong_type_are_refused() {
    let server = ApiServer::new();
    for (path, body) in [
        (MAPS, json!({"metadata": {"name": "a"}, "data": ["x"]})),
        (MAPS, json!({"metadata": {"name": "a"}, "data": {"k": 1}})),
        (
            SECRETS,
            json!({"metadata": {"name": "a"}, "data": {"k": "***"}}),
        ),
        (
            DEPLOYMENTS,
            json!({"metadata": {"name": "a"}, "spec": {"replicas": 1.5}}),
        ),
        (
            DEPLOYMENTS,
            json!({"metadata": {"name": "a"}, "spec": {"paused": "yes"}}),
        ),
    ] {
        let answer = post(&server, path, body.clone()).await;
        assert_eq!(
            (answer.code, &answer.body["reason"]),
            (400, &json!("BadRequest")),
            "{body}"
        );
    }
    post(&server, MAPS, json!({"metadata": {"name": "a"}})).await;
    let answer = merge(&server, &format!("{MAPS}/a"), json!({"data": "text"})).await;
    assert_eq!(answer.code, 422);
    assert_eq!(answer.body["details"]["causes"][0]["field"], "patch");
}

#[tokio::test]
async fn strategic_patches_merge_lists_by_key() {
    let server = ApiServer::new();
    let containers =
        json!([{"name": "x", "image": "x:1", "args": ["1", "2"]}, {"name": "y", "image": "y:1"}]);
    post(&server, DEPLOYMENTS, deployment(containers)).await;
    let path = format!("{DEPLOYMENTS}/d");
    let patch = async |pod: Value| {
        let answer = strategic(&server, &path, json!({"spec": {"template": {"spec": pod}}})).await;
        assert_eq!(answer.code, 200, "{}", answer.body);
        answer.body
    };

    let body = patch(json!({"containers": [{"name": "y", "image": "y:2"}]})).await;
    assert_eq!(images(&body), ["x:1", "y:2"]);
    let body = patch(json!({"containers": [{"name": "z", "image": "z:1"}]})).await;
    assert_eq!(images(&body), ["z:1", "x:1", "y:2"]);
    let body = patch(
        json!({"containers": [{"name": "z", "$patch": "delete"}, {"name": "x", "args": ["3"]}]}),
    )
    .await;
    assert_eq!(images(&body), ["x:1", "y:2"]);
    assert_eq!(
        body["spec"]["template"]["spec"]["containers"][0]["args"],
        json!(["3"])
    );
    let order = json!([{"name": "y"}, {"name": "x"}]);
    let body = patch(json!({"$setElementOrder/containers": order})).await;
    assert_eq!(images(&body), ["y:2", "x:1"]);
    let body =
        patch(json!({"containers": [{"$patch": "replace"}, {"name": "o", "image": "o:1"}]})).await;
    assert_eq!(images(&body), ["o:1"]);
}

#[tokio::test]
async fn strategic_patches_merge_finalizers_as_a_set() {
    let server = ApiServer::new();
    post(
        &server,
        MAPS,
        json!({"metadata": {"name": "a", "finalizers": ["example.com/a"]}}),
    )
    .await;
    let path = format!("{MAPS}/a");
    let added = strategic(
        &server,
        &path,
        json!({"metadata": {"finalizers": ["example.com/b"]}}),
    )
    .await;
    assert_eq!(
        added.body["metadata"]["finalizers"],
        json!(["example.com/b", "example.com/a"])
    );
    let removed = json!({"metadata": {"$deleteFromPrimitiveList/finalizers": ["example.com/a"]}});
    let removed = strategic(&server, &path, removed).await;
    assert_eq!(
        removed.body["metadata"]["finalizers"],
        json!(["example.com/b"])
    );
}

#[tokio::test]
async fn strategic_patches_that_make_no_sense_are_refused() {
    let server = ApiServer::new();
    post(
        &server,
        DEPLOYMENTS,
        deployment(json!([{"name": "x", "image": "x:1"}])),
    )
    .await;
    let path = format!("{DEPLOYMENTS}/d");
    for patch in [
        json!({"spec": {"template": {"spec": {"containers": [{"image": "no key"}]}}}}),
        json!({"spec": {"$patch": "explode"}}),
    ] {
        assert_eq!(
            strategic(&server, &path, patch.clone()).await.code,
            500,
            "{patch}"
        );
    }
}

#[tokio::test]
async fn secrets_move_text_into_data_and_keep_their_type() {
    let server = ApiServer::new();
    let body = json!({"metadata": {"name": "a"}, "stringData": {"user": "root"}});
    let created = post(&server, SECRETS, body).await.body;
    assert_eq!(created["data"], json!({"user": "cm9vdA=="}));
    assert_eq!(created["type"], "Opaque");
    assert!(created.get("stringData").is_none());

    let path = format!("{SECRETS}/a");
    let other = put(
        &server,
        &path,
        json!({"metadata": {"name": "a"}, "type": "example.com/other"}),
    )
    .await;
    assert_eq!(other.body["details"]["causes"][0]["field"], "type");
    let tls = json!({"metadata": {"name": "t"}, "type": "kubernetes.io/tls", "stringData": {"tls.crt": "x"}});
    let tls = post(&server, SECRETS, tls).await;
    assert_eq!(tls.body["details"]["causes"][0]["field"], "data[tls.key]");
}

#[tokio::test]
async fn an_immutable_config_map_keeps_its_data_but_not_its_labels() {
    let server = ApiServer::new();
    let path = format!("{MAPS}/a");
    let body = json!({"metadata": {"name": "a"}, "data": {"k": "v"}, "immutable": true});
    post(&server, MAPS, body).await;
    assert_eq!(
        merge(&server, &path, json!({"metadata": {"labels": {"l": "1"}}}))
            .await
            .code,
        200
    );
    for (patch, field) in [
        (json!({"data": {"k": "w"}}), "data"),
        (json!({"immutable": null}), "immutable"),
    ] {
        let answer = merge(&server, &path, patch).await;
        assert_eq!(answer.code, 422);
        assert_eq!(answer.body["details"]["causes"][0]["field"], field);
    }
}

#[tokio::test]
async fn a_pod_is_bound_once() {
    let server = ApiServer::new();
    let spec = json!({"containers": [{"name": "c", "image": "i"}]});
    post(
        &server,
        PODS,
        json!({"metadata": {"name": "p"}, "spec": spec}),
    )
    .await;
    let path = format!("{PODS}/p");
    let binding = json!({"metadata": {"name": "p"}, "target": {"kind": "Node", "name": "n1"}});

    let bound = post(&server, &format!("{path}/binding"), binding.clone()).await;
    assert_eq!(
        (bound.code, &bound.body["status"]),
        (201, &json!("Success"))
    );
    let pod = get(&server, &path).await.body;
    assert_eq!(pod["spec"]["nodeName"], "n1");
    assert_eq!(pod["status"]["conditions"][0]["type"], "PodScheduled");

    let again = post(&server, &format!("{path}/binding"), binding).await;
    assert_eq!(again.code, 409);
    assert_eq!(again.body["details"]["kind"], "pods/binding");
}

#[tokio::test]
async fn questions_are_answered_and_not_kept() {
    let server = ApiServer::new();
    let before = server.revision();
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let attributes = json!({"verb": "get", "resource": "pods"});
    let answer = post(
        &server,
        path,
        json!({"spec": {"resourceAttributes": attributes}}),
    )
    .await;
    assert_eq!(answer.code, 201, "{}", answer.body);
    assert_eq!(answer.body["status"]["allowed"], true);
    assert_eq!(server.revision(), before);
}

#[tokio::test]
async fn patches_cannot_make_what_cannot_be_read_again() {
    let server = ApiServer::new();
    post(&server, MAPS, json!({"metadata": {"name": "a"}})).await;
    let deep = (0..100).fold(json!("x"), |inner, _| json!({"d": inner}));
    let steps = json!([
        {"op": "add", "path": "/data", "value": deep},
        {"op": "copy", "from": "/data", "path": format!("/data{}", "/d".repeat(99))},
    ]);
    let answer = support::json_patch(&server, &format!("{MAPS}/a"), steps).await;
    assert_eq!(answer.code, 422);
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 200);
}

#[tokio::test]
async fn a_pod_gets_tolerations_and_a_quality_of_service() {
    let server = ApiServer::new();
    let quality = async |name: &str, resources: Value| {
        let container = json!({"name": "c", "image": "i", "resources": resources});
        let body = json!({"metadata": {"name": name}, "spec": {"containers": [container]}});
        let pod = post(&server, PODS, body).await.body;
        assert_eq!(
            pod["spec"]["tolerations"][1]["key"],
            "node.kubernetes.io/unreachable"
        );
        pod["status"]["qosClass"].clone()
    };
    assert_eq!(quality("a", json!({})).await, "BestEffort");
    let limits = json!({"cpu": "1", "memory": "1Gi"});
    assert_eq!(quality("b", json!({"limits": limits})).await, "Guaranteed");
    assert_eq!(
        quality("c", json!({"requests": {"cpu": "1"}})).await,
        "Burstable"
    );
}
