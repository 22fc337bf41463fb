//! How configurations are found, merged, overridden and refused.

// Helpers are not test functions to clippy, but when they fail, so shall the test.
#![allow(clippy::unwrap_used)]

mod auth;
mod bombs;
mod in_cluster;
mod infer;
mod kubeconfig;
mod merge;
mod overrides;
mod paths;
mod refusals;
mod secrets;
mod server;
mod support;
