//! The loop of an informer, stopped at each of its awaits.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt, Stream, StreamExt};
use kubekit_cache::{
    ListWatch, ListWatchError, ReflectorState, SharedInformer, SyncErrorKind, WatchStream,
};
use kubekit_core::{ListOptions, ObjectList, WatchOptions};

use crate::support::thing::Thing;
use crate::support::world::{Fault, World};
use crate::support::{Replay, SOON, state_of};

/// Passes everything on, and counts what is under way: requests and streams that have not been dropped.
#[derive(Clone)]
struct Counted {
    world: World,
    alive: Arc<AtomicUsize>,
}

struct Alive<T>(Arc<AtomicUsize>, T);

impl<T> Alive<T> {
    fn new(alive: &Arc<AtomicUsize>, inner: T) -> Self {
        alive.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(alive), inner)
    }
}

impl<T> Drop for Alive<T> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<F: Future + Unpin> Future for Alive<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.1.poll_unpin(cx)
    }
}

impl<S: Stream + Unpin> Stream for Alive<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.1.poll_next_unpin(cx)
    }
}

impl ListWatch<Thing> for Counted {
    fn list(
        &self,
        options: ListOptions,
    ) -> BoxFuture<'_, Result<ObjectList<Thing>, ListWatchError>> {
        Alive::new(&self.alive, self.world.list(options)).boxed()
    }

    fn watch(
        &self,
        options: WatchOptions,
    ) -> BoxFuture<'_, Result<WatchStream<Thing>, ListWatchError>> {
        let request = Alive::new(&self.alive, self.world.watch(options));
        async move {
            let stream = request.await?;
            Ok(Alive::new(&self.alive, stream).boxed())
        }
        .boxed()
    }
}

/// Says whether the future wants to be polled again.
#[derive(Default)]
struct Flag(AtomicUsize);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Release);
    }
}

/// Something happens on the server between polls, so that every branch of the loop is entered.
async fn disturb(world: &World, poll: usize) {
    match poll % 9 {
        0 => world.put("a", poll as u64),
        1 => world.put(&poll.to_string(), poll as u64),
        2 => world.cut(),
        3 => world.fault_watch(Fault::Refused),
        4 => world.delete("a"),
        5 => {
            world.cut();
            world.compact();
        }
        6 => world.fault_list(Fault::Status(500)),
        7 => world.poison("bad"),
        _ => world.fault_watch(Fault::Empty),
    }
    tokio::time::sleep(Duration::from_millis(700)).await;
}

/// Drives an informer for so many polls and drops it. Returns whether it got that far, with the listing reached.
async fn drive_and_drop(world: &World, polls: usize) {
    let source = Counted {
        world: world.clone(),
        alive: Arc::default(),
    };
    let (informer, task) = SharedInformer::builder(source.clone())
        .page_size(2)
        .seed(polls as u64)
        .build();
    let mut events = informer.subscribe();
    let (sender, handled) = std::sync::mpsc::channel();
    let handler = informer.add_handler(move |event| sender.send(event).unwrap());
    let by_value = informer.index(|thing: &Thing| Some(thing.value));

    let mut task = Box::pin(task);
    for poll in 0..polls {
        let flag = Arc::new(Flag::default());
        let waker = flag.clone().into();
        assert!(
            task.as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
        disturb(world, poll).await;
    }
    drop(task);

    assert_eq!(
        source.alive.load(Ordering::Relaxed),
        0,
        "requests or streams are left after {polls} polls"
    );
    assert_eq!(world.open_watches(), 0);
    assert_eq!(informer.freshness().state, ReflectorState::Stopped);
    assert_eq!(
        informer.wait_for_sync(SOON).await.unwrap_err().kind(),
        SyncErrorKind::Stopped
    );
    assert_eq!(
        handler.wait_for_sync(SOON).await.unwrap_err().kind(),
        SyncErrorKind::Stopped
    );
    informer.shutdown().await;

    let mut replay = Replay::default();
    while let Some(event) = events.next().await {
        replay.apply(event);
    }
    let snapshot = informer.lister().snapshot();
    assert_eq!(replay.state, state_of(&snapshot), "after {polls} polls");
    for thing in snapshot.iter() {
        assert!(
            by_value
                .get(&thing.value)
                .iter()
                .any(|found| found.key() == thing.key())
        );
    }
    assert!(handled.try_iter().count() <= 10_000);
    drop((informer, events, handler, by_value));
    assert_eq!(
        Arc::strong_count(&source.alive),
        1,
        "the source is still held after {polls} polls"
    );
}

#[tokio::test(start_paused = true)]
async fn dropped_at_any_await_nothing_is_left_and_another_informer_is_right() {
    let world = World::new();
    (0..7).for_each(|number| world.put(&format!("start-{number}"), number));
    for polls in 0..60 {
        drive_and_drop(&world, polls).await;
    }
    world.put("bad", 1);
    let informer = SharedInformer::builder(world.clone()).page_size(2).start();
    informer
        .wait_for_sync(Duration::from_secs(36_000))
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(state_of(&informer.lister().snapshot()), world.state());
}

#[tokio::test(start_paused = true)]
async fn shutdown_at_any_await_ends_the_task() {
    let world = World::new();
    (0..7).for_each(|number| world.put(&format!("start-{number}"), number));
    for polls in 0..30 {
        let (informer, task) = SharedInformer::builder(world.clone()).page_size(2).build();
        let mut task = pin!(task);
        for poll in 0..polls {
            assert!(futures::poll!(task.as_mut()).is_pending());
            disturb(&world, poll).await;
        }
        let shutdown = informer.shutdown();
        let ((), ()) = futures::join!(task, shutdown);
        assert_eq!(world.open_watches(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn task_that_is_never_polled_stops_the_informer_when_dropped() {
    let (informer, task) = SharedInformer::builder(World::new()).build();
    drop(task);
    assert_eq!(
        informer.wait_for_sync(SOON).await.unwrap_err().kind(),
        SyncErrorKind::Stopped
    );
    informer.shutdown().await;
}
