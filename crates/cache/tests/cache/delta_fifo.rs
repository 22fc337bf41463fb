//! The delta queue.

use std::collections::BTreeMap;

use kubekit_cache::{Cached, Delta, DeltaFifo, Replacement, Store};
use proptest::prelude::*;

use crate::support::thing::{Thing, key, thing};
use crate::support::{State, state_of};

fn cached(name: &str, version: u64) -> Cached<Thing> {
    Cached::new(thing(name, version)).unwrap()
}

fn gone(name: &str, version: u64, observed: bool) -> Delta<Thing> {
    Delta::Deleted {
        object: cached(name, version),
        observed,
    }
}

fn list(
    store: &Store<Thing>,
    objects: impl IntoIterator<Item = (&'static str, u64)>,
) -> Replacement<Thing> {
    let mut list = Replacement::new();
    for (name, version) in objects {
        list.push(thing(name, version), &store.snapshot()).unwrap();
    }
    list
}

/// What is popped, in words.
fn popped(queue: &mut DeltaFifo<Thing>) -> Vec<String> {
    let mut words = Vec::new();
    while let Some((key, deltas)) = queue.pop() {
        let deltas = deltas.iter().map(|delta| {
            let version = delta.object().value;
            match delta {
                Delta::Added(_) => format!("added {version}"),
                Delta::Updated(_) => format!("updated {version}"),
                Delta::Deleted { observed: true, .. } => format!("deleted {version}"),
                Delta::Deleted {
                    observed: false, ..
                } => format!("missing {version}"),
                Delta::Replaced(_) => format!("replaced {version}"),
                Delta::Sync(_) => format!("sync {version}"),
                other => panic!("unknown delta {other:?}"),
            }
        });
        words.push(format!(
            "{}: {}",
            key.name(),
            deltas.collect::<Vec<_>>().join(", ")
        ));
    }
    words
}

#[test]
fn objects_come_in_the_order_of_their_first_change_with_all_their_changes() {
    let mut queue = DeltaFifo::new();
    queue.push(Delta::Added(cached("b", 1)));
    queue.push(Delta::Added(cached("a", 2)));
    queue.push(Delta::Updated(cached("b", 3)));
    queue.push(gone("b", 4, true));
    queue.push(Delta::Added(cached("b", 5)));
    assert_eq!(queue.len(), 2);
    assert_eq!(
        popped(&mut queue),
        ["b: added 1, updated 3, deleted 4, added 5", "a: added 2"]
    );
    assert!(queue.is_empty());
}

#[test]
fn two_deletions_become_the_one_that_was_observed() {
    for (first, second, expected) in [
        (true, true, "a: deleted 2"),
        (true, false, "a: deleted 1"),
        (false, true, "a: deleted 2"),
        (false, false, "a: missing 1"),
    ] {
        let mut queue = DeltaFifo::new();
        queue.push(gone("a", 1, first));
        queue.push(gone("a", 2, second));
        assert_eq!(popped(&mut queue), [expected]);
    }
}

#[test]
fn list_queues_what_differs_and_what_is_gone() {
    let store = Store::new();
    for name in ["changed", "gone", "same"] {
        store.insert(thing(name, 1));
    }
    let list = list(&store, [("same", 1), ("new", 3), ("changed", 2)]);
    let mut queue = DeltaFifo::new();
    queue.replace(list, &store.snapshot());
    assert_eq!(
        popped(&mut queue),
        ["new: replaced 3", "changed: replaced 2", "gone: missing 1"]
    );
}

#[test]
fn list_overrules_what_is_queued() {
    let store = Store::new();
    store.insert(thing("reverted", 1));
    let mut queue = DeltaFifo::new();
    queue.push(Delta::Updated(cached("reverted", 2)));
    queue.push(Delta::Added(cached("gone", 3)));
    queue.push(Delta::Added(cached("same", 4)));
    queue.push(gone("back", 5, true));
    let list = list(&store, [("reverted", 1), ("same", 4), ("back", 5)]);
    queue.replace(list, &store.snapshot());
    let expected = [
        "reverted: updated 2, replaced 1",
        "gone: added 3, missing 3",
        "same: added 4",
        "back: deleted 5, replaced 5",
    ];
    assert_eq!(popped(&mut queue), expected);
}

#[test]
fn object_that_the_list_cannot_show_stays() {
    let store = Store::new();
    store.insert(thing("bad", 1));
    let mut list = list(&store, []);
    list.keep(key("bad"));
    let mut queue = DeltaFifo::new();
    queue.replace(list, &store.snapshot());
    assert!(queue.is_empty());
}

#[test]
fn nameless_object_is_handed_back() {
    let store = Store::new();
    let nameless = Replacement::new().push(
        Thing {
            value: 7,
            ..Thing::default()
        },
        &store.snapshot(),
    );
    assert_eq!(nameless.unwrap_err().value, 7);
}

#[test]
fn same_name_with_another_uid_is_another_object() {
    let store = Store::new();
    store.insert(thing("a", 1).uid("first"));
    let mut list = Replacement::new();
    list.push(thing("a", 1).uid("second"), &store.snapshot())
        .unwrap();
    let mut queue = DeltaFifo::new();
    queue.replace(list, &store.snapshot());
    assert_eq!(popped(&mut queue), ["a: replaced 1"]);
}

#[test]
fn resync_tells_of_what_has_no_other_change() {
    let store = Store::new();
    store.insert(thing("a", 1));
    store.insert(thing("b", 2));
    let mut queue = DeltaFifo::new();
    queue.push(Delta::Updated(cached("a", 3)));
    queue.resync(&store.snapshot());
    assert_eq!(popped(&mut queue), ["a: updated 3", "b: sync 2"]);
}

#[test]
fn has_synced_once_all_of_the_first_list_is_popped() {
    let store = Store::new();
    let mut queue = DeltaFifo::new();
    queue.push(Delta::Added(cached("early", 1)));
    assert!(!queue.has_synced());
    queue.replace(list(&store, [("early", 1), ("a", 2)]), &store.snapshot());
    queue.push(Delta::Added(cached("late", 3)));
    queue.pop();
    assert!(!queue.has_synced());
    queue.pop();
    assert!(queue.has_synced());
    let mut empty = DeltaFifo::new();
    empty.replace(list(&store, []), &store.snapshot());
    assert!(empty.has_synced());
}

#[derive(Clone, Debug)]
enum Action {
    Put(u8),
    Delete(u8, bool),
    /// List the objects whose bits are set, each at a version of its own.
    List(u8, u8),
    Pop(u8),
}

fn actions() -> impl Strategy<Value = Action> {
    prop_oneof![
        4 => (0_u8..8).prop_map(Action::Put),
        2 => (0_u8..8, any::<bool>()).prop_map(|(name, observed)| Action::Delete(name, observed)),
        2 => (any::<u8>(), any::<u8>()).prop_map(|(present, changed)| Action::List(present, changed)),
        2 => (0_u8..8).prop_map(Action::Pop),
    ]
}

fn pop(queue: &mut DeltaFifo<Thing>, store: &Store<Thing>) {
    let Some((key, deltas)) = queue.pop() else {
        return;
    };
    assert!(!deltas.is_empty());
    let mut edit = store.edit();
    for delta in deltas {
        assert_eq!(delta.object().key(), &key);
        if delta.is_deleted() {
            edit.remove(&key);
        } else {
            edit.insert(delta.object().clone());
        }
    }
    edit.publish();
}

proptest! {
    /// However pushes, lists and pops interleave, the store ends where the server is.
    #[test]
    fn store_that_applies_what_is_popped_ends_where_the_server_is(
        actions in prop::collection::vec(actions(), 0..80),
    ) {
        let store = Store::new();
        let mut queue = DeltaFifo::new();
        let mut server: BTreeMap<String, u64> = BTreeMap::new();
        let mut version = 0;
        for action in actions {
            version += 1;
            match action {
                Action::Put(name) => {
                    let name = name.to_string();
                    let object = cached(&name, version);
                    let known = server.insert(name, version).is_some();
                    queue.push(if known { Delta::Updated(object) } else { Delta::Added(object) });
                }
                Action::Delete(name, observed) => {
                    if server.remove(&name.to_string()).is_some() {
                        queue.push(gone(&name.to_string(), version, observed));
                    }
                }
                Action::List(present, changed) => {
                    let known = store.snapshot();
                    let mut list = Replacement::new();
                    let before = std::mem::take(&mut server);
                    for bit in (0..8).filter(|bit| present & (1 << bit) != 0) {
                        let name = bit.to_string();
                        let same = before.get(&name).filter(|_| changed & (1 << bit) == 0);
                        let version = same.copied().unwrap_or(version);
                        list.push(thing(&name, version), &known).unwrap();
                        server.insert(name, version);
                    }
                    queue.replace(list, &known);
                }
                Action::Pop(times) => (0..times).for_each(|_| pop(&mut queue, &store)),
            }
        }
        while !queue.is_empty() {
            pop(&mut queue, &store);
        }
        let server: State = server.iter().map(|(name, version)| thing(name, *version).entry()).collect();
        prop_assert_eq!(state_of(&store.snapshot()), server);
    }
}
