//! Tests of the cache through its public API, against scripted and simulated servers, with the paused clock.

// Helpers of tests fail as tests do; clippy's leave to unwrap covers the test functions only.
#![allow(clippy::unwrap_used)]

mod cancellation;
mod delta_fifo;
mod faults;
mod handlers;
mod informer;
mod model;
mod reflector;
mod server;
mod store;
mod support;
mod sync;
