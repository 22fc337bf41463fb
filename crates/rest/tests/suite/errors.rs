//! What errors tell, and what they keep to themselves.

use std::io::ErrorKind;
use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use kubekit_core::{AllNamespaces, CauseType, StatusReason};
use kubekit_rest::Error;

use crate::support::script::{Answer, Script, json as answer, pieces};
use crate::support::{chain, client, map, map_json, maps, status_json};

#[test]
fn an_error_is_one_pointer() {
    assert!(size_of::<Error>() <= 16);
    fn is_portable<T: Send + Sync + 'static>() {}
    is_portable::<Error>();
}

#[tokio::test]
async fn an_error_knows_its_request_and_the_servers_account() {
    let body = status_json(404, "NotFound", r#"configmaps \"a\" not found"#);
    let error = maps(&Script::new([answer(404, body)]))
        .get("a")
        .await
        .expect_err("not found");
    assert!(error.is_not_found() && !error.is_conflict());
    assert_eq!(error.verb(), Some("get"));
    assert_eq!(error.resource().map(|r| &*r.plural), Some("configmaps"));
    assert_eq!((error.namespace(), error.name()), (Some("shop"), Some("a")));
    assert_eq!(error.attempts(), 1);
    assert_eq!(
        error.to_string(),
        r#"cannot get configmaps "a" in namespace "shop": configmaps "a" not found"#
    );
    assert!(std::error::Error::source(&error).is_none(), "it said all");
}

#[tokio::test]
async fn an_answer_that_is_no_status_becomes_one_by_its_code() {
    let cases = [
        (400, StatusReason::BadRequest),
        (401, StatusReason::Unauthorized),
        (403, StatusReason::Forbidden),
        (404, StatusReason::NotFound),
        (405, StatusReason::MethodNotAllowed),
        (406, StatusReason::NotAcceptable),
        (409, StatusReason::AlreadyExists),
        (410, StatusReason::Gone),
        (413, StatusReason::RequestEntityTooLarge),
        (415, StatusReason::UnsupportedMediaType),
        (422, StatusReason::Invalid),
        (429, StatusReason::TooManyRequests),
        (502, StatusReason::InternalError),
        (503, StatusReason::ServiceUnavailable),
        (504, StatusReason::Timeout),
        (302, StatusReason::Unknown),
    ];
    for (code, reason) in cases {
        let script = Script::new([answer(code, "go away\n")]);
        let error = maps(&script)
            .create(&map("a"))
            .await
            .expect_err("a failure");
        let status = error.status().expect("a status");
        assert_eq!((status.code, &status.reason), (code, &reason));
        assert!(status.message.ends_with(": go away"), "{}", status.message);
        assert!(error.is_unexpected_server_error());
        assert!(status.has_cause(&CauseType::UNEXPECTED_SERVER_RESPONSE));
        let details = status.details.as_ref().expect("details");
        assert_eq!(details.kind, "configmaps");
    }
}

#[tokio::test]
async fn only_the_beginning_of_a_long_failure_is_kept() {
    let script = Script::new([answer(404, "é".repeat(3_000_000))]);
    let error = maps(&script).get("a").await.expect_err("a failure");
    let message = &error.status().expect("a status").message;
    assert!(message.len() < 2200, "{} bytes", message.len());
    assert!(message.ends_with('é'));
}

#[tokio::test]
async fn a_failure_that_breaks_off_still_has_its_code() {
    let Answer::Response(mut response) =
        pieces([Ok("{\"kind\":\"Sta"), Err(ErrorKind::ConnectionReset)])
    else {
        unreachable!("pieces make a response");
    };
    *response.status_mut() = http::StatusCode::FORBIDDEN;
    let script = Script::new([Answer::Response(response)]);
    let error = maps(&script).get("a").await.expect_err("a failure");
    assert!(error.is_forbidden(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_time_to_wait_comes_from_the_header_or_the_status() {
    let with_details = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"TooManyRequests","details":{"retryAfterSeconds":4},"code":429}"#;
    let script = Script::new([
        answer(429, with_details),
        answer(429, with_details).header("retry-after", "60"),
        answer(404, ""),
    ]);
    let maps = maps(&script);
    let mut waits = Vec::new();
    for _ in 0..3 {
        waits.push(maps.get("a").await.expect_err("a failure").retry_after());
    }
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    assert_eq!(waits, [seconds(4), seconds(60), None]);
}

#[tokio::test]
async fn an_answer_of_another_kind_is_a_decode_error() {
    let pod = r#"{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"}}"#;
    for body in [pod, "<html>", "", "null", "[]"] {
        let script = Script::new([answer(200, body)]);
        let error = maps(&script).get("a").await.expect_err(body);
        assert!(error.is_decode(), "{body}: {error}");
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[tokio::test]
async fn a_failure_that_came_with_a_success_code_is_one_still() {
    let body = status_json(403, "Forbidden", "no");
    let script = Script::new([answer(200, body)]);
    let error = maps(&script).get("a").await.expect_err("a failure");
    assert!(error.is_forbidden(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_is_a_lost_connection() {
    let script = Script::new([pieces([Ok("{\"kind\":"), Err(ErrorKind::UnexpectedEof)])]);
    let error = maps(&script).get("a").await.expect_err("half an answer");
    assert!(error.is_connection_lost(), "{error}");
}

#[tokio::test]
async fn an_answer_above_the_limit_is_refused() {
    let limited = |script: &Script| {
        kubekit_rest::RestClient::builder(&crate::support::config())
            .transport(script.clone())
            .max_answer_bytes(20)
            .build()
            .expect("a client")
    };
    let whole = Script::new([answer(200, map_json("a"))]);
    let in_pieces = Script::new([pieces(["0123456789", "0123456789", "0"].map(Ok))]);
    for script in [whole, in_pieces] {
        let error = limited(&script)
            .get("/")
            .bytes()
            .await
            .expect_err("too much");
        assert!(error.is_too_large(), "{error}");
    }
    let just_fits = Script::new([pieces(["0123456789", "0123456789"].map(Ok))]);
    let body = limited(&just_fits).get("/").bytes().await;
    assert_eq!(body.expect("20 bytes").len(), 20);
}

#[tokio::test]
async fn errors_name_the_path_without_its_query() {
    let script = Script::new([answer(403, "")]);
    let request = client(&script)
        .get("/logs?token=s3cret")
        .query("key", "s3cret");
    let error = request.bytes().await.expect_err("forbidden");
    assert!(
        error.to_string().starts_with("cannot get /logs: "),
        "{error}"
    );
    assert!(!format!("{error:?}{}", chain(&error)).contains("s3cret"));
}

#[tokio::test]
async fn a_watch_that_is_refused_is_a_typed_error() {
    for (code, reason) in [(403, "Forbidden"), (410, "Expired"), (404, "NotFound")] {
        let script = Script::new([answer(code, status_json(code, reason, "no"))]);
        let pods = client(&script).api::<Pod, _>(AllNamespaces);
        let error = pods.watch().await.expect_err("a refusal");
        let status = error.status().expect("a status");
        assert_eq!((status.code, status.reason.as_str()), (code, reason));
        assert_eq!(error.verb(), Some("watch"));
    }
}
