//! The end of a queue.

use std::sync::Arc;

use kubekit_workqueue::WorkQueue;
use tokio::time::{Instant, timeout};

use crate::support::{ByHand, add_all, ms, pass, take_all, try_get, waiting_getters};

#[tokio::test(start_paused = true)]
async fn blocked_getters_end_at_shutdown() {
    let queue: WorkQueue<u32> = WorkQueue::new();
    queue.add_after(1, ms(10_000));
    let getters: Vec<_> = (0..10)
        .map(|_| {
            let queue = queue.clone();
            tokio::spawn(async move { queue.get().await.is_none() })
        })
        .collect();
    tokio::task::yield_now().await;
    let start = Instant::now();
    queue.shut_down();
    for getter in getters {
        assert!(getter.await.unwrap());
    }
    assert_eq!(start.elapsed(), ms(0));
}

#[tokio::test]
async fn queued_keys_are_handed_out_after_shutdown() {
    let queue = WorkQueue::new();
    add_all(&queue, ["a", "b"]);
    queue.shut_down();
    assert!(queue.is_shutting_down());
    assert_eq!(*queue.get().await.unwrap().key(), "a");
    assert_eq!(*queue.get().await.unwrap().key(), "b");
    assert!(queue.get().await.is_none());
}

#[tokio::test]
async fn a_key_added_before_shutdown_comes_back_after_it() {
    let queue = WorkQueue::new();
    queue.add("a");
    let item = queue.get().await;
    queue.add("a");
    queue.shut_down();
    assert!(queue.get().await.is_none(), "another worker can end");
    drop(item);
    assert_eq!(*queue.get().await.unwrap().key(), "a");
    assert!(queue.get().await.is_none());
}

#[test]
fn nothing_is_added_after_shutdown() {
    let queue = WorkQueue::new();
    queue.add("a");
    let item = try_get(&queue).unwrap();
    queue.shut_down();
    queue.add("b");
    queue.add_after("c", ms(0));
    queue.add_after("d", ms(1));
    item.retry();
    let stats = queue.stats();
    assert_eq!((stats.depth, stats.delayed, stats.retries), (0, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn shutdown_drops_the_delays_that_have_not_ended() {
    let key: Arc<str> = "a".into();
    let queue = WorkQueue::new();
    queue.add_after("due".into(), ms(10));
    queue.add_after(Arc::clone(&key), ms(20));
    pass(ms(10)).await;
    queue.shut_down();
    assert_eq!(Arc::strong_count(&key), 1);
    assert_eq!(take_all(&queue), ["due".into()]);
}

#[tokio::test(start_paused = true)]
async fn drain_waits_for_keys_being_processed() {
    let queue = WorkQueue::new();
    queue.add("a");
    let item = queue.get().await;
    let worker = tokio::spawn(async move {
        tokio::time::sleep(ms(500)).await;
        drop(item);
    });
    let start = Instant::now();
    queue.drain().await;
    assert!(start.elapsed() >= ms(500));
    worker.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn drain_waits_for_queued_keys_and_those_that_come_back() {
    let queue = WorkQueue::new();
    queue.add(1);
    let first = queue.get().await.unwrap();
    add_all(&queue, [1, 1]);
    queue.add(2);

    let mut drain = ByHand::new(queue.drain());
    assert!(drain.poll().is_pending());
    let second = queue.get().await.unwrap();
    drop(first);
    drop(second);
    assert!(drain.poll().is_pending(), "1 has come back");
    let again = queue.get().await.unwrap();
    assert!(queue.get().await.is_none());
    assert!(!drain.is_woken());
    drop(again);
    assert!(drain.is_woken() && drain.poll().is_ready());
}

#[tokio::test]
async fn drain_of_an_idle_queue_returns_at_once_and_ends_the_getters() {
    let queue: WorkQueue<u32> = WorkQueue::new();
    let mut getters = waiting_getters(&queue, 2);
    queue.drain().await;
    for getter in &mut getters {
        assert!(getter.is_woken() && getter.poll().is_ready());
    }
}

#[tokio::test(start_paused = true)]
async fn shutdown_ends_a_drain_that_waits() {
    let queue = WorkQueue::new();
    queue.add("a");
    let _item = queue.get().await;
    let mut drains = [ByHand::new(queue.drain()), ByHand::new(queue.drain())];
    for drain in &mut drains {
        assert!(drain.poll().is_pending());
    }
    queue.shut_down();
    for drain in &mut drains {
        assert!(drain.is_woken() && drain.poll().is_ready());
    }
}

#[tokio::test(start_paused = true)]
async fn drain_after_shutdown_still_waits() {
    let queue = WorkQueue::new();
    queue.add("a");
    let item = queue.get().await;
    queue.shut_down();
    assert!(timeout(ms(100), queue.drain()).await.is_err());
    drop(item);
    queue.drain().await;
}

#[tokio::test(start_paused = true)]
async fn a_drain_that_is_given_up_leaves_the_queue_shut_down() {
    let queue = WorkQueue::new();
    queue.add("a");
    let item = queue.get().await;
    assert!(timeout(ms(100), queue.drain()).await.is_err());
    queue.add("b");
    drop(item);
    assert!(queue.get().await.is_none());
}

#[test]
fn items_and_handles_keep_the_queue_alive_and_nothing_else_does() {
    let key: Arc<str> = "a".into();
    let queue = WorkQueue::new();
    queue.add(Arc::clone(&key));
    let item = try_get(&queue).unwrap();
    queue.add(Arc::clone(&key));
    queue.add_after(Arc::clone(&key), ms(1_000_000));
    drop(queue);
    assert_eq!(item.key(), &key);
    drop(item);
    assert_eq!(Arc::strong_count(&key), 1);
}
