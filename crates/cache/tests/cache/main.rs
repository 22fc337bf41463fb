//! Tests of the cache through its public API, against scripted and simulated servers, with the paused clock.

mod cancellation;
mod delta_fifo;
mod faults;
mod handlers;
mod informer;
mod model;
mod reflector;
mod store;
mod support;
mod sync;
