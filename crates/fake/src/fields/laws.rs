//! What must hold whatever the documents are.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::compare::{Comparison, is_equal};
use super::element::{Element, Scalar};
use super::managers::Managers;
use super::set::{Node, Set};
use super::shape::CustomShapes;
use super::{Schemas, Writer, check, cut, merge, own, v1};

/// A type with one of everything: scalars, structs, maps, sets, keyed lists, and parts that are only owned whole.
fn shapes() -> CustomShapes {
    CustomShapes::new(
        json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {
            "size": {"type": "integer"},
            "conf": {"type": "object", "additionalProperties": {"type": "string"}},
            "whole": {"type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": {"type": "string"}},
            "args": {"type": "array", "items": {"type": "string"}},
            "hosts": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
            "ports": {
                "type": "array",
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["name"],
                "items": {"type": "object", "properties": {
                    "name": {"type": "string"},
                    "number": {"type": "integer"},
                    "tags": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
                }},
            },
            "free": {"x-kubernetes-preserve-unknown-fields": true},
        }}}}),
    )
}

fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        any::<i64>().prop_map(Scalar::Integer),
        (-1.0e6..1.0e6).prop_map(Scalar::Float),
        "[a-c<&\"]{0,3}".prop_map(Scalar::Text),
        any::<bool>().prop_map(Scalar::Bool),
    ]
}

fn element() -> impl Strategy<Value = Element> {
    prop_oneof![
        "[a-d]".prop_map(Element::Field),
        scalar().prop_map(Element::Item),
        ("[a-b]", scalar()).prop_map(|key| Element::Keys(vec![key])),
        (0_i64..3).prop_map(Element::Index),
    ]
}

fn set() -> impl Strategy<Value = Set> {
    let paths = prop::collection::vec(prop::collection::vec(element(), 1..4), 0..12);
    paths.prop_map(|paths| {
        let mut set = Set::default();
        for path in paths {
            set.insert(path);
        }
        set
    })
}

/// A set over so few elements that two of them have something in common.
fn small_set() -> impl Strategy<Value = Set> {
    let name = "[a-c]".prop_map(Element::Field);
    let paths = prop::collection::vec(prop::collection::vec(name, 1..4), 0..8);
    paths.prop_map(|paths| {
        let mut set = Set::default();
        for path in paths {
            set.insert(path);
        }
        set
    })
}

fn texts(range: std::ops::Range<usize>) -> impl Strategy<Value = Value> {
    prop::collection::btree_set("[a-d]", range).prop_map(|set| json!(set))
}

fn map() -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[a-c]", "[x-z]", 1..3).prop_map(|map| json!(map))
}

fn ports() -> impl Strategy<Value = Value> {
    let port = (prop::option::of(0_i64..3), prop::option::of(texts(1..3)));
    prop::collection::btree_map("[p-s]", port, 1..4).prop_map(|ports| {
        let ports = ports.into_iter().map(|(name, (number, tags))| {
            let mut port = json!({"name": name});
            if let Some(number) = number {
                port["number"] = number.into();
            }
            if let Some(tags) = tags {
                port["tags"] = tags;
            }
            port
        });
        ports.collect()
    })
}

fn document() -> impl Strategy<Value = Value> {
    let fields = (
        prop::option::of((0_i64..3).prop_map(Value::from)),
        prop::option::of(map()),
        prop::option::of(map()),
        prop::option::of(texts(1..3)),
        prop::option::of(texts(1..4)),
        prop::option::of(ports()),
        prop::option::of(map()),
    );
    fields.prop_map(|(size, conf, whole, args, hosts, ports, free)| {
        let names = ["size", "conf", "whole", "args", "hosts", "ports", "free"];
        let values = [size, conf, whole, args, hosts, ports, free];
        let fields = names.into_iter().zip(values);
        let spec: Map<String, Value> = fields
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        json!({"spec": spec})
    })
}

fn is_sound(set: &Set) -> bool {
    set.iter()
        .all(|(_, node)| !node.is_empty() && is_sound(&node.below))
}

/// A kind whose schema is that of `Deployment`, which needs no definition.
fn writer<'a>(schemas: &'a Schemas, name: &str) -> Writer<'a> {
    Writer {
        schemas,
        name: name.to_owned(),
        subresource: "",
        ignored: Set::default(),
        now: Timestamp::UNIX_EPOCH,
    }
}

/// Config maps with these data.
fn config_map(data: &[(String, String)]) -> Value {
    let data: Map<String, Value> = data
        .iter()
        .map(|(key, value)| (key.clone(), value.as_str().into()))
        .collect();
    json!({"metadata": {"name": "a"}, "data": data})
}

fn data() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::btree_map("[a-d]", "[x-z]", 1..4).prop_map(|map| map.into_iter().collect())
}

proptest! {
    #[test]
    fn sets_obey_their_algebra(a in small_set(), b in small_set(), c in small_set()) {
        let union = a.clone().union(&b);
        prop_assert_eq!(&union, &b.clone().union(&a));
        prop_assert_eq!(&a.clone().union(&a), &a);
        prop_assert_eq!(a.intersection(&b), b.intersection(&a));
        prop_assert_eq!(a.intersection(&a), a.clone());
        let rest = a.clone().difference(&b);
        prop_assert!(rest.intersection(&b).is_empty());
        prop_assert_eq!(rest.union(&a.intersection(&b)), a.clone());
        let both = b.clone().union(&c);
        prop_assert_eq!(a.clone().difference(&both), a.clone().difference(&b).difference(&c));
        prop_assert_eq!(
            a.intersection(&both),
            a.intersection(&b).union(&a.intersection(&c))
        );
        let outside = a.clone().outside(&b);
        prop_assert_eq!(&outside.clone().difference(&b), &outside);
        prop_assert_eq!(&outside.intersection(&a), &outside);
        for set in [union, both, outside] {
            prop_assert!(is_sound(&set));
        }
    }

    #[test]
    fn what_is_encoded_is_decoded(set in set()) {
        prop_assert_eq!(v1::decode(&v1::encode(&set)), Ok(set));
    }

    #[test]
    fn a_document_has_all_fields_that_are_new_in_it(document in document()) {
        let shapes = shapes();
        let nothing = json!({"spec": {}});
        let comparison = Comparison::of(shapes.get(), &nothing, &document);
        prop_assert!(comparison.removed.is_empty());
        let fields = own::fields_of(shapes.get(), &document);
        // What is only a parent has no owner when it is applied, but one when it is written.
        let parents = own::with_parents(Some(shapes.get()), &fields);
        prop_assert!(fields.clone().difference(&comparison.written()).is_empty() || document == nothing);
        prop_assert!(comparison.written().difference(&parents).is_empty());
    }

    #[test]
    fn comparing_is_symmetric(a in document(), b in document()) {
        let shapes = shapes();
        let there = Comparison::of(shapes.get(), &a, &b);
        let back = Comparison::of(shapes.get(), &b, &a);
        prop_assert_eq!(there.added, back.removed);
        prop_assert_eq!(there.removed, back.added);
        prop_assert_eq!(there.modified, back.modified);
        let same = Comparison::of(shapes.get(), &a, &a);
        prop_assert!(same.written().is_empty() && same.removed.is_empty());
    }

    #[test]
    fn merging_takes_nothing_away_and_twice_is_once(a in document(), b in document()) {
        let shapes = shapes();
        prop_assert_eq!(check::check(shapes.get(), &b), Ok(()));
        let merged = merge::merge(shapes.get(), &a, &b).unwrap();
        prop_assert!(Comparison::of(shapes.get(), &a, &merged).removed.is_empty());
        let again = merge::merge(shapes.get(), &merged, &b).unwrap();
        prop_assert_eq!(&again, &merged);
        prop_assert_eq!(merge::merge(shapes.get(), &a, &a).unwrap(), a);
        // All that has been applied is there.
        let fields = own::fields_of(shapes.get(), &b);
        let differs = Comparison::of(shapes.get(), &b, &merged);
        prop_assert!(differs.removed.is_empty());
        prop_assert!(differs.modified.intersection(&fields).is_empty());
    }

    #[test]
    fn nothing_is_left_of_what_is_cut_out(document in document()) {
        let shapes = shapes();
        let fields = own::with_parents(Some(shapes.get()), &own::fields_of(shapes.get(), &document));
        let rest = cut::without(shapes.get(), &document, &fields);
        prop_assert!(own::fields_of(shapes.get(), &rest).is_empty());
        prop_assert_eq!(&cut::without(shapes.get(), &document, &Set::default()), &document);
    }

    #[test]
    fn applying_twice_is_applying_once(first in data(), second in data()) {
        let schemas = Schemas::built_in("v1", "ConfigMap");
        let mut managers = Managers::default();
        let nothing = json!({});
        let live = writer(&schemas, "a").apply(&mut managers, &nothing, &config_map(&first), false).unwrap();
        let live = writer(&schemas, "a").apply(&mut managers, &live, &config_map(&second), false).unwrap();
        // Its only manager makes an object what it has applied.
        prop_assert!(is_equal(&live["data"], &config_map(&second)["data"]));
        let before = managers.encode();
        let again = writer(&schemas, "a").apply(&mut managers, &live, &config_map(&second), false).unwrap();
        prop_assert_eq!(again, live);
        prop_assert_eq!(managers.encode(), before);
    }

    #[test]
    fn what_others_apply_stays(first in data(), second in data()) {
        let schemas = Schemas::built_in("v1", "ConfigMap");
        let mut managers = Managers::default();
        let live = writer(&schemas, "a").apply(&mut managers, &json!({}), &config_map(&first), false).unwrap();
        let live = writer(&schemas, "b").apply(&mut managers, &live, &config_map(&second), true).unwrap();
        let live = writer(&schemas, "a").apply(&mut managers, &live, &config_map(&[]), false).unwrap();
        prop_assert!(is_equal(&live["data"], &config_map(&second)["data"]));
    }
}

#[test]
fn sets_are_written_as_the_api_server_does() {
    let mut set = Set::default();
    set.insert([Element::field("spec"), Element::field("hosts")]);
    set.insert([
        Element::field("spec"),
        Element::field("hosts"),
        Element::Item(Scalar::Text("a<b".to_owned())),
    ]);
    let keys = vec![
        ("containerPort".to_owned(), Scalar::Integer(80)),
        ("protocol".to_owned(), Scalar::Text("TCP".to_owned())),
    ];
    set.insert([
        Element::field("ports"),
        Element::Keys(keys),
        Element::Index(3),
    ]);
    let written = json!({
        "f:ports": {r#"k:{"containerPort":80,"protocol":"TCP"}"#: {"i:3": {}}},
        "f:spec": {"f:hosts": {".": {}, r#"v:"a\u003cb""#: {}}},
    });
    assert_eq!(v1::encode(&set), written);
    assert_eq!(v1::decode(&written), Ok(set));
}

#[test]
fn unknown_elements_are_left_out_and_broken_ones_refused() {
    let decoded = v1::decode(&json!({"f:a": {"x:new": {}}, "z:": {}}));
    let mut expected = Set::default();
    expected.put(Element::field("a"), Node::leaf());
    assert_eq!(decoded, Ok(expected));
    for broken in [
        json!({"k:{": {}}),
        json!({"v:": {}}),
        json!({"i:x": {}}),
        json!({"a": {}}),
        json!(1),
    ] {
        assert!(v1::decode(&broken).is_err(), "{broken}");
    }
}
