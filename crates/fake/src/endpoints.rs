//! What is no part of the API proper: health, the version, and OpenAPI.

use http::request::Parts;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::access;
use crate::http::{Body, Endpoint, Query, Refusal, Representation, respond};
use crate::openapi;
use crate::world::World;

/// Answers a request outside of the API groups. `path` is decoded.
///
/// # Errors
///
/// 404 as a page for everything unknown.
pub(crate) fn answer(
    world: &World,
    path: &str,
    head: &Parts,
    query: &Query,
) -> Result<Response<Body>, Refusal> {
    match path.trim_end_matches('/') {
        "/healthz" | "/livez" | "/readyz" => Ok(respond::text(StatusCode::OK, "ok")),
        "/healthz/ping" | "/livez/ping" | "/readyz/ping" => Ok(respond::text(StatusCode::OK, "ok")),
        "/version" => {
            let representation =
                Representation::negotiate(&head.headers, query, Endpoint::JsonOnly)?;
            Ok(respond::document(&version(), representation))
        }
        "/.well-known/openid-configuration" => {
            Ok(json(&access::openid_configuration(), "application/json"))
        }
        "/openid/v1/jwks" => Ok(json(&world.access.key_set(), "application/jwk-set+json")),
        path if path.starts_with("/openapi/") => {
            openapi::answer(&world.registry.snapshot(), path, head, query)
        }
        _ => Err(Refusal::Page),
    }
}

fn json(document: &Value, content_type: &'static str) -> Response<Body> {
    respond::bytes(document.to_string().into(), content_type, [])
}

/// What kube-apiserver 1.36.2 says about itself: the version whose behaviour this server follows.
fn version() -> Value {
    json!({
        "major": "1",
        "minor": "36",
        "emulationMajor": "1",
        "emulationMinor": "36",
        "minCompatibilityMajor": "1",
        "minCompatibilityMinor": "35",
        "gitVersion": "v1.36.2",
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "",
        "compiler": "rustc",
        "platform": "linux/amd64",
    })
}
