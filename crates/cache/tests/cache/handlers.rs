//! Handlers that come, go, dawdle and fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::StreamExt;
use kubekit_cache::{Event, SharedInformer, Subscription};

use crate::support::thing::Thing;
use crate::support::world::World;
use crate::support::{Replay, SOON};

async fn settle() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}

async fn informer_of(world: &World) -> SharedInformer<Thing> {
    let informer = SharedInformer::builder(world.clone()).start();
    informer.wait_for_sync(SOON).await.unwrap();
    settle().await;
    informer
}

async fn waiting(events: &mut Subscription<Thing>) -> Vec<Event<Thing>> {
    let mut waiting = Vec::new();
    while let Ok(Some(event)) = tokio::time::timeout(Duration::from_millis(1), events.next()).await
    {
        waiting.push(event);
    }
    waiting
}

#[tokio::test(start_paused = true)]
async fn late_handler_is_told_the_present_state_and_then_what_follows() {
    let world = World::new();
    (0..300).for_each(|number| world.put(&number.to_string(), number));
    let informer = informer_of(&world).await;
    let mut events = informer.subscribe();
    world.put("0", 1000);
    world.delete("1");
    world.put("new", 1);
    settle().await;

    let mut replay = Replay::default();
    replay.drain(&mut events).await;
    assert_eq!(replay.initial, 300);
    assert_eq!(replay.state, world.state());
}

#[tokio::test(start_paused = true)]
async fn handler_that_is_dropped_is_told_nothing_more_and_the_others_are() {
    let world = World::new();
    let informer = informer_of(&world).await;
    let (sender, handled) = std::sync::mpsc::channel();
    let leaving = informer.add_handler(move |event| sender.send(event).unwrap());
    let mut staying = informer.subscribe();
    world.put("a", 1);
    settle().await;
    drop(leaving);
    world.put("b", 2);
    settle().await;
    assert_eq!(handled.iter().count(), 1, "and the handler itself is gone");
    assert_eq!(waiting(&mut staying).await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn detached_handler_stays_until_shutdown() {
    let world = World::new();
    let informer = informer_of(&world).await;
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    informer
        .add_handler(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
        })
        .detach();
    world.put("a", 1);
    settle().await;
    assert_eq!(count.load(Ordering::Relaxed), 1);
    informer.shutdown().await;
    assert_eq!(Arc::strong_count(&count), 1, "the handler is gone");
}

#[tokio::test(start_paused = true)]
async fn handler_that_panics_ends_alone() {
    let world = World::new();
    let informer = informer_of(&world).await;
    let _panicking = informer.add_handler(|_| panic!("a handler's own fault"));
    let mut events = informer.subscribe();
    world.put("a", 1);
    settle().await;
    world.put("a", 2);
    settle().await;
    assert_eq!(waiting(&mut events).await.len(), 2);
    informer.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn slow_handler_delays_nobody() {
    let world = World::new();
    let informer = informer_of(&world).await;
    let mut slow = informer.subscribe();
    let mut quick = informer.subscribe();
    for number in 0..200 {
        world.put(&number.to_string(), number);
        let heard = tokio::time::timeout(Duration::from_millis(1), quick.next()).await;
        assert_eq!(heard.unwrap().unwrap().object().value, number);
    }
    assert_eq!(
        waiting(&mut slow).await.len(),
        200,
        "the slow one has everything still to come"
    );
}

#[tokio::test(start_paused = true)]
async fn coalescing_handler_is_told_the_latest_of_each_object() {
    let world = World::new();
    world.put("deleted", 1);
    world.put("updated", 2);
    world.put("recreated", 3);
    let informer = informer_of(&world).await;
    let mut events = informer.subscribe().coalescing();
    let mut replay = Replay::default();
    replay.drain(&mut events).await;

    for value in 10..60 {
        world.put("updated", value);
        world.put("deleted", value);
        world.put("fleeting", value);
        world.put("new", value);
        settle().await;
    }
    world.delete("deleted");
    world.delete("fleeting");
    world.delete("recreated");
    world.put("recreated", 70);
    settle().await;

    let waiting = waiting(&mut events).await;
    assert_eq!(waiting.len(), 5, "{waiting:?}");
    waiting.into_iter().for_each(|event| replay.apply(event));
    assert_eq!(replay.state, world.state());
}

#[tokio::test(start_paused = true)]
async fn coalescing_handler_that_sleeps_does_not_gather_what_comes_and_goes() {
    let world = World::new();
    let informer = informer_of(&world).await;
    let mut events = informer.subscribe().coalescing();
    for number in 0..2000 {
        world.put(&number.to_string(), number);
        world.delete(&number.to_string());
        if number % 10 == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    world.put("last", 1);
    settle().await;
    let waiting = waiting(&mut events).await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].key().name(), "last");
}

#[tokio::test(start_paused = true)]
async fn object_that_changes_all_the_time_does_not_keep_a_coalescing_handler_from_the_others() {
    let world = World::new();
    let informer = informer_of(&world).await;
    let mut events = informer.subscribe().coalescing();
    world.put("busy", 0);
    world.put("quiet", 0);
    settle().await;
    let first = events.next().await.unwrap();
    assert_eq!(first.key().name(), "busy");
    world.put("busy", 1);
    settle().await;
    assert_eq!(events.next().await.unwrap().key().name(), "quiet");
    assert_eq!(events.next().await.unwrap().key().name(), "busy");
}

#[tokio::test(start_paused = true)]
async fn coalescing_can_begin_with_events_waiting() {
    let world = World::new();
    world.put("a", 1);
    let informer = informer_of(&world).await;
    let events = informer.subscribe();
    for value in 2..10 {
        world.put("a", value);
        settle().await;
    }
    let mut events = events.coalescing();
    let waiting = waiting(&mut events).await;
    assert_eq!(
        waiting.len(),
        2,
        "the state at the beginning, and the latest change: {waiting:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn next_is_cancel_safe() {
    let world = World::new();
    let informer = informer_of(&world).await;
    let mut events = informer.subscribe();
    for value in 0..50 {
        assert!(futures::poll!(std::pin::pin!(events.next())).is_pending());
        world.put("a", value);
        settle().await;
        assert_eq!(events.next().await.unwrap().object().value, value);
    }
}

#[tokio::test(start_paused = true)]
async fn subscription_is_a_stream() {
    let world = World::new();
    world.put("a", 1);
    world.put("b", 2);
    let informer = informer_of(&world).await;
    let keys: Vec<String> = informer
        .subscribe()
        .take(2)
        .map(|event| event.key().to_string())
        .collect()
        .await;
    assert_eq!(keys, ["n/a", "n/b"]);
}
