//! The order of keys, and one worker per key.

use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kubekit_workqueue::WorkQueue;

use crate::support::{add_all, take_all, try_get};

#[test]
fn hands_out_keys_in_the_order_in_which_they_were_added() {
    let queue = WorkQueue::new();
    add_all(&queue, ["c", "a", "b"]);
    assert_eq!(take_all(&queue), ["c", "a", "b"]);
}

#[test]
fn hands_out_a_key_once_however_often_it_was_added() {
    let queue = WorkQueue::new();
    add_all(&queue, ["a", "b", "a", "a"]);
    assert_eq!(queue.len(), 2);
    assert_eq!(take_all(&queue), ["a", "b"]);
}

#[test]
fn hands_out_a_key_that_is_added_while_processed_once_and_after_it_is_done() {
    let queue = WorkQueue::new();
    queue.add("a");
    let first = try_get(&queue).unwrap();
    queue.add("a");
    queue.add("a");
    assert!(queue.is_empty());
    assert!(try_get(&queue).is_none());

    drop(first);
    assert_eq!(queue.len(), 1);
    assert_eq!(take_all(&queue), ["a"]);
}

#[test]
fn a_key_that_comes_back_goes_to_the_end() {
    let queue = WorkQueue::new();
    queue.add("a");
    let first = try_get(&queue).unwrap();
    queue.add("a");
    queue.add("b");
    drop(first);
    assert_eq!(take_all(&queue), ["b", "a"]);
}

#[test]
fn a_key_that_is_done_can_be_added_again() {
    let queue = WorkQueue::new();
    for _ in 0..3 {
        queue.add("a");
        assert_eq!(take_all(&queue), ["a"]);
    }
}

#[test]
fn different_keys_are_processed_at_the_same_time() {
    let queue = WorkQueue::new();
    add_all(&queue, ["a", "b"]);
    let (a, b) = (try_get(&queue).unwrap(), try_get(&queue).unwrap());
    assert_eq!((*a.key(), *b.key()), ("a", "b"));
}

#[test]
fn clones_of_a_handle_are_the_same_queue() {
    let queue = WorkQueue::new();
    queue.clone().add("a");
    assert_eq!(take_all(&queue), ["a"]);
}

#[test]
fn a_worker_that_panics_gives_its_key_back() {
    let queue = WorkQueue::new();
    queue.add("a");
    let item = try_get(&queue).unwrap();
    queue.add("a");
    let worker = AssertUnwindSafe(move || {
        let _item = item;
        panic!("as the test wants it");
    });
    catch_unwind(worker).unwrap_err();
    assert_eq!(take_all(&queue), ["a"]);
}

#[test]
fn a_key_is_cloned_once_on_its_way_through_the_queue() {
    let queue = WorkQueue::new();
    let (key, clones) = CountsClones::new();
    queue.add(key);
    let item = try_get(&queue).unwrap();
    assert_eq!(clones.load(Ordering::SeqCst), 1);
    drop(item);
    assert_eq!(clones.load(Ordering::SeqCst), 1);
}

#[test]
fn a_key_that_is_done_leaves_nothing_behind() {
    let queue = WorkQueue::new();
    let keys: Vec<Arc<str>> = (0..5000).map(|n| n.to_string().into()).collect();
    keys.iter().for_each(|key| queue.add(Arc::clone(key)));
    assert_eq!(take_all(&queue).len(), keys.len());
    assert!(keys.iter().all(|key| Arc::strong_count(key) == 1));
}

#[derive(Debug)]
struct CountsClones(Arc<AtomicUsize>);

impl CountsClones {
    fn new() -> (Self, Arc<AtomicUsize>) {
        let clones = Arc::default();
        (Self(Arc::clone(&clones)), clones)
    }
}

impl Clone for CountsClones {
    fn clone(&self) -> Self {
        self.0.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(&self.0))
    }
}

impl PartialEq for CountsClones {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for CountsClones {}

impl Hash for CountsClones {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
