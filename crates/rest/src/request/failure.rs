//! An answer that is a failure.

use std::time::Duration;

use bytes::BytesMut;
use http::{Method, Response, StatusCode};
use kubekit_core::{CauseType, Status, StatusCause, StatusDetails, StatusReason};
use tokio::time::timeout;

use crate::body::collect::collect_beginning;
use crate::error::Kind;
use crate::retry_after::retry_after;
use crate::{Body, Error, RequestInfo};

/// The most bytes of a failure's body that are read.
const READ: usize = 1 << 20;
/// How long that may take.
const READ_WITHIN: Duration = Duration::from_secs(10);
/// The most bytes that are kept of a body that is not a `Status`.
const KEPT: usize = 2048;

/// Reads the body of a failed answer and makes the error.
pub(super) async fn error(info: &RequestInfo, method: &Method, answer: Response<Body>) -> Error {
    let (head, mut rest) = answer.into_parts();
    let mut body = BytesMut::new();
    // What matters is the code, so a body that does not end is not waited for.
    let _ = timeout(READ_WITHIN, collect_beginning(&mut rest, READ, &mut body)).await;
    let retry_after = retry_after(&head.headers);
    let mut status = Status::from_json(&body)
        .filter(|status| status.status != "Success")
        .unwrap_or_else(|| unexpected(info, method, head.status, &body));
    if status.code == 0 {
        status.code = head.status.as_u16();
    }
    let status = Box::new(status);
    Error::of(
        info,
        Kind::Status {
            status,
            retry_after,
        },
    )
}

/// Makes a status for an answer that is none, as `errors.NewGenericServerResponse` of apimachinery does.
fn unexpected(info: &RequestInfo, method: &Method, code: StatusCode, body: &[u8]) -> Status {
    let text = beginning(body);
    let message = if text.is_empty() {
        format!("the server answered {code} without a status")
    } else {
        format!("the server answered {code}: {text}")
    };
    let mut details = StatusDetails::default();
    details.name = info.name().unwrap_or_default().to_owned();
    if let Some(resource) = info.resource() {
        details.group = resource.group.clone().into_owned();
        details.kind = resource.plural.clone().into_owned();
    }
    details.causes = vec![StatusCause::new(
        CauseType::UNEXPECTED_SERVER_RESPONSE,
        text,
        "",
    )];
    Status::failure(code.as_u16(), reason(method, code), message).details(details)
}

fn reason(method: &Method, code: StatusCode) -> StatusReason {
    match code.as_u16() {
        400 => StatusReason::BadRequest,
        401 => StatusReason::Unauthorized,
        403 => StatusReason::Forbidden,
        404 => StatusReason::NotFound,
        405 => StatusReason::MethodNotAllowed,
        406 => StatusReason::NotAcceptable,
        409 if *method == Method::POST => StatusReason::AlreadyExists,
        409 => StatusReason::Conflict,
        410 => StatusReason::Gone,
        413 => StatusReason::RequestEntityTooLarge,
        415 => StatusReason::UnsupportedMediaType,
        422 => StatusReason::Invalid,
        429 => StatusReason::TooManyRequests,
        503 => StatusReason::ServiceUnavailable,
        504 => StatusReason::Timeout,
        500.. => StatusReason::InternalError,
        _ => StatusReason::Unknown,
    }
}

/// Returns the beginning of a body as text on one line.
fn beginning(body: &[u8]) -> String {
    let body = &body[..body.len().min(KEPT)];
    let text = String::from_utf8_lossy(body);
    text.trim()
        .trim_end_matches(char::REPLACEMENT_CHARACTER)
        .to_owned()
}
