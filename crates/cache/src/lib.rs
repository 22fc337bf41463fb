//! Reflectors, delta queues, indexed stores and shared informers for the Kubernetes API.
//!
//! A [`SharedInformer`] keeps the objects of a kind in memory: it lists and watches them, through all that can go wrong on the way, and
//! tells handlers what changes. Reads go to its [`Lister`] and its [`Index`]es, and cost no request and no copy.
//!
//! Data flows one way: [`ListWatch`] → [`Reflector`] → [`DeltaFifo`] → [`Store`] → handlers, each of which can be used on its own. Any
//! kind will do that has metadata; nothing asks for `Clone`, because an object is moved from the wire to the store and shared from
//! there as [`Cached`].
//!
//! # Examples
//!
//! Config maps are cached, found by a label, and followed as they change:
//!
//! ```
//! use std::time::Duration;
//!
//! use k8s_openapi::api::core::v1::ConfigMap;
//! use kubekit_cache::{Event, SharedInformer};
//! use kubekit_core::{AllNamespaces, LabelSelector, ObjectKey};
//! use kubekit_rest::RestClient;
//!
//! async fn follow(client: &RestClient) -> Result<(), Box<dyn std::error::Error>> {
//!     let informer = SharedInformer::builder(client.api::<ConfigMap, _>(AllNamespaces)).start();
//!     let by_app = informer.index(|map: &ConfigMap| map.metadata.labels.as_ref()?.get("app").cloned());
//!     let maps = informer.lister();
//!     informer.wait_for_sync(Duration::from_secs(30)).await?;
//!
//!     let one = maps.get(&ObjectKey::namespaced("shop", "settings"));
//!     println!("settings: {:?}", one.and_then(|map| map.data.clone()));
//!     println!("{} in the shop", maps.namespace("shop").list(&LabelSelector::all()).len());
//!     println!("{} of the web app", by_app.get("web").len());
//!
//!     let mut events = informer.subscribe();
//!     while let Some(event) = events.next().await {
//!         match event {
//!             Event::Added { object, .. } => println!("+ {}", object.key()),
//!             Event::Updated { new, .. } => println!("~ {}", new.key()),
//!             Event::Deleted { object, .. } => println!("- {}", object.key()),
//!             _ => {}
//! #           // The example ends here.
//!         }
//! #       informer.shutdown().await;
//!     }
//!     Ok(())
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! #     let client = kubekit_fake::ApiServer::new().client();
//! #     let mut map = ConfigMap::default();
//! #     map.metadata.name = Some("settings".into());
//! #     client.api::<ConfigMap, _>(kubekit_core::Namespace::new("default")).create(&map).await?;
//! #     follow(&client).await
//! # }
//! ```
//!
//! # What is not here yet
//!
//! Streaming lists, resync periods, factories of informers, metrics, and a compact form for cached objects.

mod informer;
mod lister;
mod store;

mod delta;
mod list_watch;
mod reflector;

pub use delta::{Delta, DeltaFifo, Replacement};
pub use informer::{
    Builder, Event, EventHandler, Freshness, InformerTask, Registration, SharedInformer,
    Subscription, SyncError, SyncErrorKind,
};
pub use list_watch::{ListWatch, ListWatchError, ListWatchErrorKind, WatchStream};
pub use lister::{Lister, NamespaceLister};
pub use reflector::{Effect, Input, Reflector, ReflectorConfig, ReflectorState, Step};
pub use store::{Cached, Edit, Index, Snapshot, Store};
