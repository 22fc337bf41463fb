//! How objects go away.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{MAPS, create_map, delete, get, merge, names, post, version, watch};

const PODS: &str = "/api/v1/namespaces/default/pods";

async fn create_held(server: &ApiServer, name: &str) -> Value {
    let body = json!({"metadata": {"name": name, "finalizers": ["example.com/f"]}});
    post(server, MAPS, body).await.body
}

#[tokio::test]
async fn a_deletion_waits_for_finalizers() {
    let server = ApiServer::new();
    let path = format!("{MAPS}/a");
    create_held(&server, "a").await;

    let marked = delete(&server, &path, json!(null)).await.body;
    assert_eq!(marked["metadata"]["deletionGracePeriodSeconds"], 0);
    assert!(marked["metadata"]["deletionTimestamp"].is_string());
    assert_eq!(delete(&server, &path, json!(null)).await.body, marked);

    let again = post(&server, MAPS, json!({"metadata": {"name": "a"}})).await;
    assert_eq!(again.code, 409);
    assert_eq!(
        again.body["message"],
        "object is being deleted: configmaps \"a\" already exists"
    );

    let more = json!({"metadata": {"finalizers": ["example.com/f", "example.com/g"]}});
    let refused = merge(&server, &path, more).await;
    assert_eq!(refused.code, 422);
    assert_eq!(
        refused.body["details"]["causes"][0]["field"],
        "metadata.finalizers"
    );

    let released = merge(&server, &path, json!({"metadata": {"finalizers": null}})).await;
    assert_eq!(released.code, 200);
    assert_eq!(version(&released.body), version(&marked));
    assert_eq!(get(&server, &path).await.code, 404);
}

#[tokio::test]
async fn a_deletion_that_took_place_is_answered_by_kind() {
    let server = ApiServer::new();
    let uid = create_map(&server, "a").await["metadata"]["uid"].clone();
    let answer = delete(&server, &format!("{MAPS}/a"), json!(null)).await;
    assert_eq!(
        answer.body,
        json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
               "details": {"name": "a", "kind": "configmaps", "uid": uid}})
    );

    let accounts = "/api/v1/namespaces/default/serviceaccounts";
    post(&server, accounts, json!({"metadata": {"name": "a"}})).await;
    let answer = delete(&server, &format!("{accounts}/a"), json!(null)).await;
    assert_eq!(answer.body["kind"], "ServiceAccount");
}

#[tokio::test]
async fn preconditions_are_held_against_the_object() {
    let server = ApiServer::new();
    let path = format!("{MAPS}/a");
    let map = create_map(&server, "a").await;
    for preconditions in [json!({"uid": "other"}), json!({"resourceVersion": "1"})] {
        let answer = delete(&server, &path, json!({"preconditions": preconditions})).await;
        assert_eq!(answer.code, 409, "{preconditions}");
        assert_eq!(answer.body["details"]["kind"], "ConfigMap");
    }
    let uid = &map["metadata"]["uid"];
    let answer = delete(&server, &path, json!({"preconditions": {"uid": uid}})).await;
    assert_eq!(answer.code, 200);
}

#[tokio::test]
async fn propagation_policies_become_finalizers() {
    let server = ApiServer::new();
    for (policy, finalizer) in [("Foreground", "foregroundDeletion"), ("Orphan", "orphan")] {
        create_map(&server, "a").await;
        let path = format!("{MAPS}/a");
        let answer = delete(&server, &path, json!({"propagationPolicy": policy})).await;
        assert_eq!(answer.body["metadata"]["finalizers"], json!([finalizer]));
        let answer = delete(&server, &path, json!({"propagationPolicy": "Background"})).await;
        assert_eq!(answer.body["status"], "Success");
    }
}

#[tokio::test]
async fn a_pod_gets_time_to_stop_once_a_node_has_it() {
    let server = ApiServer::new();
    let pod = |name: &str, node: Value| {
        json!({"metadata": {"name": name},
               "spec": {"nodeName": node, "terminationGracePeriodSeconds": 20, "containers": [{"name": "c", "image": "i"}]}})
    };
    post(&server, PODS, pod("waiting", json!(null))).await;
    post(&server, PODS, pod("placed", json!("n1"))).await;

    let answer = delete(&server, &format!("{PODS}/waiting"), json!(null)).await;
    assert_eq!(answer.body["metadata"]["deletionGracePeriodSeconds"], 0);
    assert_eq!(get(&server, &format!("{PODS}/waiting")).await.code, 404);

    let path = format!("{PODS}/placed");
    for (asked, granted) in [
        (json!(null), 20),
        (json!(100), 20),
        (json!(5), 5),
        (json!(null), 5),
    ] {
        let answer = delete(&server, &path, json!({"gracePeriodSeconds": asked})).await;
        assert_eq!(
            answer.body["metadata"]["deletionGracePeriodSeconds"], granted,
            "{asked}"
        );
    }

    let from = server.revision();
    let mut events = watch(&server, &format!("{PODS}?watch=1&resourceVersion={from}")).await;
    delete(&server, &path, json!({"gracePeriodSeconds": 0})).await;
    assert_eq!(
        events.event().await,
        ("MODIFIED".into(), "placed".into(), from + 1)
    );
    assert_eq!(
        events.event().await,
        ("DELETED".into(), "placed".into(), from + 2)
    );
}

#[tokio::test]
async fn a_collection_is_deleted_by_selector_and_answered_as_it_was() {
    let server = ApiServer::new();
    for (name, tier) in [("a", "x"), ("b", "y"), ("c", "x")] {
        let body = json!({"metadata": {"name": name, "labels": {"tier": tier}}});
        post(&server, MAPS, body).await;
    }
    create_held(&server, "d").await;

    let answer = delete(
        &server,
        &format!("{MAPS}?labelSelector=tier%3Dx"),
        json!(null),
    )
    .await;
    assert_eq!(names(&answer.body), ["a", "c"]);
    let answer = delete(&server, MAPS, json!(null)).await;
    assert_eq!(names(&answer.body), ["b", "d"]);
    assert!(
        answer.body["items"][1]["metadata"]
            .get("deletionTimestamp")
            .is_none()
    );
    assert_eq!(names(&get(&server, MAPS).await.body), ["d"]);
}

#[tokio::test]
async fn a_namespace_stays_until_it_is_finalized() {
    let server = ApiServer::new();
    post(
        &server,
        "/api/v1/namespaces",
        json!({"metadata": {"name": "team"}}),
    )
    .await;
    let inside = "/api/v1/namespaces/team/configmaps";
    assert_eq!(
        post(&server, inside, json!({"metadata": {"name": "a"}}))
            .await
            .code,
        201
    );

    let marked = delete(&server, "/api/v1/namespaces/team", json!(null))
        .await
        .body;
    assert_eq!(marked["status"]["phase"], "Terminating");
    assert!(
        marked["metadata"]
            .get("deletionGracePeriodSeconds")
            .is_none()
    );

    let refused = post(&server, inside, json!({"metadata": {"name": "b"}})).await;
    assert_eq!(refused.code, 403);
    assert_eq!(
        refused.body["details"]["causes"][0]["reason"],
        "NamespaceTerminating"
    );

    let body = json!({"metadata": {"name": "team"}, "spec": {"finalizers": []}});
    let answer = support::put(&server, "/api/v1/namespaces/team/finalize", body).await;
    assert_eq!(answer.code, 200, "{}", answer.body);
    assert_eq!(get(&server, "/api/v1/namespaces/team").await.code, 404);
}

#[tokio::test]
async fn nothing_is_created_in_a_namespace_that_does_not_exist() {
    let server = ApiServer::new();
    let path = "/api/v1/namespaces/none/configmaps";
    let answer = post(&server, path, json!({"metadata": {"name": "a"}})).await;
    assert_eq!(answer.code, 404);
    assert_eq!(answer.body["message"], "namespaces \"none\" not found");
    assert_eq!(names(&get(&server, path).await.body), Vec::<&str>::new());
}

#[tokio::test]
async fn the_namespace_controller_empties_namespaces() {
    let server = ApiServer::builder().namespace_controller().build();
    let namespace = "/api/v1/namespaces/team";
    post(
        &server,
        "/api/v1/namespaces",
        json!({"metadata": {"name": "team"}}),
    )
    .await;
    let maps = format!("{namespace}/configmaps");
    post(&server, &maps, json!({"metadata": {"name": "a"}})).await;
    let held = json!({"metadata": {"name": "b", "finalizers": ["example.com/f"]}});
    post(&server, &maps, held).await;

    delete(&server, namespace, json!(null)).await;
    assert_eq!(names(&get(&server, &maps).await.body), ["b"]);
    assert_eq!(
        get(&server, namespace).await.body["status"]["phase"],
        "Terminating"
    );

    merge(
        &server,
        &format!("{maps}/b"),
        json!({"metadata": {"finalizers": null}}),
    )
    .await;
    assert_eq!(get(&server, namespace).await.code, 404);
}
