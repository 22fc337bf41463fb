//! A client as thin as can be: requests as JSON in, answers as JSON out.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]
#![allow(
    dead_code,
    reason = "each test file is a crate of its own and uses its share of this"
)]

use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use http::{Method, Request, Response};
use http_body::Body as _;
use http_body_util::{BodyExt, Full};
use kubekit_fake::{ApiServer, Body};
use serde_json::{Value, json};
use tower::ServiceExt;

/// Config maps of the default namespace: objects without rules of their own.
pub(crate) const MAPS: &str = "/api/v1/namespaces/default/configmaps";

/// A status code and a body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    pub(crate) body: Value,
}

pub(crate) async fn send(server: &ApiServer, request: Request<Full<Bytes>>) -> Response<Body> {
    let answer = server.clone().oneshot(request).await;
    answer.expect("the service never fails")
}

pub(crate) async fn call(
    server: &ApiServer,
    method: Method,
    path: &str,
    content_type: &str,
    body: Value,
) -> Answer {
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", content_type)
        .body(Full::from(body))
        .unwrap();
    let response = send(server, request).await;
    let code = response.status().as_u16();
    let bytes = response.collect().await.unwrap().to_bytes();
    let body = serde_json::from_slice(&bytes)
        .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&bytes)));
    Answer { code, body }
}

pub(crate) async fn get(server: &ApiServer, path: &str) -> Answer {
    call(server, Method::GET, path, "application/json", Value::Null).await
}

pub(crate) async fn post(server: &ApiServer, path: &str, body: Value) -> Answer {
    call(server, Method::POST, path, "application/json", body).await
}

pub(crate) async fn put(server: &ApiServer, path: &str, body: Value) -> Answer {
    call(server, Method::PUT, path, "application/json", body).await
}

pub(crate) async fn merge(server: &ApiServer, path: &str, patch: Value) -> Answer {
    call(
        server,
        Method::PATCH,
        path,
        "application/merge-patch+json",
        patch,
    )
    .await
}

pub(crate) async fn json_patch(server: &ApiServer, path: &str, patch: Value) -> Answer {
    call(
        server,
        Method::PATCH,
        path,
        "application/json-patch+json",
        patch,
    )
    .await
}

pub(crate) async fn delete(server: &ApiServer, path: &str, options: Value) -> Answer {
    call(server, Method::DELETE, path, "application/json", options).await
}

/// Creates a config map and returns it.
pub(crate) async fn create_map(server: &ApiServer, name: &str) -> Value {
    let answer = post(server, MAPS, json!({"metadata": {"name": name}})).await;
    assert_eq!(answer.code, 201, "{}", answer.body);
    answer.body
}

/// Where custom resource definitions are.
pub(crate) const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/// A definition of a namespaced resource of `example.com/v1` that may have any fields.
pub(crate) fn definition(plural: &str, kind: &str) -> Value {
    json!({
        "metadata": {"name": format!("{plural}.example.com")},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": plural, "kind": kind},
            "versions": [{
                "name": "v1",
                "served": true,
                "storage": true,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}},
            }],
        },
    })
}

/// Creates that definition.
pub(crate) async fn define(server: &ApiServer, plural: &str, kind: &str) {
    let answer = post(server, DEFINITIONS, definition(plural, kind)).await;
    assert_eq!(answer.code, 201, "{}", answer.body);
}

/// The names in a list.
pub(crate) fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().expect("a list has items");
    items
        .iter()
        .map(|item| item["metadata"]["name"].as_str().unwrap())
        .collect()
}

/// The resource version of an object, list or bookmark.
pub(crate) fn version(object: &Value) -> u64 {
    let version = object["metadata"]["resourceVersion"].as_str();
    version.expect("it has a version").parse().unwrap()
}

/// The frames of a watch.
pub(crate) struct Watch {
    body: Pin<Box<Body>>,
    buffer: BytesMut,
}

pub(crate) async fn watch(server: &ApiServer, path: &str) -> Watch {
    let request = Request::get(path).body(Full::default()).unwrap();
    let response = send(server, request).await;
    assert_eq!(response.status(), 200);
    Watch {
        body: Box::pin(response.into_body()),
        buffer: BytesMut::new(),
    }
}

impl Watch {
    /// The next frame; `None` when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line = self.buffer.split_to(end + 1);
                return Some(serde_json::from_slice(&line).unwrap());
            }
            let frame = std::future::poll_fn(|cx| self.body.as_mut().poll_frame(cx)).await?;
            if let Ok(data) = frame.expect("the stream does not break").into_data() {
                self.buffer.extend_from_slice(&data);
            }
        }
    }

    /// The next frame as its type, the name in it and its resource version.
    pub(crate) async fn event(&mut self) -> (String, String, u64) {
        let frame = self.next().await.expect("the watch goes on");
        let object = &frame["object"];
        let name = object["metadata"]["name"].as_str().unwrap_or("");
        (
            frame["type"].as_str().unwrap().to_owned(),
            name.to_owned(),
            version(object),
        )
    }

    /// The status code in the next frame, which is an error.
    pub(crate) async fn event_code(&mut self) -> u64 {
        let frame = self.next().await.expect("the watch goes on");
        assert_eq!(frame["type"], "ERROR");
        frame["object"]["code"].as_u64().unwrap()
    }

    /// The next frame, if it is there.
    pub(crate) async fn ready(&mut self) -> Option<Value> {
        let short = std::time::Duration::from_millis(1);
        tokio::time::timeout(short, self.next())
            .await
            .ok()
            .flatten()
    }

    /// Whether there is nothing to read at the moment.
    pub(crate) async fn is_quiet(&mut self) -> bool {
        let short = std::time::Duration::from_millis(1);
        tokio::time::timeout(short, self.next()).await.is_err()
    }
}
