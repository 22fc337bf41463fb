//! What the queue says about itself.

use std::time::Duration;

use kubekit_workqueue::WorkQueue;

use crate::support::{add_all, ms, pass, take_all, try_get};

#[tokio::test(start_paused = true)]
async fn the_time_in_the_queue_runs_from_the_first_add_to_the_hand_out() {
    let queue = WorkQueue::new();
    queue.add("a");
    pass(ms(30)).await;
    queue.add("a");
    pass(ms(10)).await;
    take_all(&queue);
    let latency = queue.stats().queue_latency;
    assert_eq!((latency.count(), latency.total()), (1, ms(40)));
}

#[tokio::test(start_paused = true)]
async fn the_time_in_the_queue_of_a_delayed_key_runs_from_the_end_of_the_delay() {
    let queue = WorkQueue::new();
    queue.add_after("a", ms(100));
    pass(ms(130)).await;
    take_all(&queue);
    assert_eq!(queue.stats().queue_latency.max(), ms(30));
}

#[tokio::test(start_paused = true)]
async fn work_is_measured_while_it_runs_and_when_it_is_done() {
    let queue = WorkQueue::new();
    add_all(&queue, ["a", "b"]);
    let first = try_get(&queue);
    pass(ms(20)).await;
    let second = try_get(&queue);
    pass(ms(10)).await;
    let stats = queue.stats();
    assert_eq!(stats.processing, 2);
    assert_eq!(stats.unfinished_work, ms(40));
    assert_eq!(stats.longest_running, ms(30));

    drop((first, second));
    let stats = queue.stats();
    assert_eq!(
        (stats.unfinished_work, stats.longest_running),
        (ms(0), ms(0))
    );
    assert_eq!(stats.work_duration.count(), 2);
    assert_eq!(stats.work_duration.mean(), ms(20));
    assert_eq!(stats.work_duration.max(), ms(30));
}

#[tokio::test(start_paused = true)]
async fn the_depth_counts_what_needs_work_and_the_length_what_can_be_had() {
    let queue = WorkQueue::new();
    add_all(&queue, ["a", "b"]);
    let _item = try_get(&queue);
    queue.add("a");
    queue.add_after("c", ms(100));
    let stats = queue.stats();
    assert_eq!((stats.depth, stats.ready, stats.delayed), (2, 1, 1));

    pass(ms(100)).await;
    let stats = queue.stats();
    assert_eq!((stats.depth, stats.ready, stats.delayed), (3, 2, 0));
    assert_eq!(queue.len(), 2);
}

#[test]
fn adds_are_counted_without_repetitions_and_retries_with_them() {
    let queue = WorkQueue::new();
    add_all(&queue, ["a", "a", "b"]);
    queue.add_after("c", Duration::from_secs(60));
    queue.add_after("c", Duration::from_secs(60));
    queue.add_rate_limited("a");
    let stats = queue.stats();
    assert_eq!((stats.adds, stats.retries), (2, 3));
}
