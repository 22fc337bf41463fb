//! Server-side apply and field management.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use http::Method;
use jiff::Timestamp;
use kubekit_fake::{ApiServer, Clock};
use serde_json::{Value, json};
use support::{Answer, DEFINITIONS, MAPS, call, get, json_patch, merge, post, put, version};

const DEPLOYMENTS: &str = "/apis/apps/v1/namespaces/default/deployments";

async fn apply(server: &ApiServer, path: &str, query: &str, config: Value) -> Answer {
    let path = format!("{path}?{query}");
    let content_type = "application/apply-patch+yaml";
    call(server, Method::PATCH, &path, content_type, config).await
}

/// Applies a config map named `a` with these data.
async fn apply_map(server: &ApiServer, query: &str, data: Value) -> Answer {
    let config =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data});
    apply(server, &format!("{MAPS}/a"), query, config).await
}

fn deployment(spec: Value) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec})
}

fn spec() -> Value {
    json!({
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "c", "image": "i:1", "ports": [{"containerPort": 80}]}]},
        },
    })
}

/// The entry of a manager, without its time.
fn entry(object: &Value, manager: &str, operation: &str) -> Option<Value> {
    let entries = object["metadata"]["managedFields"].as_array()?;
    let found = entries
        .iter()
        .find(|entry| entry["manager"] == manager && entry["operation"] == operation);
    found.cloned()
}

fn fields(object: &Value, manager: &str, operation: &str) -> Value {
    entry(object, manager, operation).map_or(Value::Null, |entry| entry["fieldsV1"].clone())
}

#[tokio::test]
async fn who_applies_owns_what_it_applies_and_nothing_else() {
    let server = ApiServer::new();
    let created = apply_map(&server, "fieldManager=one", json!({"x": "1"})).await;
    assert_eq!(created.code, 201, "{}", created.body);
    let owned = json!({"f:data": {"f:x": {}}});
    assert_eq!(fields(&created.body, "one", "Apply"), owned);
    let added = apply_map(&server, "fieldManager=two", json!({"y": "2"})).await;
    assert_eq!(added.code, 200, "{}", added.body);
    assert_eq!(added.body["data"], json!({"x": "1", "y": "2"}));
    assert_eq!(fields(&added.body, "one", "Apply"), owned);
}

#[tokio::test]
async fn what_is_no_longer_applied_goes_unless_somebody_else_wants_it() {
    let server = ApiServer::new();
    apply_map(&server, "fieldManager=one", json!({"x": "1", "y": "1"})).await;
    apply_map(&server, "fieldManager=two", json!({"x": "1"})).await;
    let nothing = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}});
    let left = apply(&server, &format!("{MAPS}/a"), "fieldManager=one", nothing).await;
    assert_eq!(left.body["data"], json!({"x": "1"}));
    assert_eq!(entry(&left.body, "one", "Apply"), None);
}

#[tokio::test]
async fn another_value_is_a_conflict_with_every_owner() {
    let server = ApiServer::new();
    apply_map(&server, "fieldManager=one", json!({"x": "1"})).await;
    apply_map(&server, "fieldManager=two", json!({"x": "1"})).await;
    let refused = apply_map(&server, "fieldManager=three", json!({"x": "2"})).await;
    assert_eq!(
        (refused.code, &refused.body["reason"]),
        (409, &json!("Conflict"))
    );
    let causes = refused.body["details"]["causes"].as_array().unwrap();
    let cause = |manager: &str| {
        json!({
            "reason": "FieldManagerConflict",
            "message": format!("conflict with \"{manager}\""),
            "field": ".data.x",
        })
    };
    assert_eq!(causes, &[cause("one"), cause("two")]);
    let forced = apply_map(&server, "fieldManager=three&force=true", json!({"x": "2"})).await;
    assert_eq!(forced.body["data"], json!({"x": "2"}));
    assert_eq!(entry(&forced.body, "one", "Apply"), None);
    assert_eq!(entry(&forced.body, "two", "Apply"), None);
}

#[tokio::test]
async fn an_update_takes_fields_from_who_applied_them() {
    let server = ApiServer::new();
    apply_map(&server, "fieldManager=one", json!({"x": "1", "y": "1"})).await;
    let path = format!("{MAPS}/a?fieldManager=patcher");
    let patched = merge(&server, &path, json!({"data": {"x": "2"}}))
        .await
        .body;
    assert_eq!(
        fields(&patched, "one", "Apply"),
        json!({"f:data": {"f:y": {}}})
    );
    assert_eq!(
        fields(&patched, "patcher", "Update"),
        json!({"f:data": {"f:x": {}}})
    );
    let refused = apply_map(&server, "fieldManager=one", json!({"x": "1", "y": "1"})).await;
    let message = "Apply failed with 1 conflict: conflict with \"patcher\" using v1: .data.x";
    assert_eq!(
        (refused.code, &refused.body["message"]),
        (409, &json!(message))
    );
}

#[tokio::test]
async fn what_is_written_before_anybody_applies_belongs_to_its_writer() {
    let server = ApiServer::new();
    let path = format!("{MAPS}?fieldManager=maker");
    let map = json!({"metadata": {"name": "a"}, "data": {"x": "1"}});
    let created = post(&server, &path, map).await.body;
    let owned = json!({"f:data": {".": {}, "f:x": {}}});
    assert_eq!(fields(&created, "maker", "Update"), owned);
    // Whoever applies the same value owns it as well.
    let shared = apply_map(&server, "fieldManager=one", json!({"x": "1"}))
        .await
        .body;
    assert_eq!(fields(&shared, "maker", "Update"), owned);
    assert_eq!(entry(&shared, "one", "Apply").unwrap().get("time"), None);
}

#[tokio::test]
async fn an_unnamed_manager_is_known_by_its_user_agent() {
    let server = ApiServer::new();
    let request = http::Request::post(MAPS)
        .header("user-agent", "tool/1.0 (linux)")
        .header("content-type", "application/json")
        .body(
            json!({"metadata": {"name": "a"}, "data": {"x": "1"}})
                .to_string()
                .into(),
        );
    assert_eq!(support::send(&server, request.unwrap()).await.status(), 201);
    let map = get(&server, &format!("{MAPS}/a")).await.body;
    assert!(entry(&map, "tool", "Update").is_some(), "{map}");
}

#[tokio::test]
async fn forgotten_managers_come_back_when_something_is_applied() {
    let server = ApiServer::new();
    apply_map(&server, "fieldManager=one", json!({"x": "1"})).await;
    let path = format!("{MAPS}/a");
    for nobody in [json!([]), json!([{}])] {
        let step = json!([{"op": "replace", "path": "/metadata/managedFields", "value": nobody}]);
        let cleared = json_patch(&server, &path, step).await;
        assert_eq!(cleared.code, 200, "{}", cleared.body);
        assert_eq!(cleared.body["metadata"].get("managedFields"), None);
    }
    let patched = merge(&server, &path, json!({"data": {"z": "1"}}))
        .await
        .body;
    assert_eq!(patched["metadata"].get("managedFields"), None);
    let applied = apply_map(&server, "fieldManager=one", json!({"x": "1"}))
        .await
        .body;
    let before = json!({"f:data": {".": {}, "f:x": {}, "f:z": {}}});
    assert_eq!(fields(&applied, "before-first-apply", "Update"), before);
}

#[tokio::test]
async fn clients_may_rewrite_managers_but_not_leave_them_out() {
    let server = ApiServer::new();
    let map = apply_map(&server, "fieldManager=one", json!({"x": "1"}))
        .await
        .body;
    let path = format!("{MAPS}/a");
    let mut without = map.clone();
    without["metadata"]
        .as_object_mut()
        .unwrap()
        .remove("managedFields");
    let kept = put(&server, &path, without).await.body;
    assert_eq!(
        kept["metadata"]["managedFields"],
        map["metadata"]["managedFields"]
    );
    let rename =
        json!([{"op": "replace", "path": "/metadata/managedFields/0/manager", "value": "two"}]);
    let renamed = json_patch(&server, &path, rename).await.body;
    assert_eq!(
        fields(&renamed, "two", "Apply"),
        json!({"f:data": {"f:x": {}}})
    );
    assert_eq!(entry(&renamed, "one", "Apply"), None);
}

#[tokio::test]
async fn a_write_without_changes_touches_neither_times_nor_the_version() {
    let now = Arc::new(AtomicI64::new(1_000_000_000));
    let clock = Arc::clone(&now);
    let clock =
        Clock::from_fn(move || Timestamp::from_second(clock.load(Ordering::Relaxed)).unwrap());
    let server = ApiServer::builder().clock(clock).build();
    let created = apply(
        &server,
        &format!("{DEPLOYMENTS}/web"),
        "fieldManager=one",
        deployment(spec()),
    )
    .await
    .body;
    now.fetch_add(60, Ordering::Relaxed);
    let path = format!("{DEPLOYMENTS}/web");
    let applied = apply(&server, &path, "fieldManager=one", deployment(spec()))
        .await
        .body;
    assert_eq!(applied, created);
    let patched = merge(&server, &path, json!({"spec": {"replicas": 2}}))
        .await
        .body;
    assert_eq!(patched, created);
    assert_eq!(put(&server, &path, created.clone()).await.body, created);
    assert_eq!(version(&get(&server, &path).await.body), version(&created));
}

#[tokio::test]
async fn a_dry_run_shows_owners_and_changes_nothing() {
    let server = ApiServer::new();
    let dry = apply_map(&server, "fieldManager=one&dryRun=All", json!({"x": "1"})).await;
    assert_eq!(dry.code, 201, "{}", dry.body);
    assert!(entry(&dry.body, "one", "Apply").is_some());
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 404);
}

#[tokio::test]
async fn lists_are_merged_by_their_keys() {
    let server = ApiServer::new();
    let path = format!("{DEPLOYMENTS}/web");
    apply(&server, &path, "fieldManager=one", deployment(spec())).await;
    let sidecar = json!({"template": {"spec": {"containers": [{"name": "s", "image": "s:1"}]}}});
    let merged = apply(&server, &path, "fieldManager=two", deployment(sidecar))
        .await
        .body;
    let names = |object: &Value| {
        let containers = object["spec"]["template"]["spec"]["containers"]
            .as_array()
            .unwrap();
        containers
            .iter()
            .map(|c| c["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&merged), ["c", "s"]);
    let left = apply(&server, &path, "fieldManager=two", deployment(json!({})))
        .await
        .body;
    assert_eq!(names(&left), ["c"]);
    assert_eq!(left["metadata"]["generation"], 3);
}

#[tokio::test]
async fn a_scale_has_its_own_managers() {
    let server = ApiServer::new();
    let path = format!("{DEPLOYMENTS}/web");
    apply(&server, &path, "fieldManager=one", deployment(spec())).await;
    let scale = format!("{path}/scale");
    let scaled = merge(
        &server,
        &format!("{scale}?fieldManager=scaler"),
        json!({"spec": {"replicas": 5}}),
    )
    .await;
    assert_eq!(scaled.code, 200, "{}", scaled.body);
    assert_eq!(scaled.body["metadata"].get("managedFields"), None);
    let object = get(&server, &path).await.body;
    let owner = entry(&object, "scaler", "Update").unwrap();
    assert_eq!(owner["fieldsV1"], json!({"f:spec": {"f:replicas": {}}}));
    assert_eq!(
        (&owner["subresource"], &owner["apiVersion"]),
        (&json!("scale"), &json!("apps/v1"))
    );
    assert_eq!(
        fields(&object, "one", "Apply")["f:spec"].get("f:replicas"),
        None
    );
    let config = json!({"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "web"}, "spec": {"replicas": 3}});
    let refused = apply(&server, &scale, "fieldManager=hpa", config.clone()).await;
    assert_eq!(refused.code, 409, "{}", refused.body);
    let forced = apply(&server, &scale, "fieldManager=hpa&force=true", config).await;
    assert_eq!(forced.body["spec"]["replicas"], 3);
    assert_eq!(get(&server, &path).await.body["spec"]["replicas"], 3);
}

#[tokio::test]
async fn a_status_is_applied_apart() {
    let server = ApiServer::new();
    let path = format!("{DEPLOYMENTS}/web");
    apply(&server, &path, "fieldManager=one", deployment(spec())).await;
    let mut config = deployment(json!({"replicas": 9}));
    config["status"] = json!({"replicas": 1});
    let applied = apply(
        &server,
        &format!("{path}/status"),
        "fieldManager=ctl",
        config,
    )
    .await
    .body;
    assert_eq!(
        (&applied["spec"]["replicas"], &applied["status"]["replicas"]),
        (&json!(2), &json!(1))
    );
    let owner = entry(&applied, "ctl", "Apply").unwrap();
    assert_eq!(owner["subresource"], "status");
    assert_eq!(owner["fieldsV1"], json!({"f:status": {"f:replicas": {}}}));
}

#[tokio::test]
async fn too_many_updaters_become_one() {
    let server = ApiServer::new();
    support::create_map(&server, "a").await;
    apply_map(&server, "fieldManager=one", json!({"x": "1"})).await;
    for at in 0..15 {
        let path = format!("{MAPS}/a?fieldManager=m{at}");
        merge(&server, &path, json!({"data": {format!("k{at}"): "v"}})).await;
    }
    let map = get(&server, &format!("{MAPS}/a")).await.body;
    let entries = map["metadata"]["managedFields"].as_array().unwrap();
    let updates = entries
        .iter()
        .filter(|entry| entry["operation"] == "Update");
    assert_eq!(updates.count(), 10);
    let ancient = fields(&map, "ancient-changes", "Update");
    assert_eq!(ancient["f:data"].as_object().unwrap().len(), 6, "{ancient}");
}

#[tokio::test]
async fn kubectl_takes_over_what_it_has_applied_by_itself() {
    let server = ApiServer::new();
    let annotation = "kubectl.kubernetes.io/last-applied-configuration";
    let last = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": "1"}});
    let map = json!({
        "metadata": {"name": "a", "annotations": {annotation: last.to_string()}},
        "data": {"x": "1"},
    });
    post(
        &server,
        &format!("{MAPS}?fieldManager=kubectl-client-side-apply"),
        map,
    )
    .await;
    let refused = apply_map(&server, "fieldManager=other", json!({"x": "2"})).await;
    assert_eq!(refused.code, 409);
    let taken = apply_map(&server, "fieldManager=kubectl", json!({"x": "2"})).await;
    assert_eq!(taken.code, 200, "{}", taken.body);
    let renewed = taken.body["metadata"]["annotations"][annotation]
        .as_str()
        .unwrap();
    let renewed: Value = serde_json::from_str(renewed).unwrap();
    assert_eq!(renewed["data"], json!({"x": "2"}));
}

#[tokio::test]
async fn what_does_not_fit_the_schema_is_not_applied() {
    let server = ApiServer::new();
    let map = |extra: Value| {
        let mut map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}});
        for (field, value) in extra.as_object().unwrap() {
            map[field] = value.clone();
        }
        map
    };
    let path = format!("{MAPS}/a");
    for (config, code) in [
        (map(json!({"dada": {}})), 500),
        (map(json!({"data": ["x"]})), 500),
        (map(json!({"data": {"x": 1}})), 500),
        (
            map(json!({"metadata": {"name": "a", "managedFields": []}})),
            400,
        ),
        (map(json!({"metadata": {"name": "b"}})), 400),
        (map(json!({"metadata": {}})), 400),
        (map(json!({"kind": "Secret"})), 400),
        (map(json!({"metadata": {"name": "a", "uid": "1"}})), 409),
        (json!([1]), 400),
    ] {
        let refused = apply(&server, &path, "fieldManager=one", config.clone()).await;
        assert_eq!(refused.code, code, "{config}: {}", refused.body);
    }
    assert_eq!(get(&server, &path).await.code, 404);
}

#[tokio::test]
async fn custom_resources_are_merged_by_their_schema() {
    let server = ApiServer::new();
    let mut definition = support::definition("nets", "Net");
    let texts =
        json!({"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}});
    let spec = json!({"type": "object", "properties": {
        "hosts": texts,
        "args": {"type": "array", "items": {"type": "string"}},
    }});
    definition["spec"]["versions"][0]["schema"] =
        json!({"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}});
    assert_eq!(post(&server, DEFINITIONS, definition).await.code, 201);
    let path = "/apis/example.com/v1/namespaces/default/nets/n";
    let net = |spec: Value| json!({"apiVersion": "example.com/v1", "kind": "Net", "metadata": {"name": "n"}, "spec": spec});
    apply(
        &server,
        path,
        "fieldManager=one",
        net(json!({"hosts": ["a", "b"], "args": ["1"]})),
    )
    .await;
    let both = apply(
        &server,
        path,
        "fieldManager=two",
        net(json!({"hosts": ["c", "b"]})),
    )
    .await
    .body;
    assert_eq!(both["spec"]["hosts"], json!(["a", "c", "b"]));
    let owned = json!({"f:spec": {"f:hosts": {r#"v:"b""#: {}, r#"v:"c""#: {}}}});
    assert_eq!(fields(&both, "two", "Apply"), owned);
    let refused = apply(
        &server,
        path,
        "fieldManager=two",
        net(json!({"args": ["2"]})),
    )
    .await;
    assert_eq!(refused.body["details"]["causes"][0]["field"], ".spec.args");
    let left = apply(
        &server,
        path,
        "fieldManager=one",
        net(json!({"args": ["1"]})),
    )
    .await
    .body;
    assert_eq!(left["spec"]["hosts"], json!(["c", "b"]));
}
