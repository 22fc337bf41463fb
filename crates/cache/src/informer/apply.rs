//! How deltas change the store, and what handlers are told of it.

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::event::Event;
use super::hub::Source;
use crate::delta::Delta;
use crate::store::{Cached, Edit};

/// Turns deltas into changes of the store and events.
pub(super) struct Application<'a, 'b, K> {
    pub(super) edit: &'a mut Edit<'b, K>,
    pub(super) events: &'a mut Vec<Event<K>>,
    /// Whether objects that come now belong to the initial state.
    pub(super) initial: bool,
}

impl<K: Metadata<Ty = ObjectMeta>> Application<'_, '_, K> {
    pub(super) fn apply(&mut self, delta: Delta<K>) {
        match delta {
            Delta::Added(object) | Delta::Updated(object) | Delta::Replaced(object) => {
                self.present(object)
            }
            Delta::Deleted { object, observed } => self.gone(object, observed),
            Delta::Sync(object) => self.again(&object),
        }
    }

    fn present(&mut self, object: Cached<K>) {
        let metadata = object.metadata();
        let initial = self.initial;
        match self.edit.get(object.key()) {
            None => self.events.push(Event::Added {
                object: object.clone(),
                initial,
            }),
            // The server repeats itself; readers keep the object they have.
            Some(old) if old.is_at(metadata) => return,
            Some(old) if old.is_replaced_by(metadata) => self.events.extend([
                Event::Deleted {
                    object: old.clone(),
                    observed: false,
                },
                Event::Added {
                    object: object.clone(),
                    initial,
                },
            ]),
            Some(old) => self.events.push(Event::Updated {
                old: old.clone(),
                new: object.clone(),
            }),
        }
        self.edit.insert(object);
    }

    fn gone(&mut self, object: Cached<K>, observed: bool) {
        if self.edit.remove(object.key()).is_some() {
            self.events.push(Event::Deleted { object, observed });
        }
    }

    fn again(&mut self, object: &Cached<K>) {
        if let Some(present) = self.edit.get(object.key()) {
            self.events.push(Event::Updated {
                old: present.clone(),
                new: present.clone(),
            });
        }
    }
}

impl Source {
    /// Says whether objects that come from here belong to the initial state.
    pub(super) fn is_initial(self, synced: bool) -> bool {
        self == Self::List && !synced
    }
}
