//! What bodies are written in: YAML as the API server reads it, and compression of what is long.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use std::io::Read;

use bytes::Bytes;
use flate2::read::GzDecoder;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt, Full};
use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{MAPS, create_map, names, post, send};

/// Creates a config map from YAML.
async fn post_yaml(server: &ApiServer, query: &str, yaml: &str) -> (u16, Value) {
    let request = Request::post(format!("{MAPS}{query}"))
        .header("content-type", "application/yaml")
        .body(Full::from(Bytes::from(yaml.to_owned())))
        .unwrap();
    let response = send(server, request).await;
    let code = response.status().as_u16();
    let bytes = response.collect().await.unwrap().to_bytes();
    (code, serde_json::from_slice(&bytes).unwrap())
}

/// Gets what there is in the encodings that the client accepts.
async fn get_encoded(server: &ApiServer, path: &str, accepted: &str) -> (HeaderMap, Bytes) {
    let request = Request::get(path).header("accept-encoding", accepted);
    let response = send(server, request.body(Full::default()).unwrap()).await;
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    (headers, response.collect().await.unwrap().to_bytes())
}

fn unzip(bytes: &[u8]) -> Value {
    let mut json = String::new();
    GzDecoder::new(bytes).read_to_string(&mut json).unwrap();
    serde_json::from_str(&json).unwrap()
}

#[tokio::test]
async fn plain_words_of_yaml_1_1_are_booleans_and_quoted_ones_are_texts() {
    let server = ApiServer::new();
    let (code, _) = post_yaml(&server, "", "metadata: {name: y}").await;
    assert_eq!(code, 400, "the name is true");
    let (code, map) = post_yaml(
        &server,
        "",
        "metadata: {name: 'y'}\ndata: {on: \"on\"}\nimmutable: off\n",
    )
    .await;
    assert_eq!(code, 201, "{map}");
    assert_eq!(map["metadata"]["name"], "y");
    assert_eq!(map["data"], json!({"true": "on"}));
    assert_eq!(map["immutable"], false);
}

#[tokio::test]
async fn numbers_are_read_as_yaml_1_1_has_them() {
    let server = ApiServer::new();
    let deployment = "metadata: {name: web}\nspec:\n  replicas: 0x10\n  minReadySeconds: 010\n  \
                      selector: &labels\n    matchLabels: {app: web}\n  template:\n    \
                      metadata: {labels: {app: web}}\n    \
                      spec: {containers: [{name: web, image: a:1}]}\n";
    let request = Request::post("/apis/apps/v1/namespaces/default/deployments")
        .header("content-type", "application/yaml")
        .body(Full::from(deployment))
        .unwrap();
    let response = send(&server, request).await;
    let bytes = response.collect().await.unwrap().to_bytes();
    let deployment: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(deployment["spec"]["replicas"], 16, "{deployment}");
    assert_eq!(deployment["spec"]["minReadySeconds"], 8);
}

#[tokio::test]
async fn repeated_keys_are_refused_by_strict_decoding_only() {
    let server = ApiServer::new();
    let yaml = "metadata: {name: a}\ndata:\n  x: one\n  x: two\n";
    let (code, status) = post_yaml(&server, "?fieldValidation=Strict", yaml).await;
    assert_eq!(code, 400);
    let message = status["message"].as_str().unwrap();
    assert!(
        message.contains("line 4: key \"x\" already set in map"),
        "{message}"
    );
    let (code, map) = post_yaml(&server, "", yaml).await;
    assert_eq!(code, 201, "{map}");
    assert_eq!(map["data"]["x"], "two");
}

#[tokio::test]
async fn aliases_cannot_make_a_small_document_large() {
    let server = ApiServer::new();
    let mut yaml = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in "bcdefgh".chars().zip("abcdefg".chars()) {
        let items = vec![format!("*{before}"); 10].join(", ");
        yaml += &format!("{name}: &{name} [{items}]\n");
    }
    let (code, status) = post_yaml(&server, "", &yaml).await;
    assert_eq!(code, 400, "{status}");
}

#[tokio::test]
async fn only_long_answers_are_compressed_and_only_for_who_names_gzip() {
    let server = ApiServer::new();
    create_map(&server, "small").await;
    let text = "0123456789".repeat(20_000);
    let large = json!({"metadata": {"name": "large"}, "data": {"text": text}});
    assert_eq!(post(&server, MAPS, large).await.code, 201);

    let path = format!("{MAPS}/large");
    for accepted in ["gzip", "deflate, gzip "] {
        let (headers, body) = get_encoded(&server, &path, accepted).await;
        assert_eq!(headers["content-encoding"], "gzip", "{accepted}");
        assert_eq!(headers["vary"], "Accept-Encoding");
        assert!(body.len() < 20_000);
        assert_eq!(unzip(&body)["data"]["text"], text);
    }
    for accepted in ["gzip;q=1.0", "*", "br"] {
        let (headers, _) = get_encoded(&server, &path, accepted).await;
        assert!(!headers.contains_key("content-encoding"), "{accepted}");
    }
    let (headers, _) = get_encoded(&server, &format!("{MAPS}/small"), "gzip").await;
    assert!(!headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn lists_that_are_written_in_pieces_are_compressed_in_pieces() {
    let server = ApiServer::new();
    for index in 0..1200 {
        create_map(&server, &format!("map-{index:04}")).await;
    }
    let (headers, body) = get_encoded(&server, MAPS, "gzip").await;
    assert_eq!(headers["content-encoding"], "gzip");
    let list = unzip(&body);
    let names = names(&list);
    assert_eq!(names.len(), 1200);
    assert_eq!(names.last(), Some(&"map-1199"));
}

#[tokio::test]
async fn watches_are_not_compressed() {
    let server = ApiServer::new();
    let request = Request::get(format!("{MAPS}?watch=1"))
        .header("accept-encoding", "gzip")
        .body(Full::default())
        .unwrap();
    let response = send(&server, request).await;
    assert!(!response.headers().contains_key("content-encoding"));
}

#[tokio::test]
async fn deprecated_built_in_versions_warn() {
    let server = ApiServer::new();
    let endpoints = "/api/v1/namespaces/default/endpoints";
    let request = Request::get(endpoints).body(Full::default()).unwrap();
    let response = send(&server, request).await;
    assert_eq!(
        response.headers()["warning"],
        "299 - \"v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\""
    );
}
