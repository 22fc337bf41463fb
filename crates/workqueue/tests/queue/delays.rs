//! Keys that come later.

use std::sync::Arc;
use std::time::Duration;

use kubekit_workqueue::WorkQueue;
use tokio::time::{Instant, timeout};

use crate::support::{ByHand, ms, pass, take_all, try_get, waiting_getters};

#[tokio::test(start_paused = true)]
async fn a_delayed_key_is_handed_out_when_its_delay_ends() {
    let queue = WorkQueue::new();
    let start = Instant::now();
    queue.add_after("a", ms(250));
    let item = queue.get().await.unwrap();
    assert_eq!(*item.key(), "a");
    assert!((ms(250)..ms(260)).contains(&start.elapsed()));
}

#[test]
fn a_key_without_delay_is_added_at_once() {
    let queue = WorkQueue::new();
    queue.add_after("a", Duration::ZERO);
    assert_eq!(take_all(&queue), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn of_several_delays_the_one_that_ends_first_counts() {
    for delays in [[100, 900], [900, 100]] {
        let queue = WorkQueue::new();
        for delay in delays {
            queue.add_after("a", ms(delay));
        }
        pass(ms(100)).await;
        assert_eq!(take_all(&queue), ["a"]);
        pass(ms(900)).await;
        assert!(queue.is_empty(), "the later delay is gone");
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_delayed_and_added_is_handed_out_for_both() {
    let queue = WorkQueue::new();
    queue.add_after("a", ms(100));
    queue.add("a");
    assert_eq!(take_all(&queue), ["a"]);
    pass(ms(100)).await;
    assert_eq!(take_all(&queue), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn keys_come_in_the_order_in_which_their_delays_end() {
    let queue = WorkQueue::new();
    for (key, delay) in [("c", 300), ("a", 100), ("b", 200), ("b2", 200)] {
        queue.add_after(key, ms(delay));
    }
    let mut keys = Vec::new();
    for _ in 0..4 {
        keys.push(*queue.get().await.unwrap().key());
    }
    assert_eq!(keys, ["a", "b", "b2", "c"]);
}

#[tokio::test(start_paused = true)]
async fn a_delay_that_ends_while_all_workers_are_busy_keeps_its_place() {
    let queue = WorkQueue::new();
    queue.add("busy");
    let busy = try_get(&queue);
    queue.add_after("early", ms(100));
    pass(ms(200)).await;
    assert_eq!(queue.len(), 1);
    queue.add("late");

    drop(busy);
    assert_eq!(take_all(&queue), ["early", "late"]);
}

#[tokio::test(start_paused = true)]
async fn a_delayed_key_waits_until_its_worker_is_done() {
    let queue = WorkQueue::new();
    queue.add("a");
    let item = try_get(&queue);
    queue.add_after("a", ms(100));
    pass(ms(200)).await;
    assert!(try_get(&queue).is_none());
    drop(item);
    assert_eq!(take_all(&queue), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_shorter_delay_is_noticed_by_those_who_wait_for_a_longer_one() {
    let queue = WorkQueue::new();
    queue.add_after("hour", Duration::from_secs(3600));
    let start = Instant::now();
    let getter = tokio::spawn({
        let queue = queue.clone();
        async move { *queue.get().await.unwrap().key() }
    });
    tokio::task::yield_now().await;
    queue.add_after("second", Duration::from_secs(1));
    assert_eq!(getter.await.unwrap(), "second");
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn only_one_getter_is_woken_when_one_delay_ends() {
    let queue = WorkQueue::new();
    queue.add_after("a", ms(100));
    let mut getters = waiting_getters(&queue, 10);
    pass(ms(101)).await;
    let woken: Vec<_> = getters.iter_mut().filter(|g| g.is_woken()).collect();
    assert_eq!(woken.len(), 1);
    for getter in woken {
        assert!(getter.poll().is_ready());
    }
    assert_eq!(getters.iter().map(ByHand::wakes).sum::<usize>(), 1);
}

#[tokio::test(start_paused = true)]
async fn as_many_getters_are_woken_as_delays_end_together() {
    let queue = WorkQueue::new();
    for key in ["a", "b", "c"] {
        queue.add_after(key, ms(100));
    }
    let mut getters = waiting_getters(&queue, 10);
    pass(ms(101)).await;

    let mut handed_out = Vec::new();
    while let Some(getter) = getters.iter_mut().find(|g| g.is_woken()) {
        if let std::task::Poll::Ready(Some(item)) = getter.poll() {
            handed_out.push(item);
        }
    }
    assert_eq!(handed_out.len(), 3);
    assert_eq!(getters.iter().map(ByHand::wakes).sum::<usize>(), 3);
}

#[tokio::test(start_paused = true)]
async fn one_getter_is_woken_to_watch_the_clock_for_all_delays() {
    let queue = WorkQueue::new();
    let mut getters = waiting_getters(&queue, 3);
    for (key, delay) in [("a", 300), ("b", 200), ("c", 100)] {
        queue.add_after(key, ms(delay));
    }
    assert_eq!(getters.iter().map(ByHand::wakes).sum::<usize>(), 1);
    assert!(getters[0].is_woken() && getters[0].poll().is_pending());
    pass(ms(101)).await;
    assert!(getters[0].is_woken() && getters[0].poll().is_ready());
}

#[tokio::test(start_paused = true)]
async fn another_getter_watches_the_clock_when_the_one_that_did_is_cancelled() {
    let queue = WorkQueue::new();
    queue.add_after("a", ms(100));
    let mut getters = waiting_getters(&queue, 3);
    drop(getters.remove(0));

    let heir = getters.iter_mut().find(|getter| getter.is_woken()).unwrap();
    assert!(heir.poll().is_pending());
    pass(ms(101)).await;
    assert!(heir.is_woken() && heir.poll().is_ready());
}

#[tokio::test(start_paused = true)]
async fn another_getter_watches_the_clock_when_the_one_that_did_has_a_key() {
    let queue = WorkQueue::new();
    queue.add_after("soon", ms(100));
    queue.add_after("later", ms(200));
    let workers: Vec<_> = (0..2)
        .map(|_| {
            let queue = queue.clone();
            // The worker that gets "soon" is busy beyond the time of "later".
            tokio::spawn(async move { (queue.get().await.unwrap(), Instant::now()) })
        })
        .collect();
    let start = Instant::now();
    let mut times = Vec::new();
    for worker in workers {
        let (item, at) = worker.await.unwrap();
        times.push((*item.key(), (at - start).as_millis() / 50));
    }
    times.sort_unstable();
    assert_eq!(times, [("later", 4), ("soon", 2)]);
}

#[tokio::test(start_paused = true)]
async fn the_longest_delay_neither_fails_nor_ends() {
    let queue = WorkQueue::new();
    queue.add_after("never", Duration::MAX);
    let year = Duration::from_secs(365 * 24 * 3600);
    assert!(timeout(year, queue.get()).await.is_err());
}

#[test]
fn delays_need_no_runtime_and_leave_nothing_behind() {
    let key: Arc<str> = "a".into();
    let queue = WorkQueue::new();
    for days in (1..100).rev() {
        queue.add_after(Arc::clone(&key), Duration::from_secs(days * 24 * 3600));
    }
    assert_eq!(queue.stats().delayed, 1);
    assert_eq!(Arc::strong_count(&key), 3, "two places and the test");
    drop(queue);
    assert_eq!(Arc::strong_count(&key), 1);
}
