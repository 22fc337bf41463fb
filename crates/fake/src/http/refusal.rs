//! Refusals that only HTTP knows, in the API server's words: media types and sizes. All others are in `failure`.

use crate::failure::Failure;
use kubekit_core::{Status, StatusDetails, StatusReason};

/// The router has no route that produces what the client accepts.
pub(crate) fn no_route_produces(types: &[&str]) -> Failure {
    let message = format!(
        "406: Not Acceptable\n\nAvailable representations: {}",
        types.join(", ")
    );
    Box::new(
        Status::failure(406, StatusReason::NotAcceptable, message)
            .details(StatusDetails::default()),
    )
}

/// The encoders have nothing that the client accepts.
pub(crate) fn not_acceptable(types: &[&str]) -> Failure {
    let message = format!(
        "only the following media types are accepted: {}",
        types.join(", ")
    );
    Box::new(Status::failure(406, StatusReason::NotAcceptable, message))
}

/// The router has no route that consumes what the client sent.
pub(crate) fn no_route_consumes() -> Failure {
    Box::new(
        Status::failure(
            415,
            StatusReason::UnsupportedMediaType,
            "415: Unsupported Media Type",
        )
        .details(StatusDetails::default()),
    )
}

/// The decoders do not know what the client sent.
pub(crate) fn unsupported_media_type(types: &[&str]) -> Failure {
    let message = format!(
        "the body of the request was in an unknown format - accepted media types include: {}",
        types.join(", ")
    );
    Box::new(Status::failure(
        415,
        StatusReason::UnsupportedMediaType,
        message,
    ))
}

/// The body is larger than the API server reads.
pub(crate) fn too_large(limit: usize) -> Failure {
    let message = format!("Request entity too large: limit is {limit}");
    Box::new(Status::failure(
        413,
        StatusReason::RequestEntityTooLarge,
        message,
    ))
}
