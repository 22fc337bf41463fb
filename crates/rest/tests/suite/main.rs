//! The client against scripted services and scripted servers on real sockets.

mod support;

mod api;
mod auth;
mod builder;
mod client;
mod compression;
mod errors;
mod http2;
mod impersonation;
mod pages;
mod requests;
mod retry;
mod retry_policy;
mod sockets;
mod throttling;
mod timeouts;
mod tls;
mod warnings;
mod watch;
