//! What the API server does not answer itself but passes on to a node, or to what runs there: logs, sessions and proxies.
//!
//! There are no nodes here. A test supplies handlers that answer in their place; without a handler the answer is that of a node which
//! cannot be reached.

mod backends;
mod container;
mod handshake;
mod log;
mod node;
mod proxy;
mod session;

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};

use crate::failure::{self, Failure};
use crate::http::{Body, Query};
use crate::object::Object;
use crate::registry::Resource;
use crate::world::World;

pub(crate) use backends::{Backends, sessions};
pub use log::{LogStream, PodLog};
pub use proxy::Proxied;
pub use session::{PodConnection, PodSession};

/// A request that is passed on.
#[derive(Debug)]
pub(crate) struct Passage<'a> {
    pub(crate) world: &'a Arc<World>,
    pub(crate) resource: Arc<Resource>,
    pub(crate) subresource: String,
    /// Empty for objects of the cluster.
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) head: &'a Parts,
    pub(crate) query: &'a Query,
}

/// Whether requests to a subresource are passed on. A proxy has a path behind it.
pub(crate) fn is_passed_on(subresource: &str) -> bool {
    let name = subresource.split('/').next().unwrap_or("");
    matches!(name, "attach" | "exec" | "log" | "portforward" | "proxy")
}

/// Passes a request on.
///
/// # Errors
///
/// Fails with what the API server says of objects that do not exist or that nothing can be asked of, and what handlers refuse.
pub(crate) async fn serve(
    passage: Passage<'_>,
    body: impl AsyncFnOnce() -> Result<Bytes, Failure>,
) -> Result<Response<Body>, Failure> {
    match passage.subresource.as_str() {
        "log" => log::serve(&passage),
        "attach" | "exec" | "portforward" => session::serve(&passage),
        _ => {
            let request = request(passage.head, body().await?);
            proxy::serve(&passage, request).await
        }
    }
}

impl Passage<'_> {
    /// The object of this name beside the request's own.
    fn object(&self, name: &str) -> Result<Object, Failure> {
        let key = match self.namespace.as_str() {
            "" => name.to_owned(),
            namespace => format!("{namespace}/{name}"),
        };
        let found = self.world.store.get(&self.resource.storage, &key);
        found.ok_or_else(|| failure::not_found(&self.resource, name))
    }

    fn backends(&self) -> &Backends {
        &self.world.settings.backends
    }
}

/// A request as it came, without what belongs to the connection it came on.
fn request<T>(head: &Parts, body: T) -> Request<T> {
    let mut request = Request::new(body);
    request.method_mut().clone_from(&head.method);
    request.uri_mut().clone_from(&head.uri);
    request.headers_mut().clone_from(&head.headers);
    request
}
