//! What an informer keeps and tells, on a server that behaves.

use std::time::Duration;

use futures::StreamExt;
use kubekit_cache::{Cached, Event, ReflectorState, SharedInformer};
use kubekit_core::LabelSelector;
use tokio_util::sync::CancellationToken;

use crate::support::script::{
    Frame, Reply, Script, added, deleted, error_event, expired, list, modified, page, watch,
};
use crate::support::thing::{Thing, key, thing};
use crate::support::world::World;
use crate::support::{Replay, SOON, state_of};

/// Anything that may keep an informer running.
type User = Box<dyn std::any::Any>;

async fn settle() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}

/// Events in words.
fn words(event: &Event<Thing>) -> String {
    match event {
        Event::Added {
            object,
            initial: true,
        } => format!("initial {} {}", object.key().name(), object.value),
        Event::Added { object, .. } => format!("added {} {}", object.key().name(), object.value),
        Event::Updated { old, new } => {
            format!("updated {} {} {}", new.key().name(), old.value, new.value)
        }
        Event::Deleted {
            object,
            observed: true,
        } => format!("deleted {} {}", object.key().name(), object.value),
        Event::Deleted { object, .. } => {
            format!("missing {} {}", object.key().name(), object.value)
        }
        other => panic!("unknown event {other:?}"),
    }
}

async fn told(script: Script) -> Vec<String> {
    let informer = SharedInformer::builder(script).start();
    let events = informer.subscribe();
    settle().await;
    informer.shutdown().await;
    events.map(|event| words(&event)).collect().await
}

#[tokio::test(start_paused = true)]
async fn handler_is_told_of_list_and_watch_with_old_and_new_states() {
    let script = Script::new([
        Reply::List(Ok(page(10, Some("more"), [thing("a", 1)]))),
        list(10, [thing("b", 2)]),
        watch([
            added(thing("c", 11)),
            modified(thing("a", 12)),
            modified(thing("a", 13)),
            deleted(thing("b", 14)),
            Frame::Hang,
        ]),
    ]);
    let expected = [
        "initial a 1",
        "initial b 2",
        "added c 11",
        "updated a 1 12",
        "updated a 12 13",
        "deleted b 14",
    ];
    assert_eq!(told(script).await, expected);
}

#[tokio::test(start_paused = true)]
async fn relist_tells_of_what_differs_and_synthesises_deletions() {
    let script = Script::new([
        list(
            10,
            [thing("changed", 1), thing("gone", 2), thing("same", 3)],
        ),
        watch([error_event(expired())]),
        list(
            20,
            [thing("changed", 15), thing("new", 16), thing("same", 3)],
        ),
        watch([Frame::Hang]),
    ]);
    let events = told(script).await;
    assert_eq!(
        events[3..],
        ["updated changed 1 15", "added new 16", "missing gone 2"]
    );
}

#[tokio::test(start_paused = true)]
async fn recreated_object_is_told_of_as_deletion_and_addition() {
    let script = Script::new([
        list(10, [thing("a", 1).uid("first")]),
        watch([error_event(expired())]),
        list(20, [thing("a", 15).uid("second")]),
        watch([Frame::Hang]),
    ]);
    assert_eq!(
        told(script).await,
        ["initial a 1", "missing a 1", "added a 15"]
    );
}

#[tokio::test(start_paused = true)]
async fn change_of_an_unknown_object_is_an_addition_and_the_addition_of_a_known_one_a_change() {
    let frames = [
        modified(thing("b", 11)),
        added(thing("a", 12)),
        deleted(thing("c", 13)),
        Frame::Hang,
    ];
    let script = Script::new([list(10, [thing("a", 1)]), watch(frames)]);
    assert_eq!(
        told(script).await,
        ["initial a 1", "added b 11", "updated a 1 12"]
    );
}

#[tokio::test(start_paused = true)]
async fn what_did_not_change_keeps_its_place_in_memory_and_is_not_told_of() {
    let script = Script::new([
        list(10, [thing("a", 10), thing("b", 2)]),
        watch([modified(thing("a", 10)), error_event(expired())]),
        list(20, [thing("a", 10), thing("b", 15)]),
        watch([Frame::Hang]),
    ]);
    let informer = SharedInformer::builder(script).start();
    let mut events = informer.subscribe();
    settle().await;
    assert_eq!(informer.freshness().lists, 2);

    let first = events.next().await.unwrap();
    let mut heard = vec![words(&first)];
    while let Ok(Some(event)) = tokio::time::timeout(Duration::from_millis(1), events.next()).await
    {
        heard.push(words(&event));
    }
    assert_eq!(heard, ["initial a 10", "initial b 2", "updated b 2 15"]);
    let now = informer.lister().get(&key("a")).unwrap();
    assert!(Cached::ptr_eq(first.object(), &now));
}

#[tokio::test(start_paused = true)]
async fn events_and_readers_share_one_object() {
    let informer = SharedInformer::builder(Script::new([list(10, [thing("a", 1)])])).start();
    let mut events = informer.subscribe();
    let event = events.next().await.unwrap();
    assert!(Cached::ptr_eq(
        event.object(),
        &informer.lister().get(&key("a")).unwrap()
    ));
}

#[tokio::test(start_paused = true)]
async fn handler_that_hears_of_a_change_finds_it_in_the_cache() {
    let world = World::new();
    let informer = SharedInformer::builder(world.clone()).start();
    let lister = informer.lister();
    let mut events = informer.subscribe();
    for value in 1..50 {
        world.put("a", value);
        let event = events.next().await.unwrap();
        assert_eq!(event.object().value, value);
        assert!(lister.get(&key("a")).unwrap().value >= value);
    }
}

#[tokio::test(start_paused = true)]
async fn events_that_arrive_together_are_applied_together() {
    let frames = (0..400).map(|number| added(thing(&format!("{number:03}"), 11 + number)));
    let script = Script::new([list(10, []), watch(frames.chain([Frame::Hang]))]);
    let informer = SharedInformer::builder(script).start();
    let by_any = informer.index(|_: &Thing| Some(()));
    let lister = informer.lister();
    let mut events = informer.subscribe();
    events.next().await.unwrap();
    assert_eq!(lister.snapshot().len(), 400);
    assert_eq!(lister.snapshot().resource_version(), Some(&410.into()));
    assert_eq!(by_any.get(&()).len(), 400);
}

#[tokio::test(start_paused = true)]
async fn selectors_and_page_size_are_passed_on() {
    let script = Script::new([list(10, []), watch([Frame::Hang])]);
    let labels: LabelSelector = "app=web".parse().unwrap();
    let informer = SharedInformer::builder(script.clone())
        .labels(labels)
        .fields("metadata.name=a".parse().unwrap())
        .page_size(7)
        .start();
    informer.wait_for_sync(SOON).await.unwrap();
    settle().await;
    let queries = script.queries();
    assert_eq!(
        queries[0],
        "labelSelector=app%3Dweb&fieldSelector=metadata.name%3Da&limit=7&resourceVersion=0"
    );
    assert!(
        queries[1].contains("labelSelector=app%3Dweb&fieldSelector=metadata.name%3Da"),
        "{queries:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn freshness_tells_what_the_informer_is_at() {
    let world = World::new();
    world.put("a", 1);
    let informer = SharedInformer::builder(world.clone()).start();
    assert_eq!(informer.freshness().last_heard(), None);
    informer.wait_for_sync(SOON).await.unwrap();
    settle().await;
    let quiet = informer.freshness();
    assert_eq!(quiet.state, ReflectorState::Watching);
    assert_eq!(
        (quiet.lists, quiet.undecodable, quiet.resource_version),
        (1, 0, Some(11.into()))
    );
    assert_eq!(quiet.last_event, None);
    world.put("a", 2);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(
        informer.freshness().last_event.unwrap().elapsed(),
        Duration::from_secs(1)
    );
    informer.shutdown().await;
    assert_eq!(informer.freshness().state, ReflectorState::Stopped);
}

#[tokio::test(start_paused = true)]
async fn informer_runs_while_anyone_uses_it_and_no_longer() {
    let world = World::new();
    world.put("a", 1);
    let users: [fn(SharedInformer<Thing>) -> User; 5] = [
        |informer| Box::new(informer),
        |informer| Box::new(informer.lister()),
        |informer| Box::new(informer.subscribe()),
        |informer| Box::new(informer.add_handler(|_| {})),
        |informer| Box::new(informer.index(|thing: &Thing| Some(thing.value))),
    ];
    for user in users {
        let informer = SharedInformer::builder(world.clone()).start();
        informer.wait_for_sync(SOON).await.unwrap();
        let user = user(informer);
        settle().await;
        assert_eq!(world.open_watches(), 1);
        drop(user);
        settle().await;
        assert_eq!(world.open_watches(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn shutdown_ends_the_watch_the_streams_and_the_handlers() {
    let world = World::new();
    world.put("a", 1);
    let informer = SharedInformer::builder(world.clone()).start();
    let lister = informer.lister();
    let events = informer.subscribe();
    let (sender, handled) = std::sync::mpsc::channel();
    let handler = informer.add_handler(move |event| sender.send(event).unwrap());
    handler.wait_for_sync(SOON).await.unwrap();

    informer.shutdown().await;
    assert_eq!(world.open_watches(), 0);
    assert!(handled.recv().is_ok());
    assert!(handled.recv().is_err(), "the handler is gone");
    assert_eq!(
        events.count().await,
        1,
        "what was told before is still there"
    );
    assert_eq!(lister.snapshot().len(), 1, "readers see the last state");

    let mut late = informer.subscribe();
    assert!(late.next().await.is_some());
    assert!(late.next().await.is_none());
    informer.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn token_stops_the_informer_and_the_informer_does_not_cancel_the_token() {
    let world = World::new();
    let token = CancellationToken::new();
    for by_token in [false, true] {
        let informer = SharedInformer::builder(world.clone())
            .cancellation(&token)
            .start();
        informer.wait_for_sync(SOON).await.unwrap();
        if by_token {
            token.cancel();
        } else {
            informer.shutdown().await;
            assert!(!token.is_cancelled());
        }
        settle().await;
        assert_eq!(informer.freshness().state, ReflectorState::Stopped);
        assert_eq!(world.open_watches(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn watch_of_a_busy_server_does_not_starve_other_tasks() {
    let frames = (0..100_000_u64).map(|number| modified(thing("a", 11 + number)));
    let script = Script::new([list(10, []), watch(frames.chain([Frame::Hang]))]);
    let informer = SharedInformer::builder(script).start();
    let mut events = informer.subscribe().coalescing();
    let first = events.next().await.unwrap();
    assert!(
        first.object().value < 100_000,
        "the reader had its turn in between"
    );
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(informer.lister().get(&key("a")).unwrap().value, 100_010);
}

#[tokio::test(start_paused = true)]
async fn no_event_is_lost_where_one_batch_ends_and_the_next_begins() {
    let frames = (0..3000).map(|number| added(thing(&number.to_string(), 11 + number)));
    let script = Script::new([list(10, []), watch(frames.chain([Frame::Hang]))]);
    let informer = SharedInformer::builder(script).start();
    let mut events = informer.subscribe();
    settle().await;
    let mut replay = Replay::default();
    replay.drain(&mut events).await;
    assert_eq!(replay.state.len(), 3000);
    assert_eq!(replay.state, state_of(&informer.lister().snapshot()));
}

#[tokio::test(start_paused = true)]
async fn two_informers_of_one_source_do_not_disturb_each_other() {
    let world = World::new();
    let one = SharedInformer::builder(world.clone()).start();
    let other = SharedInformer::builder(world.clone()).start();
    one.wait_for_sync(SOON).await.unwrap();
    other.wait_for_sync(SOON).await.unwrap();
    drop(one);
    world.put("a", 1);
    settle().await;
    assert_eq!(state_of(&other.lister().snapshot()), world.state());
    let mut replay = Replay::default();
    replay.drain(&mut other.subscribe()).await;
    assert_eq!(replay.state, world.state());
}
