//! Reflectors, delta queues, indexed stores and shared informers for the Kubernetes API.

mod delta;
mod informer;
mod list_watch;
mod lister;
mod reflector;
mod store;

pub use delta::{Delta, DeltaFifo, Replacement};
pub use informer::{
    Builder, Event, EventHandler, Freshness, InformerTask, Registration, SharedInformer,
    Subscription, SyncError, SyncErrorKind,
};
pub use list_watch::{ListWatch, ListWatchError, ListWatchErrorKind, WatchStream};
pub use lister::{Lister, NamespaceLister};
pub use reflector::{Effect, Input, Reflector, ReflectorConfig, ReflectorState, Step};
pub use store::{Cached, Edit, Index, Snapshot, Store};
