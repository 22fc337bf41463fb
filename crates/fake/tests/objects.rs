//! The life of one object.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use kubekit_fake::{ApiServer, Clock};
use serde_json::json;
use support::{MAPS, create_map, delete, get, json_patch, merge, post, put, version};

#[tokio::test]
async fn creation_fills_in_what_the_server_owns() {
    let clock = Clock::from_fn(|| "2030-01-02T03:04:05.678Z".parse().unwrap());
    let server = ApiServer::builder().clock(clock).build();
    let body = json!({"metadata": {
        "name": "a", "uid": "mine", "creationTimestamp": "2001-01-01T00:00:00Z", "selfLink": "/x",
    }, "data": {"k": "v"}});

    let answer = post(&server, MAPS, body).await;

    assert_eq!(answer.code, 201);
    let metadata = &answer.body["metadata"];
    assert_eq!(metadata["creationTimestamp"], "2030-01-02T03:04:05Z");
    assert_eq!(metadata["namespace"], "default");
    assert_eq!(metadata["uid"].as_str().unwrap().len(), 36);
    assert!(metadata.get("selfLink").is_none());
    assert_eq!(version(&answer.body), server.revision());
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.body, answer.body);
}

#[tokio::test]
async fn a_name_can_be_taken_once() {
    let server = ApiServer::new();
    create_map(&server, "a").await;

    let answer = post(&server, MAPS, json!({"metadata": {"name": "a"}})).await;

    assert_eq!(answer.code, 409);
    assert_eq!(answer.body["reason"], "AlreadyExists");
    assert_eq!(answer.body["message"], "configmaps \"a\" already exists");
}

#[tokio::test]
async fn generated_names_follow_from_the_seed() {
    let generate = async |seed| {
        let server = ApiServer::builder().seed(seed).build();
        let body = json!({"metadata": {"generateName": "web-"}});
        let answer = post(&server, MAPS, body).await;
        assert_eq!(answer.code, 201);
        answer.body["metadata"]["name"].as_str().unwrap().to_owned()
    };

    let name = generate(1).await;
    assert!(name.starts_with("web-") && name.len() == 9, "{name}");
    assert_eq!(name, generate(1).await);
    assert_ne!(name, generate(2).await);
}

#[tokio::test]
async fn a_creation_may_not_say_which_version_it_is() {
    let server = ApiServer::new();
    let body = json!({"metadata": {"name": "a", "resourceVersion": "1"}});
    let answer = post(&server, MAPS, body).await;
    assert_eq!(answer.code, 500);
    assert_eq!(
        answer.body["message"],
        "resourceVersion should not be set on objects to be created"
    );
}

#[tokio::test]
async fn a_stale_update_is_refused() {
    let server = ApiServer::new();
    let path = format!("{MAPS}/a");
    let first = create_map(&server, "a").await;
    let second = merge(&server, &path, json!({"data": {"n": "1"}}))
        .await
        .body;

    let mut stale = first.clone();
    stale["data"] = json!({"n": "2"});
    let answer = put(&server, &path, stale).await;
    assert_eq!(answer.code, 409);
    assert_eq!(answer.body["reason"], "Conflict");

    let mut fresh = second.clone();
    fresh["data"] = json!({"n": "2"});
    assert_eq!(put(&server, &path, fresh).await.code, 200);
}

#[tokio::test]
async fn an_update_that_changes_nothing_writes_nothing() {
    let server = ApiServer::new();
    let path = format!("{MAPS}/a");
    let map = create_map(&server, "a").await;
    let before = server.revision();

    assert_eq!(put(&server, &path, map.clone()).await.body, map);
    assert_eq!(merge(&server, &path, json!({})).await.body, map);
    assert_eq!(server.revision(), before);
}

#[tokio::test]
async fn a_dry_run_answers_as_if_and_writes_nothing() {
    let server = ApiServer::new();
    let map = create_map(&server, "a").await;
    let before = server.revision();

    let dry = format!("{MAPS}?dryRun=All");
    let created = post(&server, &dry, json!({"metadata": {"name": "b"}})).await;
    assert_eq!(created.code, 201);
    assert!(created.body["metadata"].get("resourceVersion").is_none());

    let dry = format!("{MAPS}/a?dryRun=All");
    let patched = merge(&server, &dry, json!({"data": {"k": "v"}})).await;
    assert_eq!(patched.body["data"]["k"], "v");
    assert_eq!(version(&patched.body), version(&map));
    assert_eq!(
        delete(&server, &dry, json!(null)).await.body["status"],
        "Success"
    );

    assert_eq!(server.revision(), before);
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.body, map);
}

#[tokio::test]
async fn the_generation_counts_changes_of_the_spec() {
    let server = ApiServer::new();
    let path = "/apis/apps/v1/namespaces/default/deployments";
    let template = json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let spec =
        json!({"replicas": 1, "selector": {"matchLabels": {"a": "b"}}, "template": template});
    let created = post(
        &server,
        path,
        json!({"metadata": {"name": "d", "generation": 9}, "spec": spec}),
    )
    .await;
    assert_eq!(created.code, 201, "{}", created.body);
    assert_eq!(created.body["metadata"]["generation"], 1);

    let path = format!("{path}/d");
    let generation = async |path: &str, patch| {
        let answer = merge(&server, path, patch).await;
        assert_eq!(answer.code, 200, "{}", answer.body);
        answer.body["metadata"]["generation"].clone()
    };
    assert_eq!(
        generation(&path, json!({"metadata": {"labels": {"l": "1"}}})).await,
        1
    );
    assert_eq!(generation(&path, json!({"spec": {"replicas": 2}})).await, 2);
    assert_eq!(
        generation(&path, json!({"metadata": {"annotations": {"a": "1"}}})).await,
        3
    );
    let status = format!("{path}/status");
    assert_eq!(
        generation(
            &status,
            json!({"status": {"replicas": 2}, "spec": {"replicas": 7}})
        )
        .await,
        3
    );
    assert_eq!(get(&server, &path).await.body["spec"]["replicas"], 2);
}

#[tokio::test]
async fn the_status_changes_through_its_subresource_alone() {
    let server = ApiServer::new();
    let path = "/api/v1/namespaces/default";
    let conditions = json!([{"type": "Odd", "status": "True"}]);
    let patch = json!({"status": {"conditions": conditions}});
    merge(&server, path, patch.clone()).await;
    let read = get(&server, path).await.body;
    assert_eq!(read["status"], json!({"phase": "Active"}));

    merge(&server, &format!("{path}/status"), patch).await;
    let read = get(&server, path).await.body;
    assert_eq!(read["status"]["conditions"][0]["type"], "Odd");
}

#[tokio::test]
async fn a_json_patch_that_does_not_fit_changes_nothing() {
    let server = ApiServer::new();
    let path = format!("{MAPS}/a");
    let map = create_map(&server, "a").await;
    let patch = json!([
        {"op": "add", "path": "/data", "value": {"k": "v"}},
        {"op": "test", "path": "/data/k", "value": "w"},
    ]);
    let answer = json_patch(&server, &path, patch).await;
    assert_eq!(
        (answer.code, &answer.body["reason"]),
        (422, &json!("Invalid"))
    );
    assert_eq!(get(&server, &path).await.body, map);
}

#[tokio::test]
async fn an_object_cannot_be_renamed_or_moved() {
    let server = ApiServer::new();
    let path = format!("{MAPS}/a");
    create_map(&server, "a").await;
    for metadata in [json!({"name": "b"}), json!({"namespace": "kube-system"})] {
        let answer = merge(&server, &path, json!({"metadata": metadata})).await;
        assert_eq!(
            (answer.code, &answer.body["reason"]),
            (400, &json!("BadRequest"))
        );
    }
    let answer = merge(&server, &path, json!({"metadata": {"uid": "other"}})).await;
    assert_eq!(answer.code, 422);
    assert_eq!(answer.body["details"]["causes"][0]["field"], "metadata.uid");
}

#[tokio::test]
async fn invalid_metadata_is_refused_field_by_field() {
    let server = ApiServer::new();
    for (metadata, field) in [
        (json!({}), "metadata.name"),
        (json!({"name": "Upper"}), "metadata.name"),
        (json!({"name": "a/b"}), "metadata.name"),
        (
            json!({"name": "a", "labels": {"a b": "c"}}),
            "metadata.labels",
        ),
        (
            json!({"name": "a", "labels": {"a": "not valid!"}}),
            "metadata.labels",
        ),
        (
            json!({"name": "a", "finalizers": ["nogroup"]}),
            "metadata.finalizers[0]",
        ),
        (
            json!({"name": "a", "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "x"}]}),
            "metadata.ownerReferences.uid",
        ),
    ] {
        let answer = post(&server, MAPS, json!({"metadata": metadata})).await;
        assert_eq!(answer.code, 422, "{metadata}");
        assert_eq!(
            answer.body["details"]["causes"][0]["field"], field,
            "{metadata}"
        );
    }
    let answer = post(
        &server,
        MAPS,
        json!({"metadata": {"name": "a", "labels": {"a": 1}}}),
    )
    .await;
    assert_eq!(answer.code, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_updates_with_versions_lose_nothing() {
    let server = ApiServer::new();
    create_map(&server, "counter").await;
    let path = format!("{MAPS}/counter");
    let add_ten = async |server: ApiServer, path: String| {
        for _ in 0..10 {
            loop {
                let mut map = get(&server, &path).await.body;
                let count: u32 = map["data"]["n"].as_str().unwrap_or("0").parse().unwrap();
                map["data"] = json!({"n": (count + 1).to_string()});
                if put(&server, &path, map).await.code == 200 {
                    break;
                }
            }
        }
    };
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        tasks.spawn(add_ten(server.clone(), path.clone()));
    }
    tasks.join_all().await;
    assert_eq!(get(&server, &path).await.body["data"]["n"], "80");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_patches_lose_nothing() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..50 {
        let server = server.clone();
        let patch = json!({"data": {format!("k{n}"): "v"}});
        tasks.spawn(async move { merge(&server, &format!("{MAPS}/a"), patch).await.code });
    }
    assert!(tasks.join_all().await.iter().all(|code| *code == 200));
    let map = get(&server, &format!("{MAPS}/a")).await.body;
    assert_eq!(map["data"].as_object().unwrap().len(), 50);
}
