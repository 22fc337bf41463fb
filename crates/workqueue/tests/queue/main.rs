//! The behaviour of the queue, seen through its public interface.

mod concurrency;
mod delays;
mod fifo;
mod getters;
mod limiters;
mod model;
mod schedules;
mod shutdown;
mod stats;
mod support;
