//! The queue against a model that is too simple to be wrong.

use std::collections::BTreeSet;

use kubekit_workqueue::{Item, WorkQueue};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::support::{ms, pass, try_get};

#[derive(Debug, Clone)]
enum Step {
    Add(u8),
    AddAfter(u8, u64),
    Get,
    Done(usize),
    Pass(u64),
    ShutDown,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => (0..8_u8).prop_map(Step::Add),
        20 => (0..8_u8, 0..50_u64).prop_map(|(key, delay)| Step::AddAfter(key, delay)),
        30 => Just(Step::Get),
        20 => any::<usize>().prop_map(Step::Done),
        20 => (0..20_u64).prop_map(Step::Pass),
        1 => Just(Step::ShutDown),
    ]
}

/// All of it in vectors and sets, searched from the beginning each time.
#[derive(Default)]
struct Model {
    now: u64,
    closed: bool,
    queued: Vec<u8>,
    dirty: BTreeSet<u8>,
    processing: BTreeSet<u8>,
    delayed: Vec<(u64, u8)>,
    adds: u64,
}

impl Model {
    fn add(&mut self, key: u8) {
        if !self.closed && self.dirty.insert(key) {
            self.adds += 1;
            if !self.processing.contains(&key) {
                self.queued.push(key);
            }
        }
    }

    fn add_after(&mut self, key: u8, delay: u64) {
        if delay == 0 {
            return self.add(key);
        }
        let due = self.now + delay;
        let known = self.delayed.iter().position(|(_, other)| *other == key);
        match known {
            _ if self.closed => {}
            Some(at) if self.delayed[at].0 <= due => {}
            known => {
                known.map(|at| self.delayed.remove(at));
                self.delayed.push((due, key));
            }
        }
    }

    fn get(&mut self) -> Option<u8> {
        if self.queued.is_empty() {
            return None;
        }
        let key = self.queued.remove(0);
        self.dirty.remove(&key);
        self.processing.insert(key);
        Some(key)
    }

    fn done(&mut self, key: u8) {
        self.processing.remove(&key);
        if self.dirty.contains(&key) {
            self.queued.push(key);
        }
    }

    fn pass(&mut self, time: u64) {
        for _ in 0..time {
            self.now += 1;
            let now = self.now;
            let due: Vec<_> = self.delayed.extract_if(.., |(at, _)| *at == now).collect();
            due.into_iter().for_each(|(_, key)| self.add(key));
        }
    }

    fn shut_down(&mut self) {
        self.closed = true;
        self.delayed.clear();
    }
}

async fn run(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let (queue, mut model) = (WorkQueue::new(), Model::default());
    let mut held: Vec<Item<u8>> = Vec::new();
    for step in steps {
        match step {
            Step::Add(key) => {
                queue.add(key);
                model.add(key);
            }
            Step::AddAfter(key, delay) => {
                queue.add_after(key, ms(delay));
                model.add_after(key, delay);
            }
            Step::Get => {
                let item = try_get(&queue);
                prop_assert_eq!(item.as_ref().map(|item| *item.key()), model.get());
                held.extend(item);
            }
            Step::Done(n) if !held.is_empty() => {
                let item = held.swap_remove(n % held.len());
                model.done(*item.key());
            }
            Step::Done(_) => {}
            Step::Pass(time) => {
                pass(ms(time)).await;
                model.pass(time);
            }
            Step::ShutDown => {
                queue.shut_down();
                model.shut_down();
            }
        }
        let stats = queue.stats();
        prop_assert_eq!(stats.ready, model.queued.len());
        prop_assert_eq!(stats.depth, model.dirty.len());
        prop_assert_eq!(stats.delayed, model.delayed.len());
        prop_assert_eq!(stats.processing, model.processing.len());
        prop_assert_eq!(stats.adds, model.adds);
    }
    Ok(())
}

proptest! {
    #[test]
    fn the_queue_does_what_its_model_does(steps in proptest::collection::vec(step(), 0..200)) {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().unwrap();
        runtime.block_on(run(steps))?;
    }
}
