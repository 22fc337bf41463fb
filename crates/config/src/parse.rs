//! From bytes to types, without trusting the bytes and without repeating them in errors.
//!
//! YAML and JSON are first read into a generic tree whose size is bounded ([`expand`]), and the tree then into types
//! by a deserializer whose errors name the field and never its content ([`tree`]).

pub(crate) mod expand;
pub(crate) mod syntax;
pub(crate) mod tree;

use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    error::{Error, Kind, Problem},
    files::MAX_BYTES,
};

/// Reads YAML or JSON.
pub(crate) fn parse<T>(bytes: &[u8], origin: Option<&Path>) -> Result<T, Error>
where
    T: DeserializeOwned + Default,
{
    let decoded = match read_tree(bytes) {
        Ok(Value::Null) => Ok(T::default()),
        Ok(value) => tree::decode(value),
        Err(problem) => Err(problem),
    };
    decoded.map_err(|problem| Error::new(Kind::Malformed, problem.in_file(origin)))
}

fn read_tree(bytes: &[u8]) -> Result<Value, Problem> {
    if bytes.len() > MAX_BYTES {
        return Err(Problem::new("it is larger than 8 MiB"));
    }
    syntax::check_effort(bytes)?;
    // JSON is also YAML, but libyaml takes more time for it and does not know surrogate pairs.
    let looks_like_json = bytes.trim_ascii_start().starts_with(b"{");
    if looks_like_json && let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    expand::yaml(bytes)
}
