//! OpenAPI documents, by which clients explain, validate and merge.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{define, get, send};

async fn url_of(server: &ApiServer, name: &str) -> String {
    let index = get(server, "/openapi/v3").await.body;
    index["paths"][name]["serverRelativeURL"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn documents_have_schemas_and_operations_of_their_version() {
    let server = ApiServer::new();
    let document = get(&server, "/openapi/v3/apis/apps/v1").await.body;
    let schemas = &document["components"]["schemas"];
    let containers = &schemas["io.k8s.api.core.v1.PodSpec"]["properties"]["containers"];
    assert_eq!(containers["x-kubernetes-patch-merge-key"], "name");
    assert_eq!(
        schemas["io.k8s.api.apps.v1.Deployment"]["properties"]["spec"],
        json!({"default": {}, "allOf": [{"$ref": "#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec"}]})
    );
    let path = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale";
    let patch = &document["paths"][path]["patch"];
    assert_eq!(patch["operationId"], "patchAppsV1NamespacedDeploymentScale");
    assert_eq!(
        patch["x-kubernetes-group-version-kind"],
        json!({"group": "autoscaling", "version": "v1", "kind": "Scale"})
    );
    let parameters = patch["parameters"].as_array().unwrap();
    assert!(
        parameters
            .iter()
            .any(|parameter| parameter["name"] == "fieldValidation")
    );
}

#[tokio::test]
async fn a_definition_changes_the_documents_of_its_group_alone() {
    let server = ApiServer::new();
    let apps = url_of(&server, "apis/apps/v1").await;
    define(&server, "widgets", "Widget").await;
    assert_eq!(url_of(&server, "apis/apps/v1").await, apps);
    let url = url_of(&server, "apis/example.com/v1").await;
    let document = get(&server, &url).await.body;
    let schema = &document["components"]["schemas"]["com.example.v1.Widget"];
    assert_eq!(schema["x-kubernetes-preserve-unknown-fields"], true);
    assert_eq!(
        schema["x-kubernetes-group-version-kind"],
        json!([{"group": "example.com", "version": "v1", "kind": "Widget"}])
    );
    let path = "/apis/example.com/v1/namespaces/{namespace}/widgets/{name}";
    let patches = &document["paths"][path]["patch"]["requestBody"]["content"];
    assert!(patches["application/merge-patch+json"].is_object());
    assert_eq!(patches.get("application/strategic-merge-patch+json"), None);
    let list = &document["components"]["schemas"]["com.example.v1.WidgetList"];
    assert_eq!(list["required"], json!(["items"]));

    let whole = get(&server, "/openapi/v2").await.body;
    assert!(whole["definitions"]["com.example.v1.Widget"].is_object());
    assert!(whole["definitions"]["io.k8s.api.core.v1.Pod"].is_object());
}

#[tokio::test]
async fn documents_are_not_sent_twice() {
    let server = ApiServer::new();
    for path in ["/openapi/v2", "/openapi/v3/api/v1"] {
        let request = Request::get(path).body(Full::<Bytes>::default()).unwrap();
        let response = send(&server, request).await;
        let etag = response.headers()["etag"].clone();
        let request = Request::get(path).header("if-none-match", etag);
        let response = send(&server, request.body(Full::default()).unwrap()).await;
        assert_eq!(response.status(), 304);
        assert!(response.collect().await.unwrap().to_bytes().is_empty());
    }
}

#[tokio::test]
async fn a_document_under_an_old_hash_has_moved() {
    let server = ApiServer::new();
    let request = Request::get("/openapi/v3/api/v1?hash=0123").body(Full::default());
    let response = send(&server, request.unwrap()).await;
    assert_eq!(response.status(), 301);
    assert_eq!(
        response.headers()["location"],
        url_of(&server, "api/v1").await.as_str()
    );
}

#[tokio::test]
async fn references_lead_to_schemas_of_the_same_document() {
    let server = ApiServer::new();
    let index = get(&server, "/openapi/v3").await.body;
    for name in index["paths"].as_object().unwrap().keys() {
        let document: Value = get(&server, &format!("/openapi/v3/{name}")).await.body;
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
            let target = reference.split('"').next().unwrap();
            assert!(schemas.contains_key(target), "{name}: {target}");
        }
    }
}
