//! Any sequence of changes, faults, relists, and handlers that come and go: each handler's account equals the cache, and the
//! cache equals the server.

use std::time::Duration;

use kubekit_cache::{SharedInformer, Subscription};
use proptest::prelude::*;

use crate::support::thing::Thing;
use crate::support::world::{Fault, World};
use crate::support::{Replay, SOON, state_of};

#[derive(Clone, Debug)]
enum Move {
    Put(u8),
    Delete(u8),
    Recreate(u8),
    /// Bad on the wire, and mended.
    Poison(u8),
    Cut,
    /// Forgets history: what is not yet delivered can only be listed.
    Compact,
    FaultList(Fault),
    FaultWatch(Fault),
    Join {
        coalescing: bool,
    },
    Leave(u8),
    /// A handler reads some events.
    Read(u8, u8),
    Wait(u16),
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::Refused),
        prop::sample::select(vec![403, 410, 429, 500, 503]).prop_map(Fault::Status),
        Just(Fault::Empty),
        (1_usize..4).prop_map(Fault::CutAfter),
    ]
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        10 => (0_u8..12).prop_map(Move::Put),
        5 => (0_u8..12).prop_map(Move::Delete),
        2 => (0_u8..12).prop_map(Move::Recreate),
        1 => (0_u8..12).prop_map(Move::Poison),
        2 => Just(Move::Cut),
        2 => Just(Move::Compact),
        1 => fault().prop_map(Move::FaultList),
        2 => fault().prop_map(Move::FaultWatch),
        2 => any::<bool>().prop_map(|coalescing| Move::Join { coalescing }),
        1 => any::<u8>().prop_map(Move::Leave),
        4 => (any::<u8>(), 0_u8..8).prop_map(|(handler, events)| Move::Read(handler, events)),
        6 => (0_u16..3000).prop_map(Move::Wait),
    ]
}

/// Everything that takes part.
struct Play {
    world: World,
    informer: SharedInformer<Thing>,
    handlers: Vec<(Subscription<Thing>, Replay)>,
    value: u64,
}

impl Play {
    fn new(seed: u64) -> Self {
        let world = World::new();
        // Small pages, so that lists take several and can expire midway.
        let informer = SharedInformer::builder(world.clone())
            .page_size(3)
            .seed(seed)
            .start();
        let handlers = vec![(informer.subscribe(), Replay::default())];
        Self {
            world,
            informer,
            handlers,
            value: 0,
        }
    }

    async fn make(&mut self, step: Move) {
        self.value += 1;
        match step {
            Move::Put(name) => self.world.put(&name.to_string(), self.value),
            Move::Delete(name) => self.world.delete(&name.to_string()),
            Move::Recreate(name) => {
                self.world.delete(&name.to_string());
                self.world.put(&name.to_string(), self.value);
            }
            Move::Poison(name) => {
                self.world.poison(&name.to_string());
                tokio::time::sleep(Duration::from_millis(1)).await;
                self.world.put(&name.to_string(), self.value);
            }
            Move::Cut => self.world.cut(),
            Move::Compact => {
                self.world.cut();
                self.world.compact();
            }
            Move::FaultList(fault) => self.world.fault_list(fault),
            Move::FaultWatch(fault) => self.world.fault_watch(fault),
            Move::Join { coalescing } => {
                let events = self.informer.subscribe();
                let events = if coalescing {
                    events.coalescing()
                } else {
                    events
                };
                self.handlers.push((events, Replay::default()));
            }
            Move::Leave(handler) => {
                if self.handlers.len() > 1 {
                    drop(
                        self.handlers
                            .remove(usize::from(handler) % self.handlers.len()),
                    );
                }
            }
            Move::Read(handler, events) => self.read(handler, events).await,
            Move::Wait(milliseconds) => {
                tokio::time::sleep(Duration::from_millis(milliseconds.into())).await
            }
        }
    }

    async fn read(&mut self, handler: u8, events: u8) {
        let handler = usize::from(handler) % self.handlers.len();
        let (stream, replay) = &mut self.handlers[handler];
        for _ in 0..events {
            match futures::poll!(std::pin::pin!(stream.next())) {
                std::task::Poll::Ready(Some(event)) => replay.apply(event),
                _ => return,
            }
        }
    }

    /// Lets all faults pass, and compares everyone.
    async fn end(mut self) {
        // Faults in waiting delay by backoff; each is used up by one request.
        tokio::time::sleep(Duration::from_secs(3600)).await;
        self.informer.wait_for_sync(SOON).await.unwrap();
        self.world.put("last", 1);
        tokio::time::sleep(Duration::from_secs(1)).await;

        let cache = state_of(&self.informer.lister().snapshot());
        assert_eq!(cache, self.world.state());
        for (events, replay) in &mut self.handlers {
            replay.drain(events).await;
            assert_eq!(replay.state, cache);
            assert!(events.has_synced());
        }
        self.informer.shutdown().await;
        assert_eq!(self.world.open_watches(), 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn handlers_and_cache_end_where_the_server_is(
        moves in prop::collection::vec(moves(), 0..120),
        seed in any::<u64>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let mut play = Play::new(seed);
            for step in moves {
                play.make(step).await;
            }
            play.end().await;
        });
    }
}
