//! An embedded Kubernetes API server, in process or on a socket, for tests and for running controllers without a cluster.
//!
//! [`ApiServer`] answers like kube-apiserver: one store with one revision counter, optimistic concurrency, consistent paging, watches
//! with bookmarks, finalizers, namespaces, custom resource definitions, discovery, and failures in the API server's own words. Every
//! client sees the same world, whatever language it is written in.
//!
//! # Examples
//!
//! A stale update is refused, as in a real cluster:
//!
//! ```
//! use http::{Method, Request, StatusCode};
//! use http_body_util::{BodyExt, Full};
//! use kubekit_fake::ApiServer;
//! use serde_json::{Value, json};
//! use tower::ServiceExt;
//!
//! async fn call(server: &ApiServer, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
//!     let request = Request::builder()
//!         .method(method)
//!         .uri(path)
//!         .header("content-type", "application/json")
//!         .body(Full::from(body.to_string()))
//!         .unwrap();
//!     let response = server.clone().oneshot(request).await.unwrap();
//!     let status = response.status();
//!     let bytes = response.collect().await.unwrap().to_bytes();
//!     (status, serde_json::from_slice(&bytes).unwrap())
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let server = ApiServer::new();
//! let path = "/api/v1/namespaces/default/configmaps";
//! let (code, mut map) = call(&server, Method::POST, path, json!({"metadata": {"name": "a"}})).await;
//! assert_eq!(code, 201);
//!
//! map["data"] = json!({"color": "blue"});
//! let path = format!("{path}/a");
//! let (code, _) = call(&server, Method::PUT, &path, map.clone()).await;
//! assert_eq!(code, 200);
//!
//! map["data"] = json!({"color": "red"}); // still based on the first version
//! let (code, status) = call(&server, Method::PUT, &path, map).await;
//! assert_eq!(code, 409);
//! assert_eq!(status["reason"], "Conflict");
//! # }
//! ```
//!
//! # Access
//!
//! Everybody is the administrator, until the server knows tokens ([`ApiServerBuilder::tokens`]) or client certificates ([`Tls::client_ca`]), and
//! is told to look at access rules ([`AuthorizationMode::Rbac`]). A test of what a controller may do needs no credentials:
//!
//! ```
//! use k8s_openapi::api::core::v1::ConfigMap;
//! use kubekit_core::AllNamespaces;
//! use kubekit_fake::{ApiServer, AuthorizationMode, User};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let server = ApiServer::builder().authorization_mode(AuthorizationMode::Rbac).build();
//! let controller = server.acting_as(User::service_account("default", "controller"));
//! let refused = controller.client().api::<ConfigMap, _>(AllNamespaces).list().await;
//! assert!(refused.unwrap_err().is_forbidden());
//! # }
//! ```
//!
//! # Modules
//!
//! A request comes in through `http` (or `listen`), is let in by `access`, becomes a `request::ApiRequest`, is carried out by `verbs` on the
//! `store`, and the `answer::Answer` goes back out; what a node would answer is passed on by `connect`. `registry` knows which resources there are,
//! `strategy` and `kinds` how they differ, `schema` the types of their fields, and `rules` what these may hold.

mod server;

mod client;
mod kubeconfig;
mod listen;

mod access;
mod answer;
mod discovery;
mod endpoints;
mod http;
mod json_path;
mod openapi;
mod protobuf;
mod request;

mod action;
mod faults;
mod hook;
mod intercept;
mod reactor;
mod requests;
mod snapshot;

mod collector;
mod kubelet;
mod workloads;

mod cel;
mod crd;
mod formats;
mod kinds;
mod pattern;
mod registry;
mod rules;
mod strategy;

mod binding;
mod connect;
mod conversion;
mod deprecation;
mod eviction;
mod failure;
mod fields;
mod meta;
mod namespaces;
mod patch;
mod scale;
mod schema;
mod selectors;
mod strict;
mod verbs;
mod watch;

mod allocations;
mod clock;
mod ids;
mod object;
mod store;
mod world;
mod x509;

pub use crate::http::{Body, Verb};
pub use access::{
    Attributes, AuthorizationMode, Authorizer, Decision, ResourceTarget, Target, TokenTable,
    TokenTableError, UnknownAuthorizationMode, User,
};
pub use action::Action;
pub use clock::Clock;
pub use connect::{LogStream, PodConnection, PodLog, PodSession, Proxied};
pub use faults::{Disconnected, Fault};
pub use hook::Hook;
pub use listen::{Listening, Tls};
pub use reactor::{Attempt, Outcome, Reaction};
pub use requests::Requests;
pub use server::{ApiServer, ApiServerBuilder, ResponseFuture};
pub use snapshot::Snapshot;

#[cfg(doctest)]
#[doc = include_str!("../docs/testing.md")]
struct Testing;
