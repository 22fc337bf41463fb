//! Media types, encodings, options and the refusals of HTTP.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use kubekit_fake::ApiServer;
use serde_json::{Value, json};
use support::{MAPS, call, create_map, define, delete, get, post, put, send, watch};

/// Code, content type and text of an answer.
async fn raw(
    server: &ApiServer,
    request: http::request::Builder,
    body: &str,
) -> (u16, String, String) {
    let request = request
        .body(Full::from(Bytes::from(body.to_owned())))
        .unwrap();
    let response = send(server, request).await;
    let code = response.status().as_u16();
    let content_type = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let bytes = response.collect().await.unwrap().to_bytes();
    (
        code,
        content_type,
        String::from_utf8(bytes.to_vec()).unwrap(),
    )
}

async fn accepting(server: &ApiServer, path: &str, accept: &str) -> (u16, String, String) {
    raw(server, Request::get(path).header("accept", accept), "").await
}

#[tokio::test]
async fn the_best_acceptable_encoding_is_chosen() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let path = format!("{MAPS}/a");
    for (accept, code, content_type) in [
        ("*/*", 200, "application/json"),
        ("text/html, application/json;q=0.5", 200, "application/json"),
        (
            "application/json;q=0.3,application/yaml;q=0.9",
            200,
            "application/yaml",
        ),
        (
            "application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1,application/json",
            200,
            "application/json",
        ),
        (
            "application/json;as=Chair;g=meta.k8s.io;v=v1,application/json",
            200,
            "application/json",
        ),
        (
            "application/json;as=Table;g=example.com;v=v1",
            406,
            "application/json",
        ),
        ("application/*", 406, "application/json"),
        ("image/png", 406, "application/json"),
    ] {
        let (found, kind, body) = accepting(&server, &path, accept).await;
        assert_eq!(
            (found, kind.as_str()),
            (code, content_type),
            "{accept}: {body}"
        );
    }
    let (_, _, body) = accepting(&server, &path, "image/png").await;
    assert!(body.contains(
        "406: Not Acceptable\\n\\nAvailable representations: application/json, application/yaml"
    ));
}

#[tokio::test]
async fn custom_resources_are_negotiated_by_the_encoders_alone() {
    let server = ApiServer::new();
    define(&server, "widgets", "Widget").await;
    let (code, ..) = accepting(&server, "/apis/example.com/v1/widgets", "application/*").await;
    assert_eq!(code, 200);
    let (code, _, body) = accepting(&server, "/apis/example.com/v1/widgets", "text/html").await;
    assert_eq!(code, 406);
    assert!(body.contains(
        "only the following media types are accepted: application/json, application/yaml"
    ));
}

#[tokio::test]
async fn bodies_and_answers_may_be_yaml() {
    let server = ApiServer::new();
    let yaml = "# a comment\n---\nmetadata:\n  name: y1\ndata:\n  text: |\n    one\n    two\n";
    let request = Request::post(MAPS)
        .header("content-type", "application/yaml")
        .header("accept", "application/yaml");
    let (code, content_type, body) = raw(&server, request, yaml).await;
    assert_eq!(
        (code, content_type.as_str()),
        (201, "application/yaml"),
        "{body}"
    );
    let answer: Value = serde_yaml::from_str(&body).unwrap();
    assert_eq!(answer["data"]["text"], "one\ntwo\n");
    let broken = Request::post(MAPS).header("content-type", "application/yaml");
    assert_eq!(raw(&server, broken, "a: [b\n").await.0, 400);
    let (code, content_type, body) =
        accepting(&server, &format!("{MAPS}/none"), "application/yaml").await;
    assert_eq!((code, content_type.as_str()), (404, "application/yaml"));
    assert!(body.contains("reason: NotFound"));
}

#[tokio::test]
async fn json_ends_with_a_line_break_unless_it_is_pretty() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let (_, _, plain) = accepting(&server, &format!("{MAPS}/a"), "*/*").await;
    assert!(plain.ends_with("}\n") && plain.lines().count() == 1);
    let (_, _, pretty) = accepting(&server, &format!("{MAPS}/a?pretty=true"), "*/*").await;
    assert!(pretty.ends_with("\n}") && pretty.contains("\n    \"name\": \"a\""));
    let curl = Request::get(format!("{MAPS}/a")).header("user-agent", "curl/8.0");
    assert!(raw(&server, curl, "").await.2.lines().count() > 1);
    let curl = Request::get(format!("{MAPS}/a?pretty=0")).header("user-agent", "curl/8.0");
    assert_eq!(raw(&server, curl, "").await.2.lines().count(), 1);
}

#[tokio::test]
async fn bodies_that_are_no_objects_of_the_resource_are_refused() {
    let server = ApiServer::new();
    for body in [
        "",
        "{not json",
        "[]",
        "\"x\"",
        "{\"metadata\":{\"name\":\"a\"}} x",
        r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}"#,
        r#"{"apiVersion":"v2","kind":"ConfigMap","metadata":{"name":"a"}}"#,
        r#"{"kind":5,"metadata":{"name":"a"}}"#,
    ] {
        let request = Request::post(MAPS).header("content-type", "application/json");
        let (code, _, answer) = raw(&server, request, body).await;
        assert_eq!(code, 400, "{body}: {answer}");
        assert!(answer.contains(r#""reason":"BadRequest""#), "{answer}");
    }
}

#[tokio::test]
async fn media_types_of_bodies_are_checked() {
    let server = ApiServer::new();
    let object = r#"{"metadata":{"name":"a"}}"#;
    let (code, _, body) = raw(
        &server,
        Request::post(MAPS).header("content-type", "text/plain"),
        object,
    )
    .await;
    assert_eq!(code, 415);
    assert!(body.contains(
        "the body of the request was in an unknown format - accepted media types include: "
    ));
    assert_eq!(raw(&server, Request::post(MAPS), object).await.0, 201);
    let patch = call(
        &server,
        Method::PATCH,
        &format!("{MAPS}/a"),
        "application/json",
        json!({}),
    )
    .await;
    assert_eq!(
        (patch.code, &patch.body["message"]),
        (415, &json!("415: Unsupported Media Type"))
    );
}

#[tokio::test]
async fn bodies_are_bounded() {
    let server = ApiServer::new();
    let large = json!({"metadata": {"name": "a"}, "data": {"a": "a".repeat(3 * 1024 * 1024)}});
    let answer = post(&server, MAPS, large).await;
    assert_eq!(
        (answer.code, &answer.body["message"]),
        (413, &json!("Request entity too large: limit is 3145728"))
    );
}

#[tokio::test]
async fn methods_that_a_path_does_not_have_are_refused() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let map = format!("{MAPS}/a");
    for (method, path) in [
        (Method::POST, map.as_str()),
        (Method::PUT, MAPS),
        (Method::PATCH, MAPS),
        (Method::OPTIONS, MAPS),
        (Method::DELETE, "/api/v1/namespaces"),
        (Method::POST, "/api/v1/configmaps"),
        (Method::DELETE, "/api/v1/configmaps"),
        (Method::GET, "/api/v1/namespaces/default/bindings"),
        (
            Method::POST,
            "/apis/apps/v1/namespaces/default/deployments/x/status",
        ),
    ] {
        let answer = call(
            &server,
            method.clone(),
            path,
            "application/merge-patch+json",
            json!({}),
        )
        .await;
        assert_eq!(
            (answer.code, &answer.body["reason"]),
            (405, &json!("MethodNotAllowed")),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn paths_that_lead_nowhere_are_told_apart() {
    let server = ApiServer::new();
    for path in [
        "/api/v2",
        "/api/v1/widgets",
        "/api/v1/namespaces/default/nodes",
        "/api/v1/configmaps/a",
        "/api/v1/nodes/n/nothing",
        "/apis/apps/v1/namespaces/default/deployments/x/status/more",
    ] {
        let answer = get(&server, path).await;
        let message = "the server could not find the requested resource";
        assert_eq!(
            (answer.code, &answer.body["message"]),
            (404, &json!(message)),
            "{path}"
        );
    }
    for path in ["/", "/no-such-path", "/apis/none.example.com/v1/x"] {
        let answer = get(&server, path).await;
        assert_eq!(
            (answer.code, answer.body),
            (404, json!("404 page not found\n")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn names_in_paths_may_be_escaped() {
    let server = ApiServer::new();
    create_map(&server, "p.q").await;
    assert_eq!(get(&server, &format!("{MAPS}/p%2Eq")).await.code, 200);
}

#[tokio::test]
async fn options_that_are_wrong_are_named() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let new = json!({"metadata": {"name": "b"}});
    let long = "m".repeat(129);
    for (query, field) in [
        ("fieldValidation=Nope".to_owned(), "fieldValidation"),
        ("dryRun=Some".to_owned(), "dryRun"),
        (format!("fieldManager={long}"), "fieldManager"),
    ] {
        let answer = post(&server, &format!("{MAPS}?{query}"), new.clone()).await;
        assert_eq!(
            (answer.code, &answer.body["details"]["kind"]),
            (422, &json!("CreateOptions")),
            "{query}"
        );
        assert_eq!(answer.body["details"]["causes"][0]["field"], field);
    }
    let answer = delete(
        &server,
        &format!("{MAPS}/a?propagationPolicy=Nope"),
        Value::Null,
    )
    .await;
    assert_eq!(
        (answer.code, &answer.body["details"]["kind"]),
        (422, &json!("DeleteOptions"))
    );
    for query in ["limit=many", "timeoutSeconds=x&watch=1"] {
        assert_eq!(
            get(&server, &format!("{MAPS}?{query}")).await.code,
            400,
            "{query}"
        );
    }
    assert_eq!(
        get(&server, &format!("{MAPS}/a?whatever=1")).await.code,
        200
    );
}

#[tokio::test]
async fn the_options_in_a_body_hide_those_of_the_query() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let path = format!("{MAPS}/a?dryRun=All");
    assert_eq!(delete(&server, &path, Value::Null).await.code, 200);
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 200);
    assert_eq!(
        delete(
            &server,
            &path,
            json!({"kind": "DeleteOptions", "apiVersion": "v1"})
        )
        .await
        .code,
        200
    );
    assert_eq!(get(&server, &format!("{MAPS}/a")).await.code, 404);
}

#[tokio::test]
async fn metadata_alone_can_be_asked_for() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let ask = |kind: &str| format!("application/json;as={kind};g=meta.k8s.io;v=v1");
    let (_, _, one) = accepting(&server, &format!("{MAPS}/a"), &ask("PartialObjectMetadata")).await;
    let one: Value = serde_json::from_str(&one).unwrap();
    assert_eq!(
        (&one["kind"], &one["apiVersion"]),
        (&json!("PartialObjectMetadata"), &json!("meta.k8s.io/v1"))
    );
    assert_eq!(one["metadata"]["name"], "a");
    let (_, _, list) = accepting(&server, MAPS, &ask("PartialObjectMetadataList")).await;
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["items"][0], one);
    let (_, _, empty) = accepting(
        &server,
        "/api/v1/secrets",
        &ask("PartialObjectMetadataList"),
    )
    .await;
    assert!(empty.contains("\"items\":null"));
    assert_eq!(
        accepting(&server, MAPS, &ask("PartialObjectMetadata"))
            .await
            .0,
        406
    );
    assert_eq!(
        accepting(
            &server,
            &format!("{MAPS}/a"),
            &ask("PartialObjectMetadataList")
        )
        .await
        .0,
        406
    );
}

#[tokio::test]
async fn large_objects_and_small_ones_come_whole_through_a_watch() {
    let server = ApiServer::new();
    let mut watch = watch(&server, &format!("{MAPS}?watch=1")).await;
    let large = "x".repeat(5000);
    for (name, text) in [("a", "1"), ("b", large.as_str()), ("c", "2")] {
        let object = json!({"metadata": {"name": name}, "data": {"text": text}});
        assert_eq!(post(&server, MAPS, object).await.code, 201);
    }
    for (name, text) in [("a", "1"), ("b", large.as_str()), ("c", "2")] {
        let event = watch.next().await.unwrap();
        assert_eq!(
            (&event["type"], &event["object"]["metadata"]["name"]),
            (&json!("ADDED"), &json!(name))
        );
        assert_eq!(event["object"]["data"]["text"], text);
    }
}

#[tokio::test]
async fn deprecated_versions_warn() {
    let server = ApiServer::new();
    let mut old = support::definition("widgets", "Widget");
    old["spec"]["versions"][0]["deprecated"] = true.into();
    post(&server, support::DEFINITIONS, old).await;
    let request = Request::get("/apis/example.com/v1/widgets")
        .body(Full::default())
        .unwrap();
    let response = send(&server, request).await;
    assert_eq!(
        response.headers()["warning"],
        "299 - \"example.com/v1 Widget is deprecated\""
    );
}

#[tokio::test]
async fn an_update_names_what_it_updates() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let other = put(
        &server,
        &format!("{MAPS}/a"),
        json!({"metadata": {"name": "b"}}),
    )
    .await;
    let message = "the name of the object (b) does not match the name on the URL (a)";
    assert_eq!((other.code, &other.body["message"]), (400, &json!(message)));
}
