//! How long a failed key waits.

use std::sync::Arc;
use std::time::Duration;

use kubekit_workqueue::{
    ControllerRateLimiter, ItemExponential, MaxOf, RateLimiter, TokenBucket, WorkQueue,
};
use tokio::time::Instant;

use crate::support::{add_all, ms, pass, take_all, try_get};

#[test]
fn a_key_waits_twice_as_long_after_each_failure_up_to_the_maximum() {
    let now = Instant::now();
    let mut limiter = ItemExponential::default();
    let delays: Vec<_> = (0..20).map(|_| limiter.when(&"a", now)).collect();
    assert_eq!(delays[..4], [5, 10, 20, 40].map(ms));
    assert_eq!(delays[17], ms(5 << 17), "655 s");
    assert_eq!(delays[18..], [1_000_000; 2].map(ms));
    assert_eq!(limiter.when(&"b", now), ms(5), "each key for itself");
    assert_eq!(limiter.num_requeues(&"a"), 20);
}

#[test]
fn the_longest_bounds_do_not_overflow() {
    let now = Instant::now();
    let mut limiter = ItemExponential::new(Duration::MAX / 3, Duration::MAX);
    for _ in 0..3 {
        limiter.when(&"a", now);
    }
    assert_eq!(limiter.when(&"a", now), Duration::MAX);

    let mut limiter = TokenBucket::new(Duration::MAX, u32::MAX);
    for _ in 0..3 {
        assert_eq!(limiter.when(&"a", now), Duration::ZERO);
    }
}

#[test]
fn a_base_beyond_the_maximum_is_cut() {
    let mut limiter = ItemExponential::new(ms(50), ms(10));
    assert_eq!(limiter.when(&"a", Instant::now()), ms(10));
}

#[test]
fn a_forgotten_key_begins_anew() {
    let now = Instant::now();
    let mut limiter = ItemExponential::default();
    limiter.when(&"a", now);
    limiter.when(&"a", now);
    limiter.forget(&"a");
    assert_eq!(limiter.num_requeues(&"a"), 0);
    assert_eq!(limiter.when(&"a", now), ms(5));
}

#[test]
fn the_bucket_lets_a_burst_pass_and_then_one_each_interval() {
    let now = Instant::now();
    let mut limiter = TokenBucket::new(ms(100), 3);
    let mut when = |at| limiter.when(&"a", now + ms(at));
    assert_eq!([0; 5].map(&mut when), [0, 0, 0, 100, 200].map(ms));
    assert_eq!(when(150), ms(150), "half the debt is paid");
    assert_eq!(when(10_000), ms(0));
}

#[test]
fn the_bucket_does_not_save_more_than_its_burst() {
    let now = Instant::now();
    let mut limiter = TokenBucket::new(ms(100), 2);
    let mut when = |at| limiter.when(&"a", now + ms(at));
    when(0);
    assert_eq!([60_000; 3].map(&mut when), [0, 0, 100].map(ms));
}

#[test]
fn the_stricter_of_two_limiters_counts() {
    let now = Instant::now();
    let mut limiter = MaxOf::new(
        ItemExponential::new(ms(30), ms(1000)),
        TokenBucket::new(ms(100), 2),
    );
    let delays = [(); 6].map(|()| limiter.when(&"a", now));
    assert_eq!(delays, [30, 60, 120, 240, 480, 960].map(ms));
    assert_eq!(limiter.when(&"b", now), ms(500), "the bucket's debt");
    assert_eq!(limiter.num_requeues(&"a"), 6);
    limiter.forget(&"a");
    assert_eq!(limiter.num_requeues(&"a"), 0);
}

#[test]
fn controllers_begin_with_five_milliseconds_and_a_burst_of_a_hundred() {
    let now = Instant::now();
    let mut limiter = ControllerRateLimiter::default();
    for key in 0..101 {
        assert_eq!(
            limiter.when(&key, now),
            if key < 100 { ms(5) } else { ms(100) }
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_retried_comes_back_after_growing_delays() {
    let queue = WorkQueue::new();
    queue.add("a");
    for failures in 0..5 {
        let item = queue.get().await.unwrap();
        assert_eq!(item.num_requeues(), failures);
        assert_eq!(item.retry(), ms(5 << failures));
    }
    let start = Instant::now();
    queue.get().await.unwrap().forget();
    assert!((ms(80)..ms(85)).contains(&start.elapsed()));
    assert_eq!(queue.num_requeues(&"a"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_fails_does_not_hold_up_others() {
    let queue = WorkQueue::new();
    add_all(&queue, ["bad", "good"]);
    try_get(&queue).unwrap().retry();
    assert_eq!(take_all(&queue), ["good"]);
    pass(ms(5)).await;
    assert_eq!(take_all(&queue), ["bad"]);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_put_back_for_later_counts_no_failure() {
    let queue = WorkQueue::new();
    queue.add("a");
    try_get(&queue).unwrap().retry_after(ms(300));
    assert_eq!(queue.num_requeues(&"a"), 0);
    pass(ms(299)).await;
    assert!(queue.is_empty());
    pass(ms(1)).await;
    assert_eq!(take_all(&queue), ["a"]);
}

#[test]
fn a_key_that_is_retried_without_delay_is_ready_again() {
    let queue = WorkQueue::builder()
        .rate_limiter(ItemExponential::new(Duration::ZERO, Duration::ZERO))
        .build();
    queue.add("a");
    try_get(&queue).unwrap().retry();
    assert_eq!(queue.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_key_leaves_no_memory() {
    let queue = WorkQueue::new();
    let keys: Vec<Arc<str>> = (0..1000).map(|n| n.to_string().into()).collect();
    for key in &keys {
        queue.add_rate_limited(Arc::clone(key));
    }
    for _ in &keys {
        queue.get().await.unwrap().forget();
    }
    assert!(keys.iter().all(|key| Arc::strong_count(key) == 1));
}
