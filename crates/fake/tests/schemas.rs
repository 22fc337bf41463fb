//! Custom resources and their schemas: what is filled in, taken out, refused, and shown as the definition is now.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use http_body_util::{BodyExt, Full};
use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{DEFINITIONS, definition, get, merge, post, send};

const WIDGETS: &str = "/apis/example.com/v1/namespaces/default/widgets";

/// A server whose widgets have a `spec` of this schema.
async fn server(spec: Value) -> ApiServer {
    let server = ApiServer::new();
    let created = post(&server, DEFINITIONS, with_spec(spec)).await;
    assert_eq!(created.code, 201, "{}", created.body);
    server
}

fn with_spec(spec: Value) -> Value {
    let mut definition = definition("widgets", "Widget");
    definition["spec"]["versions"][0]["schema"] = json!({
        "openAPIV3Schema": {"type": "object", "properties": {"spec": spec}},
    });
    definition
}

fn widget(name: &str, spec: Value) -> Value {
    json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": name}, "spec": spec})
}

fn causes(status: &Value) -> Vec<(&str, &str)> {
    let causes = status["details"]["causes"].as_array().unwrap();
    let pairs = causes.iter().map(|cause| {
        (
            cause["reason"].as_str().unwrap(),
            cause["field"].as_str().unwrap_or(""),
        )
    });
    pairs.collect()
}

#[tokio::test]
async fn a_new_default_is_seen_at_once_and_moves_nothing() {
    let server = server(json!({"type": "object", "properties": {"a": {"type": "string"}}})).await;
    let created = post(&server, WIDGETS, widget("w", json!({"a": "x"})))
        .await
        .body;
    let spec = json!({"type": "object", "properties": {
        "a": {"type": "string"}, "b": {"type": "integer", "default": 1},
    }});
    let path = format!("{DEFINITIONS}/widgets.example.com");
    let changed = merge(&server, &path, json!({"spec": with_spec(spec)["spec"]})).await;
    assert_eq!(changed.code, 200, "{}", changed.body);

    let shown = get(&server, &format!("{WIDGETS}/w")).await.body;
    assert_eq!(shown["spec"], json!({"a": "x", "b": 1}));
    assert_eq!(shown["metadata"]["generation"], 1);
    assert_eq!(
        shown["metadata"]["resourceVersion"],
        created["metadata"]["resourceVersion"]
    );
    let list = get(&server, WIDGETS).await.body;
    assert_eq!(list["items"][0]["spec"]["b"], 1);
}

#[tokio::test]
async fn numbers_are_written_as_short_as_they_can_be() {
    let free = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    let server = server(free).await;
    let spec = json!({"a": 1.0, "b": -0.0, "c": [2.0, 0.5]});
    let created = post(&server, WIDGETS, widget("w", spec)).await.body;
    assert_eq!(created["spec"], json!({"a": 1, "b": 0, "c": [2, 0.5]}));
}

#[tokio::test]
async fn what_was_wrong_before_may_stay_so_and_not_become_otherwise_wrong() {
    let loose = json!({"type": "object", "properties": {
        "a": {"type": "string"}, "b": {"type": "integer"},
    }});
    let server = server(loose).await;
    post(&server, WIDGETS, widget("w", json!({"a": "long", "b": 1}))).await;
    let strict = json!({"type": "object", "properties": {
        "a": {"type": "string", "maxLength": 2}, "b": {"type": "integer"},
    }});
    let path = format!("{DEFINITIONS}/widgets.example.com");
    merge(&server, &path, json!({"spec": with_spec(strict)["spec"]})).await;

    let path = format!("{WIDGETS}/w");
    let kept = merge(&server, &path, json!({"spec": {"b": 2}})).await;
    assert_eq!(kept.code, 200, "{}", kept.body);
    let changed = merge(&server, &path, json!({"spec": {"a": "other"}})).await;
    assert_eq!(causes(&changed.body), [("FieldValueTooLong", "spec.a")]);
}

#[tokio::test]
async fn rules_see_values_changes_and_messages() {
    let server = server(json!({
        "type": "object",
        "properties": {
            "low": {"type": "integer"},
            "high": {"type": "integer"},
            "names": {"type": "array", "items": {"type": "string"}},
            "fixed": {"type": "string", "x-kubernetes-validations": [{"rule": "self == oldSelf"}]},
        },
        "x-kubernetes-validations": [
            {"rule": "self.low <= self.high", "reason": "FieldValueForbidden", "fieldPath": ".low",
             "messageExpression": "'low is ' + string(self.low)"},
            {"rule": "!has(self.names) || self.names.all(n, n.startsWith('x-'))", "message": "names begin with x-"},
        ],
    }))
    .await;
    let wrong = widget("w", json!({"low": 3, "high": 2, "names": ["a"]}));
    let refused = post(&server, WIDGETS, wrong).await;
    let found = causes(&refused.body);
    assert_eq!(
        found,
        [
            ("FieldValueForbidden", "spec.low"),
            ("FieldValueInvalid", "spec")
        ]
    );
    let message = &refused.body["details"]["causes"][0]["message"];
    assert_eq!(message, "Forbidden: low is 3");

    let right = widget(
        "w",
        json!({"low": 1, "high": 2, "fixed": "a", "names": ["x-a"]}),
    );
    assert_eq!(post(&server, WIDGETS, right).await.code, 201);
    let path = format!("{WIDGETS}/w");
    let changed = merge(&server, &path, json!({"spec": {"fixed": "b"}})).await;
    let message = &changed.body["details"]["causes"][0]["message"];
    assert_eq!(
        message,
        "Invalid value: \"b\": failed rule: self == oldSelf"
    );
}

#[tokio::test]
async fn definitions_with_unsound_schemas_are_refused_with_the_place() {
    let root = "spec.validation.openAPIV3Schema.properties[spec]";
    let cases = [
        (json!({"type": "array"}), "items"),
        (json!({"type": "string", "pattern": "("}), "pattern"),
        (json!({"type": "integer", "default": "x"}), "default"),
        (
            json!({"type": "object", "nullable": true, "uniqueItems": true}),
            "uniqueItems",
        ),
        (
            json!({"type": "string", "anyOf": [{"type": "string"}]}),
            "anyOf[0].type",
        ),
        (json!({"type": "strange"}), "type"),
        (
            json!({"type": "array", "items": {"type": "object"}, "x-kubernetes-list-type": "map"}),
            "x-kubernetes-list-map-keys",
        ),
        (
            json!({"type": "string", "x-kubernetes-validations": [{"rule": "self.nope"}]}),
            "x-kubernetes-validations[0].rule",
        ),
    ];
    for (spec, place) in cases {
        let server = ApiServer::new();
        let refused = post(&server, DEFINITIONS, with_spec(spec)).await;
        assert_eq!(refused.code, 422, "{place}");
        let wanted = format!("{root}.{place}");
        let found = causes(&refused.body);
        assert!(
            found.iter().any(|(_, field)| *field == wanted),
            "{wanted}: {found:?}"
        );
    }
}

#[tokio::test]
async fn unknown_and_duplicate_fields_are_warned_of_refused_or_ignored() {
    let server = server(json!({"type": "object", "properties": {"a": {"type": "integer"}}})).await;
    let body = r#"{"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "NAME"},
        "spec": {"a": 1, "a": 2, "b": 1}, "also": 1}"#;
    for (validation, code, warnings) in [("Strict", 400, 0), ("Warn", 201, 3), ("Ignore", 201, 0)] {
        let body = body.replace("NAME", &validation.to_lowercase());
        let request = http::Request::post(format!("{WIDGETS}?fieldValidation={validation}"))
            .header("content-type", "application/json")
            .body(Full::from(body))
            .unwrap();
        let response = send(&server, request).await;
        assert_eq!(response.status(), code, "{validation}");
        let found = response.headers().get_all("warning").iter().count();
        assert_eq!(found, warnings, "{validation}");
        let bytes = response.collect().await.unwrap().to_bytes();
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        if code == 201 {
            assert_eq!(answer["spec"], json!({"a": 2}));
        }
    }
}
