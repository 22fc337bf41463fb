//! What the tests share.

pub(crate) mod script;
pub(crate) mod thing;
pub(crate) mod world;

use std::collections::BTreeMap;
use std::time::Duration;

use kubekit_cache::{Event, Snapshot, Subscription};

use thing::Thing;

/// Longer than anything takes that is not meant to wait.
pub(crate) const SOON: Duration = Duration::from_secs(300);

/// Key, uid, version and value of every object.
pub(crate) type State = BTreeMap<String, (String, String, u64)>;

pub(crate) fn state_of(snapshot: &Snapshot<Thing>) -> State {
    snapshot.iter().map(|thing| thing.entry()).collect()
}

/// Follows events and fails where one does not continue the state before it.
#[derive(Debug, Default)]
pub(crate) struct Replay {
    pub(crate) state: State,
    pub(crate) initial: usize,
}

impl Replay {
    pub(crate) fn apply(&mut self, event: Event<Thing>) {
        match event {
            Event::Added { object, initial } => {
                let (key, entry) = object.entry();
                assert!(
                    self.state.insert(key.clone(), entry).is_none(),
                    "{key} is added twice"
                );
                self.initial += usize::from(initial);
            }
            Event::Updated { old, new } => {
                let (key, before) = old.entry();
                let (_, after) = new.entry();
                assert_eq!(before.0, after.0, "{key} is updated to another object");
                assert_eq!(
                    self.state.insert(key.clone(), after),
                    Some(before),
                    "{key} is updated from another state"
                );
            }
            Event::Deleted { object, .. } => {
                let (key, (uid, ..)) = object.entry();
                let before = self.state.remove(&key);
                assert_eq!(
                    before.map(|(uid, ..)| uid),
                    Some(uid),
                    "{key} is deleted, but was not there"
                );
            }
            other => panic!("unknown event {other:?}"),
        }
    }

    /// Takes in all events that are there.
    pub(crate) async fn drain(&mut self, events: &mut Subscription<Thing>) {
        while let Ok(Some(event)) =
            tokio::time::timeout(Duration::from_millis(1), events.next()).await
        {
            self.apply(event);
        }
    }
}
