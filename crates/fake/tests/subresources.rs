//! Parts of objects that have a path of their own.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{get, merge, post};

const PODS: &str = "/api/v1/namespaces/default/pods";

async fn create_pod(server: &ApiServer, resources: Value) -> String {
    let container = json!({"name": "c", "image": "i:1", "resources": resources});
    let pod = json!({"metadata": {"name": "p"}, "spec": {"containers": [container]}});
    assert_eq!(post(server, PODS, pod).await.code, 201);
    format!("{PODS}/p")
}

fn fields(body: &Value) -> Vec<&str> {
    let causes = body["details"]["causes"].as_array().into_iter().flatten();
    causes
        .map(|cause| cause["field"].as_str().unwrap_or(""))
        .collect()
}

#[tokio::test]
async fn an_update_of_a_pod_changes_images_and_little_else() {
    let server = ApiServer::new();
    let path = create_pod(&server, json!({})).await;
    let with = |container: Value| json!({"spec": {"containers": [container]}});
    let mut container = get(&server, &path).await.body["spec"]["containers"][0].clone();
    container["image"] = "i:2".into();
    let updated = merge(&server, &path, with(container.clone())).await;
    assert_eq!(
        (updated.code, &updated.body["metadata"]["generation"]),
        (200, &json!(2))
    );

    container["command"] = json!(["sh"]);
    let refused = merge(&server, &path, with(container)).await;
    assert_eq!((refused.code, fields(&refused.body)), (422, vec!["spec"]));
    let tolerations = json!([{"key": "x", "operator": "Exists"}]);
    let more = json!({"spec": {"tolerations": tolerations}});
    assert_eq!(merge(&server, &path, more).await.code, 200);
    let refused = merge(&server, &path, json!({"spec": {"tolerations": []}})).await;
    assert_eq!(fields(&refused.body), ["spec.tolerations"]);
    let deadline = json!({"spec": {"activeDeadlineSeconds": 5}});
    assert_eq!(merge(&server, &path, deadline).await.code, 200);
    let deadline = json!({"spec": {"activeDeadlineSeconds": 6}});
    let refused = merge(&server, &path, deadline).await;
    assert_eq!(fields(&refused.body), ["spec.activeDeadlineSeconds"]);
}

#[tokio::test]
async fn ephemeral_containers_are_added_and_stay() {
    let server = ApiServer::new();
    let path = format!(
        "{}/ephemeralcontainers",
        create_pod(&server, json!({})).await
    );
    let with = |containers: Value| json!({"metadata": {"labels": {"l": "1"}}, "spec": {"ephemeralContainers": containers}});
    let added = merge(&server, &path, with(json!([{"name": "d", "image": "i:1"}]))).await;
    assert_eq!(
        (added.code, &added.body["metadata"]["labels"]),
        (200, &Value::Null)
    );
    assert_eq!(added.body["metadata"]["generation"], 2);
    let refused = merge(&server, &path, with(json!([]))).await;
    assert_eq!(fields(&refused.body), ["spec.ephemeralContainers"]);

    let mut containers = added.body["spec"]["ephemeralContainers"].clone();
    let more = json!({"name": "c", "targetContainerName": "none", "ports": [{"containerPort": 1}]});
    containers.as_array_mut().unwrap().push(more);
    let refused = merge(&server, &path, with(containers)).await;
    let wanted = ["image", "name", "targetContainerName", "ports"];
    assert_eq!(
        fields(&refused.body),
        wanted.map(|field| format!("spec.ephemeralContainers[1].{field}"))
    );
}

#[tokio::test]
async fn a_resize_changes_processor_and_memory_alone() {
    let server = ApiServer::new();
    let requests = json!({"requests": {"cpu": "1", "memory": "1Gi"}});
    let path = format!("{}/resize", create_pod(&server, requests).await);
    let with = |resources: Value| {
        let container = json!({"name": "c", "image": "other", "resources": resources});
        json!({"spec": {"containers": [container]}})
    };
    let resized = merge(
        &server,
        &path,
        with(json!({"requests": {"cpu": "2", "memory": "1Gi"}})),
    )
    .await;
    assert_eq!(resized.code, 200, "{}", resized.body);
    let container = &resized.body["spec"]["containers"][0];
    assert_eq!(container["resources"]["requests"]["cpu"], "2");
    assert_eq!(container["image"], "i:1");

    let refused = merge(&server, &path, with(json!({"requests": {"cpu": "2"}}))).await;
    assert_eq!(
        fields(&refused.body),
        ["spec.containers[0].resources.requests"]
    );
    let disk = json!({"requests": {"cpu": "2", "memory": "1Gi", "ephemeral-storage": "1Gi"}});
    assert_eq!(
        fields(&merge(&server, &path, with(disk)).await.body),
        ["spec"]
    );
    let more = json!({"spec": {"containers": [{"name": "c", "image": "i:1"}, {"name": "d", "image": "i:1"}]}});
    assert!(fields(&merge(&server, &path, more).await.body).contains(&"spec.containers"));
}

#[tokio::test]
async fn a_status_changes_the_metadata_that_its_kind_lets_it() {
    let server = ApiServer::new();
    let patch = json!({"metadata": {"labels": {"l": "1"}, "annotations": {"a": "1"}}});
    let kinds = [
        ("/api/v1/nodes", json!({}), true, true),
        (
            "/apis/networking.k8s.io/v1/servicecidrs",
            json!({"cidrs": ["10.0.0.0/8"]}),
            false,
            false,
        ),
    ];
    for (path, spec, labels, annotations) in kinds {
        let body = json!({"metadata": {"name": "x"}, "spec": spec});
        assert_eq!(post(&server, path, body).await.code, 201, "{path}");
        let patched = merge(&server, &format!("{path}/x/status"), patch.clone()).await;
        assert_eq!(patched.code, 200, "{path}: {}", patched.body);
        let metadata = &patched.body["metadata"];
        assert_eq!(metadata["labels"]["l"] == "1", labels, "{path}");
        assert_eq!(metadata["annotations"]["a"] == "1", annotations, "{path}");
    }
}

#[tokio::test]
async fn the_phase_of_a_namespace_says_whether_it_is_being_deleted() {
    let server = ApiServer::new();
    let path = "/api/v1/namespaces/default/status";
    let refused = merge(&server, path, json!({"status": {"phase": "Terminating"}})).await;
    assert_eq!(
        (refused.code, fields(&refused.body)),
        (422, vec!["status.Phase"])
    );
}

#[tokio::test]
async fn a_binding_is_to_a_node_and_of_the_pod_that_is_meant() {
    let server = ApiServer::new();
    let path = format!("{}/binding", create_pod(&server, json!({})).await);
    let binding = |metadata: Value, kind: &str| json!({"metadata": metadata, "target": {"kind": kind, "name": "n"}});
    let odd = post(&server, &path, binding(json!({"name": "p"}), "Pod")).await;
    assert_eq!(odd.code, 500);
    let other = json!({"name": "p", "uid": "another"});
    assert_eq!(post(&server, &path, binding(other, "Node")).await.code, 409);
    assert_eq!(
        post(&server, &path, binding(json!({"name": "q"}), "Node"))
            .await
            .code,
        400
    );
    assert_eq!(
        post(&server, &path, binding(json!({"name": "p"}), "Node"))
            .await
            .code,
        201
    );
}

#[tokio::test]
async fn what_has_ended_for_good_does_not_begin_again() {
    let server = ApiServer::new();
    let spec = json!({"restartPolicy": "Never", "containers": [{"name": "c", "image": "i:1"}]});
    let pod = json!({"metadata": {"name": "p"}, "spec": spec});
    assert_eq!(post(&server, PODS, pod).await.code, 201);
    let path = format!("{PODS}/p/status");
    let status = |state: Value| {
        let container = json!({"name": "c", "image": "i:1", "imageID": "", "ready": false, "restartCount": 0, "state": state});
        json!({"status": {"containerStatuses": [container]}})
    };
    let ended = status(json!({"terminated": {"exitCode": 1}}));
    assert_eq!(merge(&server, &path, ended).await.code, 200);
    let refused = merge(&server, &path, status(json!({"running": {}}))).await;
    assert_eq!(fields(&refused.body), ["status.containerStatuses[0].state"]);
    let class = json!({"status": {"qosClass": "Guaranteed"}});
    assert_eq!(
        fields(&merge(&server, &path, class).await.body),
        ["status.qosClass"]
    );
}
