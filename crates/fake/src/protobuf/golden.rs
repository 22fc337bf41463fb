//! The same objects in JSON and in protobuf, as kube-apiserver 1.36.2 sent them: `tests/data/protobuf.jsonl`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{decode, encode, message, opened, sealed};
use crate::object::Types;

const PAIRS: &str = include_str!("../../tests/data/protobuf.jsonl");

/// Holds the bytes of an object that the client wrote as it liked, where JSON shows them compacted.
const VERBATIM: &str = "apps_v1_ControllerRevision.rawspace";

#[derive(Deserialize)]
struct Pair<'a> {
    name: String,
    #[serde(borrow)]
    json: &'a RawValue,
    protobuf: String,
}

struct Recorded {
    name: String,
    json: &'static RawValue,
    document: Value,
    types: Types,
    protobuf: Vec<u8>,
}

fn recorded() -> impl Iterator<Item = Recorded> {
    PAIRS.lines().map(|line| {
        let pair: Pair<'static> = serde_json::from_str(line).expect("a pair");
        let document: Value = serde_json::from_str(pair.json.get()).expect("JSON");
        let text = |field: &str| document[field].as_str().expect("text").to_owned();
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", &api_version));
        Recorded {
            types: Types::new(group, version, &kind),
            protobuf: STANDARD.decode(pair.protobuf).expect("base64"),
            name: pair.name,
            json: pair.json,
            document,
        }
    })
}

#[test]
fn json_becomes_the_bytes_that_the_api_server_sends() {
    let mut failed = Vec::new();
    for pair in recorded().filter(|pair| pair.name != VERBATIM) {
        let message = message(&pair.types).expect(&pair.name);
        let mut bytes = Vec::new();
        encode(pair.json.get().as_bytes(), message, &mut bytes).expect(&pair.name);
        if sealed(&pair.types, &bytes) != pair.protobuf {
            failed.push(pair.name);
        }
    }
    assert_eq!(failed, [""; 0]);
}

#[test]
fn the_bytes_that_the_api_server_sends_become_json() {
    for pair in recorded() {
        let envelope = opened(&pair.protobuf).expect(&pair.name);
        assert_eq!(envelope.kind, pair.types.kind());
        assert_eq!(envelope.api_version, pair.types.api_version());
        let message = message(&pair.types).expect(&pair.name);
        let found = decode(envelope.message, message).expect(&pair.name);
        let mut expected = pair.document;
        if let Value::Object(expected) = &mut expected {
            expected.remove("kind");
            expected.remove("apiVersion");
        }
        assert_eq!(
            differences("", &Value::Object(found), &expected),
            [""; 0],
            "{}",
            pair.name
        );
    }
}

/// The paths at which two documents differ.
fn differences(path: &str, found: &Value, expected: &Value) -> Vec<String> {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            let mut names: Vec<_> = found.keys().chain(expected.keys()).collect();
            names.sort();
            names.dedup();
            let below = names.into_iter().flat_map(|name| {
                let path = format!("{path}.{name}");
                match (found.get(name), expected.get(name)) {
                    (Some(found), Some(expected)) => differences(&path, found, expected),
                    (found, expected) => vec![format!("{path}: {found:?}, not {expected:?}")],
                }
            });
            below.collect()
        }
        (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
            let pairs = found.iter().zip(expected).enumerate();
            let below = pairs.flat_map(|(at, (found, expected))| {
                differences(&format!("{path}[{at}]"), found, expected)
            });
            below.collect()
        }
        _ if found == expected => Vec::new(),
        _ => vec![format!("{path}: {found}, not {expected}")],
    }
}
