//! Store, indexes, snapshots and listers.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kubekit_cache::{Cached, Store};
use kubekit_core::{LabelSelector, ObjectKey};

use crate::support::thing::{Thing, key, thing, thing_in};

fn names(things: &[Cached<Thing>]) -> Vec<&str> {
    things.iter().map(|thing| thing.key().as_str()).collect()
}

#[test]
fn objects_are_found_by_key_namespace_and_labels() {
    let store = Store::new();
    store.insert(thing_in("a", "web", 1).label("app", "web"));
    store.insert(thing_in("a", "db", 2).label("app", "db"));
    store.insert(thing_in("b", "web", 3).label("app", "web"));
    let lister = store.lister();
    let web: LabelSelector = "app=web".parse().unwrap();

    assert_eq!(
        lister
            .get(&ObjectKey::namespaced("a", "web"))
            .unwrap()
            .value,
        1
    );
    assert!(lister.get(&ObjectKey::namespaced("c", "web")).is_none());
    assert_eq!(lister.namespace("b").get("web").unwrap().value, 3);
    assert_eq!(names(&lister.list(&web)), ["a/web", "b/web"]);
    assert_eq!(names(&lister.namespace("a").list(&web)), ["a/web"]);
    assert_eq!(
        names(&lister.namespace("a").list(&LabelSelector::all())),
        ["a/db", "a/web"]
    );
}

#[test]
fn namespaces_whose_names_begin_alike_are_kept_apart() {
    let store = Store::new();
    for namespace in ["a", "a-b", "a.b", "a0", "b"] {
        store.insert(thing_in(namespace, "x", 1));
    }
    let all = LabelSelector::all();
    for namespace in ["a", "a-b", "a.b", "a0", "b"] {
        assert_eq!(
            names(&store.lister().namespace(namespace).list(&all)),
            [format!("{namespace}/x")]
        );
    }
    assert!(store.lister().namespace("").list(&all).is_empty());
}

#[test]
fn snapshot_stays_while_the_store_goes_on() {
    let store = Store::new();
    let by_value = store.index(|thing: &Thing| [thing.value % 2]);
    for number in 0..1000 {
        store.insert(thing(&format!("{number:04}"), number));
    }
    let snapshot = store.snapshot();
    for number in 0..1000 {
        store.remove(&key(&format!("{number:04}")));
    }
    assert!(store.snapshot().is_empty());
    assert!(by_value.get(&0).is_empty());
    assert_eq!(snapshot.len(), 1000);
    assert_eq!(
        snapshot.iter().map(|thing| thing.value).collect::<Vec<_>>(),
        (0..1000).collect::<Vec<_>>()
    );
    assert_eq!(snapshot.by_index(&by_value, &0).len(), 500);
}

#[test]
fn readers_share_the_objects_of_the_store() {
    let store = Store::new();
    store.insert(thing("a", 1));
    let (one, other) = (store.lister().get(&key("a")).unwrap(), store.snapshot());
    assert!(Cached::ptr_eq(&one, other.get(&key("a")).unwrap()));
}

#[test]
fn edit_is_seen_whole_once_published_and_not_at_all_if_dropped() {
    let store = Store::new();
    let mut edit = store.edit();
    edit.insert(Cached::new(thing("a", 1)).unwrap());
    edit.insert(Cached::new(thing("b", 2)).unwrap());
    edit.resource_version(7.into());
    assert!(store.snapshot().is_empty());
    edit.publish();
    assert_eq!(store.snapshot().len(), 2);
    assert_eq!(store.snapshot().resource_version(), Some(&7.into()));

    let mut edit = store.edit();
    assert_eq!(edit.remove(&key("a")).unwrap().value, 1);
    assert!(edit.get(&key("a")).is_none());
    drop(edit);
    assert_eq!(store.snapshot().len(), 2);
}

#[test]
fn index_follows_objects_through_their_changes() {
    let store = Store::new();
    let by_app = store.index(|thing: &Thing| thing.metadata.labels.as_ref()?.get("app").cloned());
    store.insert(thing("a", 1).label("app", "web"));
    store.insert(thing("b", 2).label("app", "web"));
    store.insert(thing("c", 3));
    assert_eq!(names(&by_app.get("web")), ["n/a", "n/b"]);

    store.insert(thing("a", 4).label("app", "db"));
    assert_eq!(names(&by_app.get("web")), ["n/b"]);
    assert_eq!(by_app.get("db")[0].value, 4, "the index has the new object");
    assert_eq!(by_app.values(), ["db", "web"]);

    store.remove(&key("b"));
    assert!(by_app.get("web").is_empty());
    assert_eq!(by_app.values(), ["db"]);
}

#[test]
fn index_may_give_an_object_several_values() {
    let store = Store::new();
    let by_letter = store.index(|thing: &Thing| {
        thing
            .metadata
            .name
            .as_deref()
            .unwrap()
            .chars()
            .collect::<Vec<_>>()
    });
    store.insert(thing("aba", 1));
    store.insert(thing("bc", 2));
    assert_eq!(names(&by_letter.get(&'b')), ["n/aba", "n/bc"]);
    assert_eq!(names(&by_letter.get(&'a')), ["n/aba"]);
    store.remove(&key("aba"));
    assert_eq!(by_letter.values(), ['b', 'c']);
}

#[test]
fn index_added_late_knows_what_is_there() {
    let store = Store::new();
    store.insert(thing("a", 1));
    let early = store.snapshot();
    let by_value = store.index(|thing: &Thing| Some(thing.value));
    assert_eq!(names(&by_value.get(&1)), ["n/a"]);
    assert_eq!(
        names(&early.by_index(&by_value, &1)),
        ["n/a"],
        "a snapshot from before answers as well"
    );
}

#[test]
fn index_of_another_store_is_not_mistaken_for_an_own_one() {
    let (one, other) = (Store::new(), Store::new());
    let _by_value = one.index(|thing: &Thing| Some(thing.value));
    let by_tenfold = other.index(|thing: &Thing| Some(thing.value * 10));
    one.insert(thing("a", 1));
    other.insert(thing("b", 2));
    assert_eq!(names(&one.snapshot().by_index(&by_tenfold, &10)), ["n/a"]);
    assert_eq!(names(&by_tenfold.get(&20)), ["n/b"]);
}

#[test]
fn index_function_that_panics_leaves_the_store_as_it_was() {
    let store = Store::new();
    let by_value = store.index(|thing: &Thing| {
        assert_ne!(thing.value, 13, "unlucky");
        Some(thing.value)
    });
    store.insert(thing("a", 1));
    let unlucky = std::panic::catch_unwind(AssertUnwindSafe(|| store.insert(thing("b", 13))));
    assert!(unlucky.is_err());
    assert_eq!(store.snapshot().len(), 1);
    store.insert(thing("c", 3));
    assert_eq!(store.snapshot().len(), 2);
    assert_eq!(by_value.values(), [1, 3]);
}

/// Every published state has the same values in objects and index; readers must never see another.
#[test]
fn readers_see_objects_and_index_of_one_moment_while_a_writer_writes() {
    let store = Store::new();
    let by_round = store.index(|thing: &Thing| Some(thing.value));
    let write = |round: u64| {
        let mut edit = store.edit();
        for number in 0..300 {
            let mut object = thing(&number.to_string(), round);
            object.metadata.resource_version = None;
            edit.insert(Cached::new(object).unwrap());
        }
        edit.publish();
    };
    write(0);
    let done = Arc::new(AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let snapshot = store.snapshot();
                    let round = snapshot.iter().next().unwrap().value;
                    assert!(snapshot.iter().all(|thing| thing.value == round));
                    assert_eq!(snapshot.by_index(&by_round, &round).len(), 300);
                }
            });
        }
        (1..50).for_each(write);
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(by_round.values(), [49]);
}
