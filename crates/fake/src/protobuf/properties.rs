//! What holds for all bytes and all documents.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Message, decode, encode, message, named, opened};
use crate::object::Types;

fn kind(group: &str, version: &str, kind: &str) -> &'static Message {
    message(&Types::new(group, version, kind)).expect("a message")
}

fn kinds() -> [&'static Message; 4] {
    [
        kind("", "v1", "Pod"),
        kind("apps", "v1", "StatefulSet"),
        kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition"),
        named("meta.v1.Status").expect("a message"),
    ]
}

fn encoded(document: &Value, message: &'static Message) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(document.to_string().as_bytes(), message, &mut bytes).expect("it is of this type");
    bytes
}

/// Bytes that look like fields: small numbers as keys and lengths are more likely to lead somewhere.
fn fields() -> impl Strategy<Value = Vec<u8>> {
    let key = (
        0u8..16,
        prop::sample::select(vec![0u8, 1, 2, 2, 2, 3, 4, 5]),
    );
    let key = key.prop_map(|(number, wire)| number << 3 | wire);
    let byte = prop_oneof![3 => key, 2 => 0u8..12, 1 => any::<u8>()];
    vec(byte, 0..200)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z.-]{0,12}", any::<String>()]
}

fn metadata() -> impl Strategy<Value = Value> {
    let parts = (
        text(),
        btree_map(text(), text(), 0..4),
        vec(text(), 0..3),
        0i64..4_102_444_800,
        option::of(any::<i64>()),
    );
    parts.prop_map(|(name, labels, finalizers, created, grace)| {
        let created = jiff::Timestamp::from_second(created).expect("in range");
        let mut metadata = json!({"name": name, "creationTimestamp": created.to_string()});
        if !labels.is_empty() {
            metadata["labels"] = json!(labels);
        }
        if !finalizers.is_empty() {
            metadata["finalizers"] = json!(finalizers);
        }
        if let Some(grace) = grace {
            metadata["deletionGracePeriodSeconds"] = grace.into();
        }
        metadata
    })
}

fn int_or_string() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i32>().prop_map(Value::from),
        text().prop_map(Value::from)
    ]
}

fn service() -> impl Strategy<Value = Value> {
    let port = (text(), any::<i32>(), option::of(int_or_string()));
    let parts = (
        metadata(),
        vec(port, 0..3),
        option::of(any::<bool>()),
        any::<bool>(),
    );
    parts.prop_map(|(metadata, ports, allocated, published)| {
        let ports = ports.into_iter().map(|(name, port, target)| {
            let target = target.unwrap_or_else(|| 0.into());
            json!({"name": name, "port": port, "targetPort": target})
        });
        json!({"metadata": metadata, "spec": {
            "ports": ports.collect::<Vec<_>>(),
            "allocateLoadBalancerNodePorts": allocated,
            "publishNotReadyAddresses": published,
        }})
    })
}

fn secret() -> impl Strategy<Value = Value> {
    let data = btree_map(text(), vec(any::<u8>(), 0..20), 0..4);
    (metadata(), data, option::of(any::<bool>())).prop_map(|(metadata, data, immutable)| {
        let data: Map<String, Value> = data
            .into_iter()
            .map(|(key, bytes)| (key, super::special::base64_encoded(&bytes).into()))
            .collect();
        json!({"metadata": metadata, "data": data, "immutable": immutable})
    })
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop_oneof![fields(), vec(any::<u8>(), 0..200)]) {
        for message in kinds() {
            let _ = decode(&bytes, message);
        }
        let _ = opened(&[b"k8s\0", &bytes[..]].concat());
    }

    /// What is decoded from whatever bytes can be written, and then stays the same.
    #[test]
    fn what_has_been_decoded_once_is_stable(bytes in fields()) {
        for message in kinds() {
            if let Ok(document) = decode(&bytes, message) {
                let document = Value::Object(document);
                let bytes = encoded(&document, message);
                let again = decode(&bytes, message).expect("it was written here");
                prop_assert_eq!(encoded(&Value::Object(again), message), bytes);
            }
        }
    }

    #[test]
    fn documents_survive(service in service(), secret in secret()) {
        for (kind, document) in [("Service", service), ("Secret", secret)] {
            let message = self::kind("", "v1", kind);
            let bytes = encoded(&document, message);
            let found = Value::Object(decode(&bytes, message).expect("it was written here"));
            prop_assert_eq!(encoded(&found, message), bytes);
            prop_assert_eq!(&found["metadata"]["name"], &own(&document["metadata"]["name"]));
            for field in ["labels", "creationTimestamp", "deletionGracePeriodSeconds"] {
                prop_assert_eq!(&found["metadata"][field], &document["metadata"][field]);
            }
            if document["data"] != json!({}) {
                prop_assert_eq!(&found["data"], &document["data"]);
            }
            if document["spec"]["ports"] != json!([]) {
                prop_assert_eq!(found["spec"]["ports"].as_array().map(Vec::len),
                    document["spec"]["ports"].as_array().map(Vec::len));
            }
        }
    }
}

/// Empty names are left out of JSON.
fn own(name: &Value) -> Value {
    if name == "" {
        Value::Null
    } else {
        name.clone()
    }
}

#[test]
fn messages_are_not_nested_without_end() {
    // A schema in a schema in a schema: field 28, `not`.
    let schema = named("apiextensions.v1.JSONSchemaProps").expect("a message");
    let mut bytes = Vec::new();
    for _ in 0..200 {
        let mut outer = Vec::new();
        super::put_text(28, &bytes, &mut outer);
        bytes = outer;
    }
    let problem = decode(&bytes, schema).expect_err("it is too deep");
    assert!(
        problem.to_string().ends_with("nested too deep"),
        "{problem}"
    );
}

#[test]
fn empty_messages_do_not_fill_the_memory() {
    // A million containers in two bytes each.
    let template = named("core.v1.PodSpec").expect("a message");
    let bytes = [0x12, 0x00].repeat(1_000_000);
    let problem = decode(&bytes, template).expect_err("there are too many");
    assert!(
        problem.to_string().ends_with("too many values"),
        "{problem}"
    );
}

#[test]
fn a_problem_says_where_it_is() {
    let config_map = kind("", "v1", "ConfigMap");
    let problem = decode(&[0x0a, 0x02, 0x0a, 0x05], config_map).expect_err("it breaks off");
    assert_eq!(
        problem.to_string(),
        "proto: metadata: the message ends within a field"
    );
}
