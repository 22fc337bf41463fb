//! Who is woken, and what a cancelled wait leaves behind.

use std::task::Poll;

use kubekit_workqueue::WorkQueue;

use crate::support::{ByHand, ms, take_all, waiting_getters};

#[test]
fn one_getter_is_woken_for_each_key() {
    let queue = WorkQueue::new();
    let getters = waiting_getters(&queue, 5);
    queue.add("a");
    queue.add("a");
    queue.add("b");
    let woken: Vec<_> = getters.iter().map(ByHand::wakes).collect();
    assert_eq!(woken, [1, 1, 0, 0, 0], "those that have waited longest");
}

#[test]
fn a_key_that_comes_back_wakes_a_getter() {
    let queue = WorkQueue::new();
    queue.add("a");
    let mut first = ByHand::new(queue.get());
    let Poll::Ready(item) = first.poll() else {
        panic!("a key is ready");
    };
    let mut getters = waiting_getters(&queue, 1);
    queue.add("a");
    assert!(!getters[0].is_woken());
    drop(item);
    assert!(getters[0].is_woken() && getters[0].poll().is_ready());
}

#[test]
fn a_cancelled_getter_passes_its_wake_up_on() {
    let queue = WorkQueue::new();
    let mut getters = waiting_getters(&queue, 3);
    queue.add("a");
    for _ in 0..2 {
        let woken = getters.remove(0);
        assert!(woken.is_woken());
        drop(woken);
    }
    assert!(getters[0].is_woken());
    drop(getters);
    assert_eq!(take_all(&queue), ["a"]);
}

#[test]
fn a_getter_that_is_cancelled_while_it_waits_wakes_nobody() {
    let queue = WorkQueue::new();
    let mut getters = waiting_getters(&queue, 3);
    drop(getters.remove(1));
    assert!(getters.iter().all(|getter| !getter.is_woken()));
    queue.add("a");
    assert_eq!(getters.iter().filter(|getter| getter.is_woken()).count(), 1);
}

#[test]
fn a_getter_that_finds_its_key_taken_keeps_its_turn() {
    let queue = WorkQueue::new();
    let mut getters = waiting_getters(&queue, 2);
    queue.add("a");
    assert_eq!(take_all(&queue), ["a"], "somebody who has just come");

    assert!(getters[0].is_woken() && getters[0].poll().is_pending());
    queue.add("b");
    assert!(getters[0].is_woken() && !getters[1].is_woken());
    assert!(getters[0].poll().is_ready());
}

#[test]
fn a_getter_that_is_polled_without_reason_may_take_a_key() {
    let queue = WorkQueue::new();
    let mut getters = waiting_getters(&queue, 2);
    queue.add("a");
    assert!(getters[1].poll().is_ready());
    assert!(getters[0].poll().is_pending());
    queue.add("b");
    assert!(getters[0].is_woken() && getters[0].poll().is_ready());
}

#[tokio::test(start_paused = true)]
async fn get_is_a_branch_of_select_that_loses_nothing() {
    let queue = WorkQueue::new();
    let producer = tokio::spawn({
        let queue = queue.clone();
        async move {
            for n in 0..100 {
                queue.add(n);
                tokio::time::sleep(ms(n % 3)).await;
            }
        }
    });
    let mut keys = Vec::new();
    while keys.len() < 100 {
        tokio::select! {
            item = queue.get() => keys.push(*item.unwrap().key()),
            () = tokio::time::sleep(ms(1)) => {}
        }
    }
    producer.await.unwrap();
    assert_eq!(keys, (0..100).collect::<Vec<_>>());
}

#[tokio::test(flavor = "current_thread")]
async fn a_worker_whose_queue_never_runs_dry_lets_other_tasks_run() {
    let queue = WorkQueue::new();
    queue.add(0_u64);
    let worker = tokio::spawn({
        let queue = queue.clone();
        async move {
            while let Some(item) = queue.get().await {
                queue.add(item.key() + 1);
            }
        }
    });
    // Without a say for others this line, or the next, would never be reached.
    tokio::task::yield_now().await;
    queue.shut_down();
    worker.await.unwrap();
}
