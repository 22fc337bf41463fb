//! The HTTP client of the Kubernetes API: a tower stack, typed and dynamic requests, watches and paging.
//!
//! A [`RestClient`] is made from a [`Config`](kubekit_config::Config) and shared by clones. [`RestClient::api`] addresses the
//! objects of a kind in a scope; each verb of an [`Api`] is a request with its options as methods, sent by `.await`. A
//! [`Watch`] is a stream of events, [`Pages`] a stream of pages.
//!
//! What is safe to repeat is repeated as [`RetryPolicy`] says; what may have changed something is not. Every failure is an
//! [`Error`], which knows the request it belongs to.
//!
//! Not supported yet, and refused when a configuration asks for it: proxies, credential plugins and authentication providers.
//! Proxy variables of the environment are not looked at. Certificates are read when a client is made. Redirects are not
//! followed.
//!
//! # Examples
//!
//! A config map is created if it does not exist, and its changes are followed:
//!
//! ```no_run
//! use futures::StreamExt;
//! use k8s_openapi::api::core::v1::ConfigMap;
//! use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
//! use kubekit_config::Config;
//! use kubekit_core::{FieldSelector, Namespace, WatchEvent};
//! use kubekit_rest::{RestClient, user_agent};
//!
//! # async fn example(config: Config) -> Result<(), Box<dyn std::error::Error>> {
//! let client = RestClient::builder(&config)
//!     .user_agent(user_agent("painter", "1.0.0"))
//!     .build()?;
//! let maps = client.api::<ConfigMap, _>(Namespace::new("default"));
//!
//! let settings = ConfigMap {
//!     metadata: ObjectMeta { name: Some("settings".into()), ..Default::default() },
//!     ..Default::default()
//! };
//! match maps.create(&settings).await {
//!     Ok(_) => {}
//!     Err(error) if error.is_already_exists() => {}
//!     Err(error) => return Err(error.into()),
//! }
//!
//! let only_settings: FieldSelector = "metadata.name=settings".parse()?;
//! let mut watch = maps.watch().fields(only_settings).await?;
//! while let Some(event) = watch.next().await {
//!     match event? {
//!         WatchEvent::Added(map) | WatchEvent::Modified(map) => println!("{:?}", map.data),
//!         WatchEvent::Deleted(_) => break,
//!         _ => {}
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod client;
mod request;
mod request_info;

mod api;
mod watch;

mod body;
mod error;
mod retry_after;
mod transport_error;
mod user_agent;

pub mod retry;

mod connect;
mod stack;

pub use api::{
    Api, CallFuture, CreateRequest, DeleteCollectionRequest, DeleteRequest, Deletion, GetRequest,
    ListRequest, Page, Pages, PatchRequest, Subresource, UpdateRequest, WatchRequest,
};
pub use body::Body;
pub use client::{ClientBuilder, RestClient};
pub use error::Error;
pub use request::RequestBuilder;
pub use request_info::RequestInfo;
pub use retry::RetryPolicy;
pub use stack::warnings::Warning;
pub use user_agent::user_agent;
pub use watch::Watch;
