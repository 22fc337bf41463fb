//! Random schedules of getters that start, wait, are woken, are cancelled: no wake-up is lost, and no key.

use std::task::Poll;

use kubekit_workqueue::{Item, WorkQueue};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::support::{ByHand, ms, pass};

#[derive(Debug, Clone)]
enum Step {
    Add(u8),
    AddAfter(u8, u64),
    StartGet,
    /// Polls one getter, whether it has been woken or not.
    PollGet(usize),
    CancelGet(usize),
    Done(usize),
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..16_u8).prop_map(Step::Add),
        3 => (0..16_u8, 0..50_u64).prop_map(|(key, delay)| Step::AddAfter(key, delay)),
        4 => Just(Step::StartGet),
        2 => any::<usize>().prop_map(Step::PollGet),
        2 => any::<usize>().prop_map(Step::CancelGet),
        3 => any::<usize>().prop_map(Step::Done),
        2 => (0..20_u64).prop_map(Step::Pass),
    ]
}

/// Getters that are polled by hand, and the items they were given.
struct World<'a, F> {
    queue: &'a WorkQueue<u8>,
    getters: Vec<ByHand<F>>,
    held: Vec<Item<u8>>,
    handed_out: u64,
}

impl<F: Future<Output = Option<Item<u8>>>> World<'_, F> {
    fn poll(&mut self, at: usize) {
        if let Poll::Ready(item) = self.getters[at].poll() {
            self.getters.remove(at);
            self.handed_out += 1;
            self.held.extend(item);
        }
    }

    /// Polls whoever has been woken until nobody is, as an executor would.
    fn settle(&mut self) {
        while let Some(woken) = self.getters.iter().position(ByHand::is_woken) {
            self.poll(woken);
        }
    }

    /// What must be true once everybody who has been woken has been polled.
    fn check(&self) -> Result<(), TestCaseError> {
        let stats = self.queue.stats();
        prop_assert!(
            stats.ready == 0 || self.getters.is_empty(),
            "{} keys and {} getters wait for each other",
            stats.ready,
            self.getters.len()
        );
        prop_assert_eq!(stats.adds, self.handed_out + stats.depth as u64);
        prop_assert_eq!(stats.processing, self.held.len());
        Ok(())
    }
}

async fn run(steps: Vec<(Step, bool)>) -> Result<(), TestCaseError> {
    let queue = WorkQueue::new();
    let mut world = World {
        queue: &queue,
        getters: Vec::new(),
        held: Vec::new(),
        handed_out: 0,
    };
    for (step, settled) in steps {
        let (getters, held) = (world.getters.len(), world.held.len());
        match step {
            Step::Add(key) => queue.add(key),
            Step::AddAfter(key, delay) => queue.add_after(key, ms(delay)),
            Step::StartGet => {
                world.getters.push(ByHand::new(queue.get()));
                world.poll(getters);
            }
            Step::PollGet(n) if getters > 0 => world.poll(n % getters),
            Step::CancelGet(n) if getters > 0 => drop(world.getters.remove(n % getters)),
            Step::Done(n) if held > 0 => drop(world.held.remove(n % held)),
            Step::PollGet(_) | Step::CancelGet(_) | Step::Done(_) => {}
            Step::Pass(time) => pass(ms(time)).await,
        }
        if settled {
            world.settle();
            world.check()?;
        }
    }
    // Every delay ends, seen by a getter if there is one, without anything else touching the queue.
    for _ in 0..=51 {
        pass(ms(1)).await;
        world.settle();
    }
    world.check()?;
    Ok(())
}

proptest! {
    #[test]
    fn no_wake_up_is_lost(steps in proptest::collection::vec((step(), any::<bool>()), 0..100)) {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().unwrap();
        runtime.block_on(run(steps))?;
    }
}
