//! Work queues for controllers: de-duplicating, delaying and rate limited.
//!
//! A controller turns events into keys, puts the keys into a [`WorkQueue`] and lets workers take them out. The queue keeps
//! the promises of client-go's `util/workqueue`, which level-triggered controllers are built on:
//!
//! * **Fair.** Keys are handed out in the order in which they were added.
//! * **Stingy.** A key that is added ten times before a worker takes it is handed out once.
//! * **One worker per key.** A key that is added while a worker has it is handed out once more, when that worker is done.
//! * **Any number of producers and workers.** A queue is a cheap handle; [`add`](WorkQueue::add) is an ordinary function
//!   that event handlers can call, [`get`](WorkQueue::get) is async and can be cancelled at any time.
//! * **Nothing in the background.** The queue spawns no task and keeps no timer of its own: whoever waits in `get` also waits
//!   for the next delayed key. When the handles are gone, everything is gone.
//!
//! What `get` returns is an [`Item`], a guard: dropping it marks the key as done, so "done" cannot be forgotten, not even by
//! a panic. An item can also be put back with a delay that grows from failure to failure ([`Item::retry`]), put back after
//! a given time ([`Item::retry_after`]), or be declared a success ([`Item::forget`]).
//!
//! The crate knows nothing about Kubernetes. A key is anything that is `Clone + Eq + Hash`; the queue keeps up to two
//! copies of a key, so let it be cheap to clone.
//!
//! # Examples
//!
//! Three workers, one key that fails at first, and a clean end:
//!
//! ```
//! use std::time::Duration;
//!
//! use kubekit_workqueue::{Item, WorkQueue};
//!
//! #[tokio::main]
//! async fn main() {
//!     let queue = WorkQueue::builder().name("websites").build();
//!     let workers: Vec<_> = (0..3).map(|_| tokio::spawn(work(queue.clone()))).collect();
//!
//!     // Usually an informer's event handlers do this.
//!     for key in ["default/blog", "default/shop", "default/blog"] {
//!         queue.add(key.to_owned());
//!     }
//!     // In earnest: until the process is asked to stop.
//!     tokio::time::sleep(Duration::from_millis(50)).await;
//!
//!     // Takes no more keys, waits for those that are queued or being worked on, and lets the workers end.
//!     queue.drain().await;
//!     for worker in workers {
//!         worker.await.expect("a worker does not panic");
//!     }
//!
//!     let stats = queue.stats();
//!     println!("{} adds, {} retries, waited {:?} on average", stats.adds, stats.retries, stats.queue_latency.mean());
//! }
//!
//! async fn work(queue: WorkQueue<String>) {
//!     while let Some(item) = queue.get().await {
//!         handle(item).await;
//!     }
//! }
//!
//! async fn handle(item: Item<String>) {
//!     match reconcile(item.key(), item.num_requeues()).await {
//!         Ok(()) => item.forget(),
//!         Err(error) => {
//!             let key = item.key().clone();
//!             let delay = item.retry();
//!             eprintln!("{key}: {error}, trying again in {delay:?}");
//!         }
//!     }
//! }
//!
//! async fn reconcile(key: &str, failures: u32) -> Result<(), &'static str> {
//!     if key == "default/shop" && failures == 0 { Err("the shop is closed") } else { Ok(()) }
//! }
//! ```
//!
//! # Where client-go's names went
//!
//! | client-go | here |
//! |---|---|
//! | `Add`, `AddAfter`, `AddRateLimited` | [`WorkQueue::add`], [`WorkQueue::add_after`], [`WorkQueue::add_rate_limited`] |
//! | `Get`, `Done` | [`WorkQueue::get`], dropping the [`Item`] |
//! | `Forget`, `NumRequeues` | [`WorkQueue::forget`], [`WorkQueue::num_requeues`], or the same on the [`Item`] |
//! | `ShutDown`, `ShutDownWithDrain`, `ShuttingDown` | [`WorkQueue::shut_down`], [`WorkQueue::drain`], [`WorkQueue::is_shutting_down`] |
//! | `Len`, the metrics provider | [`WorkQueue::len`], [`WorkQueue::stats`] |
//! | `DefaultTypedControllerRateLimiter` | [`ControllerRateLimiter::default`](ControllerRateLimiter) |
//! | `TypedItemExponentialFailureRateLimiter` | [`ItemExponential`] |
//! | `TypedBucketRateLimiter`, `TypedMaxOfRateLimiter` | [`TokenBucket`], [`MaxOf`] |

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod builder;
mod queue;

mod drain;
mod get;
mod item;

mod rate_limiter;
mod stats;

mod delayed;
mod fifo;
mod getters;
mod shrink;
mod state;
mod waiting;

pub use self::builder::Builder;
pub use self::item::Item;
pub use self::queue::WorkQueue;
pub use self::rate_limiter::{
    ControllerRateLimiter, ItemExponential, MaxOf, RateLimiter, TokenBucket,
};
pub use self::stats::{Stats, Timing};
