//! Whose token something is.

use serde_json::{Value, json};

use super::{field, text, texts};
use crate::access::{accounts, authenticate};
use crate::failure::{self, Failure};
use crate::meta;
use crate::request::Document;
use crate::world::World;

pub(super) fn answer(world: &World, body: &Document) -> Result<Value, Failure> {
    let namespace = meta::text(meta::of(body), "namespace");
    if !namespace.is_empty() {
        return Err(failure::bad_request(format!(
            "namespace is not allowed on this type: {namespace}"
        )));
    }
    let spec = field(body, "spec");
    let token = text(spec, "token");
    if token.is_empty() {
        return Err(failure::bad_request(
            "token is required for TokenReview in authentication",
        ));
    }
    let asked: Vec<String> = texts(&spec["audiences"]).map(str::to_owned).collect();
    let audiences = match asked.is_empty() {
        true => accounts::audiences().to_vec(),
        false => asked,
    };
    Ok(match authenticate::of_token(world, &token, &audiences) {
        Some(found) => json!({
            "authenticated": true,
            "user": found.user.info(),
            "audiences": found.audiences,
        }),
        None => json!({"user": {}, "error": "[invalid bearer token, unknown]"}),
    })
}
