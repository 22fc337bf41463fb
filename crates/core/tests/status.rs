//! Status answers and the predicates over them.

use std::time::Duration;

use kubekit_core::{CauseType, Status, StatusCause, StatusDetails, StatusReason};

type Predicate = fn(&Status) -> bool;

const BY_REASON_OR_CODE: [(&str, u16, Predicate); 15] = [
    ("NotFound", 404, Status::is_not_found),
    ("Conflict", 409, Status::is_conflict),
    ("Invalid", 422, Status::is_invalid),
    ("Gone", 410, Status::is_gone),
    ("NotAcceptable", 406, Status::is_not_acceptable),
    (
        "UnsupportedMediaType",
        415,
        Status::is_unsupported_media_type,
    ),
    ("MethodNotAllowed", 405, Status::is_method_not_supported),
    ("ServiceUnavailable", 503, Status::is_service_unavailable),
    ("BadRequest", 400, Status::is_bad_request),
    ("Unauthorized", 401, Status::is_unauthorized),
    ("Forbidden", 403, Status::is_forbidden),
    ("Timeout", 504, Status::is_timeout),
    ("InternalError", 500, Status::is_internal_error),
    ("TooManyRequests", 429, Status::is_too_many_requests),
    (
        "RequestEntityTooLarge",
        413,
        Status::is_request_entity_too_large,
    ),
];

const BY_REASON: [(&str, u16, Predicate); 4] = [
    ("AlreadyExists", 409, Status::is_already_exists),
    ("Expired", 410, Status::is_expired),
    ("ServerTimeout", 500, Status::is_server_timeout),
    ("StoreReadError", 500, Status::is_store_read_error),
];

fn failure(code: u16, reason: &str) -> Status {
    Status::failure(code, reason.into(), "")
}

#[test]
fn a_reason_decides_whatever_the_code() {
    for (reason, _, predicate) in BY_REASON_OR_CODE.into_iter().chain(BY_REASON) {
        assert!(predicate(&failure(0, reason)), "{reason}");
        assert!(predicate(&failure(418, reason)), "{reason}");
    }
}

#[test]
fn the_code_decides_only_when_the_reason_is_not_known() {
    for (reason, code, predicate) in BY_REASON_OR_CODE {
        assert!(predicate(&failure(code, "")), "{reason}");
        assert!(predicate(&failure(code, "SomethingNew")), "{reason}");
    }
    for (reason, code, predicate) in BY_REASON {
        assert!(!predicate(&failure(code, "")), "{reason}");
    }
    assert!(!failure(409, "AlreadyExists").is_conflict());
    assert!(!failure(410, "Expired").is_gone());
    assert!(!failure(404, "Forbidden").is_not_found());
    assert!(
        failure(429, "Forbidden").is_too_many_requests(),
        "as apimachinery has it"
    );
}

#[test]
fn each_failure_is_of_one_sort() {
    for (reason, code, _) in BY_REASON_OR_CODE {
        let status = failure(code, reason);
        let holding = BY_REASON_OR_CODE
            .iter()
            .filter(|(_, _, predicate)| predicate(&status))
            .count();
        assert_eq!(holding, 1, "{reason}");
    }
}

#[test]
fn delays_are_suggested_by_seconds_or_by_a_server_timeout() {
    let details = |seconds| {
        let mut details = StatusDetails::default();
        details.retry_after_seconds = seconds;
        details
    };
    let status = failure(429, "TooManyRequests").details(details(3));
    assert_eq!(status.suggests_client_delay(), Some(Duration::from_secs(3)));
    let status = failure(500, "ServerTimeout").details(details(0));
    assert_eq!(status.suggests_client_delay(), Some(Duration::ZERO));
    assert_eq!(
        failure(429, "TooManyRequests")
            .details(details(0))
            .suggests_client_delay(),
        None
    );
    assert_eq!(failure(500, "ServerTimeout").suggests_client_delay(), None);
}

#[test]
fn too_large_resource_versions_are_known_in_the_old_and_the_new_form() {
    let mut details = StatusDetails::default();
    details.causes.push(StatusCause::new(
        CauseType::RESOURCE_VERSION_TOO_LARGE,
        "Too large resource version",
        "",
    ));
    assert!(
        failure(504, "Timeout")
            .details(details)
            .is_too_large_resource_version()
    );
    let old = Status::failure(
        504,
        StatusReason::Timeout,
        "Too large resource version: 9, current: 5",
    );
    assert!(old.is_too_large_resource_version());
    assert!(!failure(504, "Timeout").is_too_large_resource_version());
}

#[test]
fn a_status_reads_back_as_it_was_written() {
    let text = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"no","reason":"Odd","details":{"name":"a","causes":[{"reason":"FieldValueInvalid","message":"bad","field":"spec.x"}],"retryAfterSeconds":1},"code":422}"#;
    let status = Status::from_json(text.as_bytes()).unwrap();
    assert_eq!(status.reason, StatusReason::Other("Odd".into()));
    assert!(status.has_cause(&CauseType::FIELD_VALUE_INVALID));
    assert_eq!(serde_json::to_string(&status).unwrap(), text);
}

#[test]
fn other_bodies_are_not_taken_for_a_status() {
    for body in [
        "",
        "no",
        "{}",
        r#"{"kind":"Pod"}"#,
        r#"{"kind":5}"#,
        r#"["Status"]"#,
    ] {
        assert_eq!(Status::from_json(body.as_bytes()), None, "{body}");
    }
}
