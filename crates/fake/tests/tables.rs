//! Tables: what `kubectl get` prints.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use http::Request;
use http_body_util::{BodyExt, Full};
use jiff::Timestamp;
use kubekit_fake::{ApiServer, Clock};
use serde_json::{Value, json};
use support::{DEFINITIONS, MAPS, create_map, definition, merge, post, send};

const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

async fn table(server: &ApiServer, path: &str) -> Value {
    let request = Request::get(path)
        .header("accept", TABLE)
        .body(Full::default())
        .unwrap();
    let bytes = send(server, request)
        .await
        .collect()
        .await
        .unwrap()
        .to_bytes();
    let table: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(table["kind"], "Table", "{table}");
    table
}

fn columns(table: &Value) -> Vec<&str> {
    let columns = table["columnDefinitions"].as_array().unwrap();
    columns
        .iter()
        .map(|column| column["name"].as_str().unwrap())
        .collect()
}

fn cells(table: &Value) -> Vec<&Value> {
    table["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["cells"])
        .collect()
}

/// A server whose time stands still, so that everything was created just now.
fn server() -> ApiServer {
    ApiServer::builder()
        .clock(Clock::from_fn(|| Timestamp::UNIX_EPOCH))
        .build()
}

#[tokio::test]
async fn a_list_is_a_row_for_each_object_with_its_metadata() {
    let server = server();
    create_map(&server, "a").await;
    create_map(&server, "b").await;
    merge(
        &server,
        &format!("{MAPS}/b"),
        json!({"data": {"x": "1"}, "binaryData": {"y": ""}}),
    )
    .await;
    let table = table(&server, MAPS).await;
    assert_eq!(columns(&table), ["Name", "Data", "Age"]);
    assert_eq!(
        cells(&table),
        [&json!(["a", 0, "0s"]), &json!(["b", 2, "0s"])]
    );
    assert_eq!(table["rows"][0]["object"]["kind"], "PartialObjectMetadata");
    assert!(table["metadata"]["resourceVersion"].is_string());
}

#[tokio::test]
async fn rows_carry_what_is_asked_for() {
    let server = server();
    create_map(&server, "a").await;
    let none = table(&server, &format!("{MAPS}?includeObject=None")).await;
    assert_eq!(none["rows"][0]["object"], Value::Null);
    let whole = table(&server, &format!("{MAPS}?includeObject=Object")).await;
    assert_eq!(whole["rows"][0]["object"]["kind"], "ConfigMap");
    let request = Request::get(format!("{MAPS}?includeObject=Half")).header("accept", TABLE);
    assert_eq!(
        send(&server, request.body(Full::default()).unwrap())
            .await
            .status(),
        400
    );
}

#[tokio::test]
async fn pods_show_the_state_of_their_containers() {
    let server = server();
    let pods = "/api/v1/namespaces/default/pods";
    let pod = json!({
        "metadata": {"name": "p"},
        "spec": {"nodeName": "n1", "containers": [{"name": "a", "image": "i"}, {"name": "b", "image": "i"}]},
    });
    assert_eq!(post(&server, pods, pod).await.code, 201);
    let pending = table(&server, pods).await;
    assert_eq!(
        columns(&pending)[..5],
        ["Name", "Ready", "Status", "Restarts", "Age"]
    );
    assert_eq!(
        *cells(&pending)[0],
        json!([
            "p", "0/2", "Pending", "0", "0s", "<none>", "n1", "<none>", "<none>"
        ])
    );
    let status = json!({"status": {"phase": "Running", "podIP": "10.1.2.3", "containerStatuses": [
        {"name": "a", "ready": true, "restartCount": 2, "state": {"running": {}}},
        {"name": "b", "ready": false, "restartCount": 0, "state": {"waiting": {"reason": "CrashLoopBackOff"}}},
    ]}});
    merge(&server, &format!("{pods}/p/status"), status).await;
    let running = table(&server, &format!("{pods}/p")).await;
    let expected = json!([
        "p",
        "1/2",
        "CrashLoopBackOff",
        "2",
        "0s",
        "10.1.2.3",
        "n1",
        "<none>",
        "<none>"
    ]);
    assert_eq!(*cells(&running)[0], expected);
}

#[tokio::test]
async fn custom_resources_have_the_columns_of_their_definition() {
    let server = server();
    let mut shown = definition("widgets", "Widget");
    shown["spec"]["versions"][0]["additionalPrinterColumns"] = json!([
        {"name": "Size", "type": "integer", "jsonPath": ".spec.size", "description": "how big"},
        {"name": "Color", "type": "string", "jsonPath": ".spec.color", "priority": 1},
        {"name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
    ]);
    post(&server, DEFINITIONS, shown).await;
    let widgets = "/apis/example.com/v1/namespaces/default/widgets";
    let widget = |name: &str, spec: Value, status: Value| json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": name}, "spec": spec, "status": status});
    let status = json!({"conditions": [{"type": "Other", "status": "No"}, {"type": "Ready", "status": "Yes"}]});
    post(
        &server,
        widgets,
        widget("a", json!({"size": 3, "color": "red"}), status),
    )
    .await;
    post(
        &server,
        widgets,
        widget("b", json!({"size": "big", "color": 5}), json!({})),
    )
    .await;
    let table = table(&server, widgets).await;
    assert_eq!(columns(&table), ["Name", "Size", "Color", "Ready", "Age"]);
    assert_eq!(table["columnDefinitions"][1]["description"], "how big");
    assert_eq!(
        cells(&table),
        [
            &json!(["a", 3, "red", "Yes", "0s"]),
            &json!(["b", null, "5", null, "0s"])
        ]
    );
}

#[tokio::test]
async fn a_watch_has_columns_only_in_its_first_event() {
    let server = server();
    create_map(&server, "a").await;
    create_map(&server, "b").await;
    let request = Request::get(format!("{MAPS}?watch=1&timeoutSeconds=1")).header("accept", TABLE);
    let response = send(&server, request.body(Full::default()).unwrap()).await;
    tokio::time::pause();
    let bytes = response.collect().await.unwrap().to_bytes();
    let events: Vec<Value> = bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(columns(&events[0]["object"]), ["Name", "Data", "Age"]);
    assert_eq!(events[1]["object"]["columnDefinitions"], Value::Null);
    assert_eq!(
        events[1]["object"]["rows"][0]["cells"],
        json!(["b", 0, "0s"])
    );
}
