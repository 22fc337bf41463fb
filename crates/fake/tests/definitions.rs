//! Custom resource definitions, from their creation to what is left of them.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use http::Method;
use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{
    DEFINITIONS, call, define, definition, delete, get, merge, names, post, put, version, watch,
};

const WIDGETS: &str = "/apis/example.com/v1/namespaces/default/widgets";

/// What is broken, how, and the fields that are named.
type Case = (&'static str, fn(&mut Value), &'static [&'static str]);

fn widget(name: &str) -> Value {
    json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": name}, "spec": {"size": 3}})
}

fn condition<'a>(definition: &'a Value, kind: &str) -> &'a Value {
    let conditions = definition["status"]["conditions"].as_array().unwrap();
    conditions
        .iter()
        .find(|condition| condition["type"] == kind)
        .unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_new_definition_is_answered_before_it_is_established() {
    let server = ApiServer::new();
    let created = post(&server, DEFINITIONS, definition("widgets", "Widget")).await;
    assert_eq!(created.code, 201);
    assert_eq!(created.body["status"]["conditions"], Value::Null);
    assert_eq!(created.body["status"]["storedVersions"], json!(["v1"]));
    assert_eq!(created.body["spec"]["names"]["singular"], "widget");
    assert_eq!(created.body["spec"]["names"]["listKind"], "WidgetList");

    let now = get(&server, &format!("{DEFINITIONS}/widgets.example.com"))
        .await
        .body;
    assert_eq!(condition(&now, "Established")["status"], "True");
    assert_eq!(now["status"]["acceptedNames"]["kind"], "Widget");
    assert_eq!(now["metadata"]["generation"], 1);
    assert!(version(&now) > version(&created.body));
}

#[tokio::test]
async fn objects_of_a_definition_are_served_like_any_others() {
    let server = ApiServer::new();
    define(&server, "widgets", "Widget").await;
    let empty = get(&server, WIDGETS).await.body;
    assert_eq!(
        (&empty["kind"], &empty["metadata"]["continue"]),
        (&json!("WidgetList"), &json!(""))
    );
    let mut created = post(&server, WIDGETS, widget("a")).await.body;
    assert_eq!(created["metadata"]["generation"], 1);
    created["spec"]["size"] = 4.into();
    let path = format!("{WIDGETS}/a");
    assert_eq!(
        put(&server, &path, created).await.body["metadata"]["generation"],
        2
    );
    let without_version = put(&server, &path, widget("a")).await;
    assert_eq!(
        (without_version.code, &without_version.body["reason"]),
        (422, &json!("Invalid"))
    );
    let items = get(&server, WIDGETS).await.body;
    assert_eq!(items["items"][0]["kind"], "Widget");
    let strategic = "application/strategic-merge-patch+json";
    assert_eq!(
        call(&server, Method::PATCH, &path, strategic, json!({}))
            .await
            .code,
        415
    );
}

#[tokio::test]
async fn a_watch_of_a_new_resource_sees_its_first_object() {
    let server = ApiServer::new();
    define(&server, "widgets", "Widget").await;
    let mut watch = watch(&server, &format!("{WIDGETS}?watch=1")).await;
    post(&server, WIDGETS, widget("a")).await;
    let event = watch.next().await.unwrap();
    assert_eq!(
        (&event["type"], &event["object"]["kind"]),
        (&json!("ADDED"), &json!("Widget"))
    );
}

#[tokio::test]
async fn bodies_of_another_kind_or_version_are_refused() {
    let server = ApiServer::new();
    define(&server, "widgets", "Widget").await;
    let mut other_kind = widget("a");
    other_kind["kind"] = "Gizmo".into();
    let answer = post(&server, WIDGETS, other_kind).await;
    assert_eq!(
        (answer.code, &answer.body["details"]["causes"][0]["field"]),
        (422, &json!("kind"))
    );
    let mut other_version = widget("a");
    other_version["apiVersion"] = "example.com/v2".into();
    assert_eq!(post(&server, WIDGETS, other_version).await.code, 400);
    assert_eq!(
        post(&server, WIDGETS, json!({"metadata": {"name": "a"}}))
            .await
            .code,
        400
    );
}

#[tokio::test]
async fn versions_share_their_objects() {
    let server = ApiServer::new();
    let mut two = definition("widgets", "Widget");
    let mut beta = two["spec"]["versions"][0].clone();
    beta["name"] = "v1beta1".into();
    beta["storage"] = false.into();
    let mut old = beta.clone();
    old["name"] = "v1alpha1".into();
    old["served"] = false.into();
    two["spec"]["versions"]
        .as_array_mut()
        .unwrap()
        .extend([beta, old]);
    assert_eq!(post(&server, DEFINITIONS, two).await.code, 201);
    post(&server, WIDGETS, widget("a")).await;
    let path = WIDGETS.replace("v1", "v1beta1");
    let seen = get(&server, &format!("{path}/a")).await.body;
    assert_eq!(seen["apiVersion"], "example.com/v1beta1");
    let hidden = get(&server, &WIDGETS.replace("v1", "v1alpha1")).await;
    assert_eq!(
        (hidden.code, hidden.body),
        (404, json!("404 page not found\n"))
    );
    let group = get(&server, "/apis/example.com").await.body;
    assert_eq!(group["preferredVersion"]["version"], "v1");
}

#[tokio::test]
async fn names_belong_to_the_definition_that_had_them_first() {
    let server = ApiServer::new();
    define(&server, "widgets", "Widget").await;
    post(&server, DEFINITIONS, definition("gadgets", "Widget")).await;
    let path = format!("{DEFINITIONS}/gadgets.example.com");
    let second = get(&server, &path).await.body;
    assert_eq!(condition(&second, "NamesAccepted")["status"], "False");
    assert_eq!(condition(&second, "Established")["status"], "False");
    assert_eq!(get(&server, "/apis/example.com/v1/gadgets").await.code, 404);

    delete(
        &server,
        &format!("{DEFINITIONS}/widgets.example.com"),
        Value::Null,
    )
    .await;
    let second = get(&server, &path).await.body;
    assert_eq!(condition(&second, "Established")["status"], "True");
    assert_eq!(get(&server, "/apis/example.com/v1/gadgets").await.code, 200);
}

#[tokio::test]
async fn deleting_a_definition_deletes_its_objects_and_ends_its_watches() {
    let server = ApiServer::new();
    define(&server, "widgets", "Widget").await;
    post(&server, WIDGETS, widget("a")).await;
    let mut watch = watch(&server, &format!("{WIDGETS}?watch=1")).await;
    assert_eq!(watch.next().await.unwrap()["type"], "ADDED");

    let path = format!("{DEFINITIONS}/widgets.example.com");
    let answer = delete(&server, &path, Value::Null).await;
    assert_eq!(
        (
            answer.code,
            condition(&answer.body, "Terminating")["status"].as_str()
        ),
        (200, Some("True"))
    );

    assert_eq!(watch.next().await.unwrap()["type"], "DELETED");
    assert_eq!(watch.next().await, None);
    assert_eq!(get(&server, &path).await.code, 404);
    assert_eq!(
        get(&server, WIDGETS).await.body,
        json!("404 page not found\n")
    );

    define(&server, "widgets", "Widget").await;
    assert_eq!(names(&get(&server, WIDGETS).await.body), Vec::<&str>::new());
}

#[tokio::test]
async fn a_definition_waits_for_the_finalizers_of_its_objects() {
    let server = ApiServer::new();
    define(&server, "widgets", "Widget").await;
    let mut held = widget("a");
    held["metadata"]["finalizers"] = json!(["example.com/hold"]);
    post(&server, WIDGETS, held).await;
    let path = format!("{DEFINITIONS}/widgets.example.com");
    delete(&server, &path, Value::Null).await;

    let waiting = get(&server, &path).await.body;
    assert_eq!(
        waiting["metadata"]["finalizers"],
        json!(["customresourcecleanup.apiextensions.k8s.io"])
    );
    let object = get(&server, &format!("{WIDGETS}/a")).await.body;
    assert!(object["metadata"]["deletionTimestamp"].is_string());
    let refused = post(&server, WIDGETS, widget("b")).await;
    assert_eq!(refused.code, 403);
    assert!(
        refused.body["message"]
            .as_str()
            .unwrap()
            .ends_with("custom resource definition is terminating")
    );

    merge(
        &server,
        &format!("{WIDGETS}/a"),
        json!({"metadata": {"finalizers": null}}),
    )
    .await;
    assert_eq!(get(&server, &path).await.code, 404);
}

#[tokio::test]
async fn definitions_that_break_rules_are_refused_with_the_fields_that_do() {
    let server = ApiServer::new();
    let cases: [Case; 7] = [
        (
            "name",
            |it| it["metadata"]["name"] = "x.example.com".into(),
            &["metadata.name"],
        ),
        (
            "scope",
            |it| it["spec"]["scope"] = "Everywhere".into(),
            &["spec.scope"],
        ),
        (
            "kind",
            |it| it["spec"]["names"]["kind"] = "wid get".into(),
            &[
                "spec.names.kind",
                "spec.names.listKind",
                "spec.names.singular",
            ],
        ),
        (
            "storage",
            |it| it["spec"]["versions"][0]["storage"] = false.into(),
            &["spec.versions", "status.storedVersions"],
        ),
        (
            "schema",
            |it| it["spec"]["versions"][0]["schema"] = Value::Null,
            &["spec.versions[0].schema.openAPIV3Schema"],
        ),
        (
            "untyped",
            |it| {
                it["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"] =
                    json!({"a": {}})
            },
            &["spec.validation.openAPIV3Schema.properties[a].type"],
        ),
        (
            "default",
            |it| {
                let schema = &mut it["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
                schema["properties"] = json!({"a": {"type": "integer", "default": "x"}});
            },
            &["spec.validation.openAPIV3Schema.properties[a].default"],
        ),
    ];
    for (what, breaks, fields) in cases {
        let mut broken = definition("widgets", "Widget");
        breaks(&mut broken);
        let answer = post(&server, DEFINITIONS, broken).await;
        assert_eq!(answer.code, 422, "{what}: {}", answer.body);
        let causes = answer.body["details"]["causes"].as_array().unwrap();
        let mut found: Vec<_> = causes
            .iter()
            .map(|cause| cause["field"].as_str().unwrap())
            .collect();
        found.sort_unstable();
        assert_eq!(found, fields, "{what}");
    }
}

#[tokio::test]
async fn the_scope_of_an_established_definition_is_fixed() {
    let server = ApiServer::new();
    define(&server, "widgets", "Widget").await;
    let path = format!("{DEFINITIONS}/widgets.example.com");
    let answer = merge(&server, &path, json!({"spec": {"scope": "Cluster"}})).await;
    assert_eq!(
        (answer.code, &answer.body["details"]["causes"][0]["field"]),
        (422, &json!("spec.scope"))
    );
    let renamed = merge(
        &server,
        &path,
        json!({"spec": {"names": {"shortNames": ["wd"]}}}),
    )
    .await;
    assert_eq!(renamed.body["metadata"]["generation"], 2);
    let version = get(&server, "/apis/example.com/v1").await.body;
    assert_eq!(version["resources"][0]["shortNames"], json!(["wd"]));
}

#[tokio::test]
async fn cluster_scoped_resources_have_no_namespaced_paths() {
    let server = ApiServer::new();
    let mut cluster = definition("widgets", "Widget");
    cluster["spec"]["scope"] = "Cluster".into();
    post(&server, DEFINITIONS, cluster).await;
    assert_eq!(
        post(&server, "/apis/example.com/v1/widgets", widget("a"))
            .await
            .code,
        201
    );
    assert_eq!(
        post(&server, WIDGETS, widget("b")).await.body,
        json!("404 page not found\n")
    );
}

#[tokio::test]
async fn a_status_subresource_separates_the_status_from_the_rest() {
    let server = ApiServer::new();
    let mut with_status = definition("widgets", "Widget");
    with_status["spec"]["versions"][0]["subresources"] = json!({"status": {}});
    post(&server, DEFINITIONS, with_status).await;
    let mut new = widget("a");
    new["status"] = json!({"ready": true});
    assert_eq!(
        post(&server, WIDGETS, new).await.body["status"],
        Value::Null
    );
    let path = format!("{WIDGETS}/a/status");
    let patch = json!({"spec": {"size": 9}, "status": {"ready": true}});
    let patched = merge(&server, &path, patch).await.body;
    assert_eq!(
        (&patched["spec"]["size"], &patched["status"]["ready"]),
        (&json!(3), &json!(true))
    );
    assert_eq!(patched["metadata"]["generation"], 1);
}

#[tokio::test]
async fn without_a_status_subresource_the_status_is_a_field_like_others() {
    let server = ApiServer::new();
    define(&server, "widgets", "Widget").await;
    post(&server, WIDGETS, widget("a")).await;
    assert_eq!(get(&server, &format!("{WIDGETS}/a/status")).await.code, 404);
    let patched = merge(
        &server,
        &format!("{WIDGETS}/a"),
        json!({"status": {"ready": true}}),
    )
    .await
    .body;
    assert_eq!(patched["metadata"]["generation"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn definitions_created_at_the_same_time_are_all_served() {
    let server = ApiServer::new();
    let mut creations = tokio::task::JoinSet::new();
    for number in 0..40 {
        let server = server.clone();
        creations.spawn(async move {
            let (plural, kind) = (format!("widgets{number}"), format!("Widget{number}"));
            define(&server, &plural, &kind).await;
            get(&server, &format!("/apis/example.com/v1/{plural}"))
                .await
                .code
        });
    }
    while let Some(code) = creations.join_next().await {
        assert_eq!(code.unwrap(), 200);
    }
    let version = get(&server, "/apis/example.com/v1").await.body;
    assert_eq!(version["resources"].as_array().unwrap().len(), 40);
}
