//! What goes on the wire, as client-go puts it there.

use std::time::Duration;

use http::Method;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Node, Pod};
use k8s_openapi::api::rbac::v1::ClusterRole;
use kubekit_core::{
    AllNamespaces, ApiResource, Cluster, FieldValidation, Namespace, Patch, Preconditions,
    PropagationPolicy, ResourceVersionMatch,
};
use kubekit_rest::Api;
use serde_json::json;

use crate::support::script::{Asked, Script, json as answer};
use crate::support::{client, list_json, map, map_json, maps};

/// Answers one request with an object.
fn one() -> Script {
    Script::new([answer(200, map_json("pod-a"))])
}

fn line(asked: &Asked) -> String {
    format!("{} {}?{}", asked.method, asked.uri.path(), asked.query())
}

#[tokio::test]
async fn get_carries_the_resource_version() {
    let script = one();
    let _ = maps(&script).get("pod-a").resource_version("0").await;
    let asked = script.only_request();
    assert_eq!(
        line(&asked),
        "GET /api/v1/namespaces/shop/configmaps/pod-a?resourceVersion=0"
    );
    assert_eq!(asked.header("accept"), Some("application/json"));
    assert_eq!(asked.header("content-type"), None);
    assert!(asked.body.is_empty());
}

#[tokio::test]
async fn create_carries_every_option() {
    let script = one();
    maps(&script)
        .create(&map("pod-a"))
        .dry_run()
        .field_manager("wire é/mgr")
        .field_validation(FieldValidation::Strict)
        .await
        .expect("a map");
    let asked = script.only_request();
    assert_eq!(
        line(&asked),
        "POST /api/v1/namespaces/shop/configmaps?dryRun=All&fieldManager=wire+%C3%A9%2Fmgr&fieldValidation=Strict"
    );
    assert_eq!(asked.header("content-type"), Some("application/json"));
    let body: serde_json::Value = serde_json::from_slice(&asked.body).expect("JSON");
    assert_eq!(
        body,
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "pod-a"}})
    );
}

#[tokio::test]
async fn update_is_addressed_by_the_object() {
    let script = one();
    let update = maps(&script).update(&map("pod-a")).field_manager("wire");
    update.await.expect("a map");
    assert_eq!(
        line(&script.only_request()),
        "PUT /api/v1/namespaces/shop/configmaps/pod-a?fieldManager=wire"
    );
}

#[tokio::test]
async fn list_carries_every_option_and_its_time_limit_twice() {
    let script = Script::new([answer(200, list_json(&[], ""))]);
    maps(&script)
        .list()
        .labels(
            "wire=yes,kind in (a,b),!absent"
                .parse()
                .expect("a selector"),
        )
        .fields("metadata.name!=nothing".parse().expect("a selector"))
        .limit(1)
        .resource_version("0")
        .resource_version_match(ResourceVersionMatch::NotOlderThan)
        .timeout(Duration::from_secs(7))
        .await
        .expect("a list");
    let asked = script.only_request();
    assert_eq!(asked.uri.path(), "/api/v1/namespaces/shop/configmaps");
    let query = asked.query();
    for part in [
        "fieldSelector=metadata.name%21%3Dnothing",
        "limit=1",
        "resourceVersion=0",
        "resourceVersionMatch=NotOlderThan",
        "timeout=7s",
        "timeoutSeconds=7",
    ] {
        assert!(
            query.split('&').any(|pair| pair == part),
            "{part} in {query}"
        );
    }
}

#[tokio::test]
async fn watch_asks_for_bookmarks_and_for_no_compression() {
    let script = Script::new([answer(200, "")]);
    let _watch = maps(&script)
        .watch()
        .resource_version("1215")
        .timeout(Duration::from_secs(1))
        .await
        .expect("a watch");
    let asked = script.only_request();
    assert_eq!(
        line(&asked),
        "GET /api/v1/namespaces/shop/configmaps?allowWatchBookmarks=true&resourceVersion=1215&timeout=1s&timeoutSeconds=1&watch=true"
    );
    assert_eq!(asked.header("accept-encoding"), Some("identity"));
}

#[tokio::test]
async fn each_patch_has_its_content_type() {
    let patches = [
        (Patch::json(&json!([])), "application/json-patch+json", ""),
        (Patch::merge(&json!({})), "application/merge-patch+json", ""),
        (
            Patch::strategic_merge(&json!({})),
            "application/strategic-merge-patch+json",
            "",
        ),
        (
            Patch::apply(&json!({})),
            "application/apply-patch+yaml",
            "force=false",
        ),
    ];
    for (patch, content_type, query) in patches {
        let script = one();
        let patch = patch.expect("a patch");
        let body = patch.body().clone();
        maps(&script).patch("pod-a", patch).await.expect("a map");
        let asked = script.only_request();
        assert_eq!(asked.method, Method::PATCH);
        assert_eq!(asked.header("content-type"), Some(content_type));
        assert_eq!(asked.query(), query);
        assert_eq!(asked.body, body);
    }
}

#[tokio::test]
async fn a_forced_apply_says_so() {
    let script = one();
    let apply = Patch::apply(&map("pod-a")).expect("a patch");
    let call = maps(&script)
        .patch("pod-a", apply)
        .field_manager("m")
        .force();
    call.await.expect("a map");
    assert_eq!(script.only_request().query(), "fieldManager=m&force=true");
}

#[tokio::test]
async fn delete_always_has_options_for_a_body() {
    let script = Script::new([answer(200, map_json("a")), answer(200, map_json("a"))]);
    let maps = maps(&script);
    maps.delete("a").await.expect("a deletion");
    maps.delete("a")
        .grace_period_seconds(0)
        .preconditions(Preconditions::default().uid("u-1"))
        .propagation(PropagationPolicy::Background)
        .await
        .expect("a deletion");
    let bodies: Vec<_> = script
        .requests()
        .into_iter()
        .map(|asked| asked.body)
        .collect();
    assert_eq!(bodies[0], r#"{"kind":"DeleteOptions","apiVersion":"v1"}"#);
    assert_eq!(
        bodies[1],
        r#"{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0,"preconditions":{"uid":"u-1"},"propagationPolicy":"Background"}"#
    );
}

#[tokio::test]
async fn delete_collection_has_the_selection_in_its_query() {
    let script = Script::new([answer(200, list_json(&["a"], ""))]);
    let deleted = maps(&script)
        .delete_collection()
        .labels("wire=yes".parse().expect("a selector"))
        .timeout(Duration::from_secs(9))
        .dry_run()
        .await
        .expect("a list");
    assert_eq!(deleted.items.len(), 1);
    let asked = script.only_request();
    assert_eq!(
        line(&asked),
        "DELETE /api/v1/namespaces/shop/configmaps?labelSelector=wire%3Dyes&timeout=9s&timeoutSeconds=9"
    );
    assert_eq!(
        asked.body,
        r#"{"kind":"DeleteOptions","apiVersion":"v1","dryRun":["All"]}"#
    );
}

#[tokio::test]
async fn paths_follow_group_scope_and_subresource() {
    let script = Script::new((0..6).map(|_| answer(404, "")));
    let client = client(&script);
    let shop = || Namespace::new("shop");
    let _ = client.api::<Node, _>(Cluster).get("n").await;
    let _ = client.api::<Pod, _>(AllNamespaces).list().await;
    let _ = client
        .api::<Deployment, _>(shop())
        .status()
        .get("web")
        .await;
    let _ = client
        .api::<ClusterRole, _>(Cluster)
        .get("system:node-x")
        .await;
    let _ = client
        .api::<Pod, _>(shop())
        .subresource::<serde_json::Value>("eviction")
        .create("web-0", &json!({}))
        .await;
    let websites = ApiResource {
        group: "example.com".into(),
        version: "v1".into(),
        kind: "Website".into(),
        plural: "WebSites".into(),
        namespaced: true,
    };
    let websites = client.dynamic_api(websites, shop()).expect("an API");
    let _ = websites.get("home page").await;
    let lines: Vec<_> = script
        .requests()
        .iter()
        .map(|asked| format!("{} {}", asked.method, asked.uri.path()))
        .collect();
    assert_eq!(
        lines,
        [
            "GET /api/v1/nodes/n",
            "GET /api/v1/pods",
            "GET /apis/apps/v1/namespaces/shop/deployments/web/status",
            "GET /apis/rbac.authorization.k8s.io/v1/clusterroles/system:node-x",
            "POST /api/v1/namespaces/shop/pods/web-0/eviction",
            "GET /apis/example.com/v1/namespaces/shop/websites/home%20page",
        ]
    );
}

#[tokio::test]
async fn names_that_would_change_the_path_are_never_sent() {
    let script = Script::new([]);
    let maps = maps(&script);
    for name in ["", ".", "..", "a/b", "a%2fb"] {
        let error = maps.get(name).await.expect_err(name);
        assert!(error.is_refused(), "{name:?}: {error}");
        assert_eq!(error.attempts(), 0);
    }
    let nameless = maps.update(&ConfigMap::default()).await;
    assert!(nameless.expect_err("no name").is_refused());
    let nowhere = client(&script).api::<ConfigMap, _>(Namespace::new(""));
    assert!(nowhere.list().await.expect_err("no namespace").is_refused());
    assert!(
        nowhere
            .create(&map("a"))
            .await
            .expect_err("no namespace")
            .is_refused()
    );
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn a_resource_in_a_scope_where_it_is_not_served_is_refused() {
    let client = client(&Script::new([]));
    let nodes = ApiResource::of::<Node>();
    let pods = ApiResource::of::<Pod>();
    let error = client
        .dynamic_api(nodes, Namespace::new("shop"))
        .expect_err("nodes have no namespace");
    assert!(error.is_config());
    assert!(client.dynamic_api(pods, Cluster).is_err());
    let bad = ApiResource {
        plural: "pods/../secrets".into(),
        ..ApiResource::of::<Node>()
    };
    assert!(Api::<Node, _>::new(&client, bad, Cluster).is_err());
}
