//! The same objects in JSON and in protobuf, as kube-apiserver 1.36.2 sent them: `tests/data/protobuf.jsonl`, and the same watches:
//! `tests/data/protobuf-watches.jsonl`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{decode, encode, message, opened, put_frame, sealed};
use crate::object::Types;

const PAIRS: &str = include_str!("../../tests/data/protobuf.jsonl");

const WATCHES: &str = include_str!("../../tests/data/protobuf-watches.jsonl");

/// Holds the bytes of an object that the client wrote as it liked, where JSON shows them compacted.
const VERBATIM: &str = "apps_v1_ControllerRevision.rawspace";

#[derive(Deserialize)]
struct Pair<'a> {
    name: String,
    #[serde(borrow)]
    json: &'a RawValue,
    protobuf: String,
}

#[derive(Deserialize)]
struct Watch {
    name: String,
    lines: Vec<String>,
    stream: String,
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
        Recorded {
            types: types_of(&document),
            protobuf: STANDARD.decode(pair.protobuf).expect("base64"),
            name: pair.name,
            json: pair.json,
            document,
        }
    })
}

fn types_of(document: &Value) -> Types {
    let text = |field: &str| document[field].as_str().expect("text");
    let api_version = text("apiVersion");
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    Types::new(group, version, text("kind"))
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

#[test]
fn events_become_the_frames_that_the_api_server_sends() {
    for watch in WATCHES.lines() {
        let watch: Watch = serde_json::from_str(watch).expect("a watch");
        let mut stream = Vec::new();
        for line in watch.lines {
            let event: Value = serde_json::from_str(&line).expect("an event");
            let (object, change) = (&event["object"], event["type"].as_str().expect("a type"));
            let types = types_of(object);
            let mut bytes = Vec::new();
            let message = message(&types).expect(&watch.name);
            encode(object.to_string().as_bytes(), message, &mut bytes).expect(&watch.name);
            let sealed = sealed(&types, &bytes);
            put_frame(change, sealed.len(), &mut stream);
            stream.extend_from_slice(&sealed);
        }
        assert_eq!(STANDARD.encode(stream), watch.stream, "{}", watch.name);
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
