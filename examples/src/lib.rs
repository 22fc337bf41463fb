//! What the examples share: the `Website` kind, finding a cluster, reading manifests, and telling what happens.

pub mod cluster;
pub mod manifests;
pub mod narrator;
pub mod stand_in;
pub mod website;

// The code in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
