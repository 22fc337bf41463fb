//! What the server tells about what it has.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{define, get, post, send};

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

async fn aggregated(server: &ApiServer, path: &str) -> Value {
    let request = Request::get(path).header("accept", format!("application/json,{AGGREGATED}"));
    let response = send(server, request.body(Full::<Bytes>::default()).unwrap()).await;
    assert_eq!(response.headers()["content-type"], AGGREGATED);
    serde_json::from_slice(&response.collect().await.unwrap().to_bytes()).unwrap()
}

fn group<'a>(list: &'a Value, name: &str) -> Option<&'a Value> {
    let groups = list["items"].as_array().unwrap();
    groups
        .iter()
        .find(|group| group["metadata"]["name"] == name)
}

#[tokio::test]
async fn groups_are_listed_with_their_preferred_version() {
    let server = ApiServer::new();
    let groups = get(&server, "/apis").await.body;
    let names: Vec<_> = groups["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| &group["name"])
        .collect();
    assert_eq!(
        names[..3],
        ["apiregistration.k8s.io", "apps", "events.k8s.io"]
    );
    let autoscaling = get(&server, "/apis/autoscaling/").await.body;
    assert_eq!(autoscaling["kind"], "APIGroup");
    assert_eq!(
        autoscaling["preferredVersion"],
        json!({"groupVersion": "autoscaling/v2", "version": "v2"})
    );
}

#[tokio::test]
async fn resources_are_listed_with_their_subresources_and_storage_versions() {
    let server = ApiServer::new();
    let apps = get(&server, "/apis/apps/v1").await.body;
    let resources = apps["resources"].as_array().unwrap();
    let deployments = resources
        .iter()
        .position(|resource| resource["name"] == "deployments")
        .unwrap();
    assert_eq!(resources[deployments]["shortNames"], json!(["deploy"]));
    // The hash of kube-apiserver 1.36.2.
    assert_eq!(resources[deployments]["storageVersionHash"], "8aSe+NMegvE=");
    assert_eq!(resources[deployments + 1]["name"], "deployments/scale");
    assert_eq!(resources[deployments + 1]["group"], "autoscaling");
}

#[tokio::test]
async fn aggregated_discovery_wins_over_plain_json_in_any_order() {
    let server = ApiServer::new();
    let core = aggregated(&server, "/api").await;
    let resources = core["items"][0]["versions"][0]["resources"]
        .as_array()
        .unwrap();
    assert!(
        resources
            .iter()
            .any(|resource| resource["resource"] == "pods")
    );
    let groups = aggregated(&server, "/apis").await;
    assert_eq!(
        group(&groups, "apps").unwrap()["versions"][0]["freshness"],
        "Current"
    );
}

#[tokio::test]
async fn a_client_that_has_a_document_does_not_get_it_again_until_something_changes() {
    let server = ApiServer::new();
    let ask = |etag: Option<http::HeaderValue>| {
        let mut request = Request::get("/apis").header("accept", AGGREGATED);
        if let Some(etag) = etag {
            request = request.header("if-none-match", etag);
        }
        send(&server, request.body(Full::<Bytes>::default()).unwrap())
    };
    let etag = ask(None).await.headers()["etag"].clone();
    let again = ask(Some(etag.clone())).await;
    assert_eq!(again.status(), 304);
    assert_eq!(again.collect().await.unwrap().to_bytes(), "");
    define(&server, "widgets", "Widget").await;
    assert_eq!(ask(Some(etag)).await.status(), 200);
}

#[tokio::test]
async fn a_definition_appears_in_every_document() {
    let server = ApiServer::new();
    define(&server, "widgets", "Widget").await;
    let version = get(&server, "/apis/example.com/v1").await.body;
    assert_eq!(version["resources"][0]["name"], "widgets");
    let verbs = [
        "delete",
        "deletecollection",
        "get",
        "list",
        "patch",
        "create",
        "update",
        "watch",
    ];
    assert_eq!(version["resources"][0]["verbs"], json!(verbs));
    let groups = aggregated(&server, "/apis").await;
    let kind =
        &group(&groups, "example.com").unwrap()["versions"][0]["resources"][0]["responseKind"];
    assert_eq!(
        *kind,
        json!({"group": "example.com", "version": "v1", "kind": "Widget"})
    );
    let openapi = get(&server, "/openapi/v3").await.body;
    assert!(openapi["paths"]["apis/example.com/v1"]["serverRelativeURL"].is_string());
}

#[tokio::test]
async fn unknown_groups_are_pages_and_unknown_versions_are_statuses() {
    let server = ApiServer::new();
    let group = get(&server, "/apis/no.such.group").await;
    assert_eq!(
        (group.code, group.body),
        (404, json!("404 page not found\n"))
    );
    let version = get(&server, "/apis/apps/v9").await;
    assert_eq!(
        (version.code, &version.body["reason"]),
        (404, &json!("NotFound"))
    );
    assert_eq!(post(&server, "/apis/apps/v1", json!({})).await.code, 405);
}

#[tokio::test]
async fn the_version_is_that_of_the_server_it_follows() {
    let server = ApiServer::new();
    let version = get(&server, "/version").await.body;
    assert_eq!(
        (&version["gitVersion"], &version["minor"]),
        (&json!("v1.36.2"), &json!("36"))
    );
    for path in ["/healthz", "/livez", "/readyz", "/readyz/ping"] {
        let health = get(&server, path).await;
        assert_eq!((health.code, health.body), (200, json!("ok")), "{path}");
    }
    assert_eq!(get(&server, "/readyz/no-such-check").await.code, 404);
}

#[tokio::test]
async fn openapi_tells_that_patches_are_validated_by_the_server() {
    let server = ApiServer::new();
    let index = get(&server, "/openapi/v3").await.body;
    let url = index["paths"]["apis/apps/v1"]["serverRelativeURL"]
        .as_str()
        .unwrap();
    let document = get(&server, url).await.body;
    let patch =
        &document["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"];
    assert_eq!(
        patch["x-kubernetes-group-version-kind"]["kind"],
        "Deployment"
    );
    let parameters = patch["parameters"].as_array().unwrap();
    assert!(
        parameters
            .iter()
            .any(|parameter| parameter["name"] == "fieldValidation")
    );
    assert_eq!(
        get(&server, "/openapi/v3/apis/apps/v1?hash=0123")
            .await
            .code,
        301
    );
    assert_eq!(get(&server, "/openapi/v3/apis/none/v1").await.code, 404);
}
