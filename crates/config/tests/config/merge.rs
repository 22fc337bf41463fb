//! Whoever says something first, wins.

use kubekit_config::{Kubeconfig, Loader};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Folder, kubeconfig_list, simple};

fn kubeconfig(value: &Value) -> Kubeconfig {
    Kubeconfig::from_bytes(value.to_string().as_bytes()).unwrap()
}

fn value(kubeconfig: &Kubeconfig) -> Value {
    serde_json::to_value(kubeconfig).unwrap()
}

fn merged(files: &[Value]) -> Value {
    let merged = files
        .iter()
        .map(kubeconfig)
        .reduce(Kubeconfig::merge)
        .unwrap_or_default();
    value(&merged)
}

#[test]
fn each_row_of_the_table_merges_as_in_client_go() {
    let cluster = |name: &str, server: &str| json!({"name": name, "cluster": {"server": server}});
    let table = [
        (
            "the first current-context wins",
            vec![
                json!({"current-context": "a"}),
                json!({"current-context": "b"}),
            ],
            "/current-context",
            json!("a"),
        ),
        (
            "an empty current-context sets nothing",
            vec![
                json!({"current-context": ""}),
                json!({"current-context": "b"}),
            ],
            "/current-context",
            json!("b"),
        ),
        (
            "the first entry of a name wins",
            vec![
                json!({"clusters": [cluster("x", "one")]}),
                json!({"clusters": [cluster("x", "two")]}),
            ],
            "/clusters",
            json!([cluster("x", "one")]),
        ),
        (
            "entries of other names are added at the end",
            vec![
                json!({"clusters": [cluster("x", "one")]}),
                json!({"clusters": [cluster("a", "two"), cluster("x", "three")]}),
            ],
            "/clusters",
            json!([cluster("x", "one"), cluster("a", "two")]),
        ),
        (
            "two entries of a name are not mixed, even when they do not contradict each other",
            vec![
                json!({"users": [{"name": "red", "user": {"username": "u"}}]}),
                json!({"users": [{"name": "red", "user": {"password": "p"}}]}),
            ],
            "/users",
            json!([{"name": "red", "user": {"username": "u"}}]),
        ),
        (
            "an empty entry hides a full one",
            vec![
                json!({"contexts": [{"name": "c", "context": {}}]}),
                json!({"contexts": [{"name": "c", "context": {"cluster": "x", "user": "u"}}]}),
            ],
            "/contexts",
            json!([{"name": "c", "context": {"cluster": "", "user": ""}}]),
        ),
        (
            "colours are on when any file has them on",
            vec![
                json!({"preferences": {}}),
                json!({"preferences": {"colors": true}}),
            ],
            "/preferences",
            json!({"colors": true}),
        ),
        (
            "extensions are merged by name",
            vec![
                json!({"extensions": [{"name": "e", "extension": 1}]}),
                json!({"extensions": [{"name": "e", "extension": 2}, {"name": "f", "extension": 3}]}),
            ],
            "/extensions",
            json!([{"name": "e", "extension": 1}, {"name": "f", "extension": 3}]),
        ),
        (
            "the extensions of preferences are merged by name",
            vec![
                json!({"preferences": {"extensions": [{"name": "e", "extension": 1}]}}),
                json!({"preferences": {"extensions": [{"name": "e", "extension": 2}, {"name": "f", "extension": 3}]}}),
            ],
            "/preferences/extensions",
            json!([{"name": "e", "extension": 1}, {"name": "f", "extension": 3}]),
        ),
        (
            "unknown fields are merged by name",
            vec![json!({"x": {"a": 1}}), json!({"x": {"b": 2}, "y": 3})],
            "",
            json!({"clusters": [], "users": [], "contexts": [], "current-context": "", "x": {"a": 1}, "y": 3}),
        ),
    ];
    for (rule, files, pointer, expected) in table {
        assert_eq!(merged(&files).pointer(pointer), Some(&expected), "{rule}");
    }
}

#[test]
fn an_entry_keeps_the_file_it_came_from() {
    let folder = Folder::new();
    let (one, two) = (
        folder.write("one", simple("one")),
        folder.write("two", simple("two")),
    );
    let loader = Loader::new().environment(kubeconfig_list(&[&one, &two]));

    let kubeconfig = loader.kubeconfig().unwrap();
    assert_eq!(kubeconfig.current_context.as_deref(), Some("one"));
    assert_eq!(kubeconfig.origins, [one.clone(), two.clone()]);
    let origins: Vec<_> = kubeconfig
        .clusters
        .iter()
        .map(|cluster| cluster.origin.clone())
        .collect();
    assert_eq!(origins, [Some(one), Some(two)]);
}

fn any_kubeconfig() -> impl Strategy<Value = Value> {
    let name = || prop::sample::select(vec!["a", "b", "c", "d"]);
    let entries = |field: &'static str| {
        prop::collection::btree_map(name(), name(), 0..4).prop_map(move |entries| {
            let entry = |(name, text)| json!({"name": name, field: {"unknown": text}});
            entries.into_iter().map(entry).collect::<Vec<_>>()
        })
    };
    let context = prop::option::of(name());
    (
        entries("cluster"),
        entries("user"),
        entries("context"),
        context,
        any::<bool>(),
    )
        .prop_map(|(clusters, users, contexts, current, colors)| {
            json!({
                "clusters": clusters, "users": users, "contexts": contexts,
                "current-context": current, "preferences": {"colors": colors},
            })
        })
}

proptest! {
    #[test]
    fn merging_with_oneself_changes_nothing(file in any_kubeconfig()) {
        prop_assert_eq!(merged(&[file.clone(), file.clone()]), merged(&[file]));
    }

    #[test]
    fn merging_is_associative(a in any_kubeconfig(), b in any_kubeconfig(), c in any_kubeconfig()) {
        let (left, right) = ([a.clone(), b.clone()], [b, c.clone()]);
        prop_assert_eq!(merged(&[merged(&left), c]), merged(&[a, merged(&right)]));
    }

    #[test]
    fn every_entry_of_the_result_is_the_first_of_its_name(files in prop::collection::vec(any_kubeconfig(), 1..5)) {
        let result = merged(&files);
        for list in ["clusters", "users", "contexts"] {
            for entry in result[list].as_array().unwrap() {
                let all = files.iter().flat_map(|file| file[list].as_array().unwrap());
                let first = all.clone().find(|other| other["name"] == entry["name"]).unwrap();
                let field = list.trim_end_matches('s');
                prop_assert_eq!(&entry[field]["unknown"], &first[field]["unknown"]);
            }
            let names: std::collections::BTreeSet<_> = files.iter()
                .flat_map(|file| file[list].as_array().unwrap())
                .map(|entry| entry["name"].to_string())
                .collect();
            prop_assert_eq!(result[list].as_array().unwrap().len(), names.len());
        }
    }
}
