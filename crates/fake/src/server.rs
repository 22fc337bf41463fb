//! The server as its users hold it.

mod builder;
mod future;

use std::error::Error as StdError;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use tower::Service;

use crate::access::{Peer, User};
use crate::faults::Disconnected;
use crate::http::{self as protocol, Body};
use crate::listen::{Listening, Tls};
use crate::world::World;

pub use builder::ApiServerBuilder;
pub use future::ResponseFuture;

/// An embedded Kubernetes API server.
///
/// It is a [`tower::Service`] from HTTP requests to HTTP responses, so a client can be plugged onto it without a socket;
/// [`listen`](ApiServer::listen) puts it on one. Clones share the same objects. Dropping the last clone, the last connection and the
/// last watch drops the objects.
///
/// Requests never block: everything but a watch is answered as soon as its body is there.
///
/// # Examples
///
/// ```
/// use bytes::Bytes;
/// use http_body_util::{BodyExt, Full};
/// use kubekit_fake::ApiServer;
/// use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = ApiServer::builder().build();
///
/// let request = http::Request::get("/api/v1/namespaces/default").body(Full::<Bytes>::default())?;
/// let response = server.oneshot(request).await?;
/// assert_eq!(response.status(), 200);
///
/// let namespace: serde_json::Value = serde_json::from_slice(&response.collect().await?.to_bytes())?;
/// assert_eq!(namespace["status"]["phase"], "Active");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ApiServer {
    pub(crate) world: Arc<World>,
    /// Whose requests these are that are sent to this handle.
    user: Option<Arc<User>>,
}

impl ApiServer {
    /// Makes a server with the defaults of [`ApiServer::builder`].
    pub fn new() -> ApiServer {
        ApiServer::builder().build()
    }

    /// Begins to make a server.
    pub fn builder() -> ApiServerBuilder {
        ApiServerBuilder::default()
    }

    /// Returns a handle on the same server whose requests are all those of `user`, whatever credentials they have.
    ///
    /// # Examples
    ///
    /// ```
    /// use k8s_openapi::api::core::v1::Secret;
    /// use kubekit_core::Namespace;
    /// use kubekit_fake::{ApiServer, AuthorizationMode, User};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let server = ApiServer::builder().authorization_mode(AuthorizationMode::Rbac).build();
    ///
    /// let jane = server.acting_as(User::new("jane")).client();
    /// let refused = jane.api::<Secret, _>(Namespace::new("default")).list().await;
    /// assert!(refused.unwrap_err().is_forbidden());
    ///
    /// let admin = server.acting_as(User::admin()).client();
    /// assert!(admin.api::<Secret, _>(Namespace::new("default")).list().await.is_ok());
    /// # }
    /// ```
    pub fn acting_as(&self, user: User) -> ApiServer {
        ApiServer {
            world: Arc::clone(&self.world),
            user: Some(Arc::new(user)),
        }
    }

    /// Puts the server on a socket: `address` with port 0 takes a free port, which the handle knows.
    ///
    /// All sockets of a server and its clones show the same objects, as does the service itself.
    ///
    /// # Errors
    ///
    /// What binding the socket returns: the address is in use, or may not be bound.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is ready leaves nothing behind.
    ///
    /// # Examples
    ///
    /// ```
    /// use kubekit_fake::ApiServer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let listening = ApiServer::new().listen(([127, 0, 0, 1], 0)).await?;
    /// println!("kubectl --server {} get namespaces", listening.url());
    /// listening.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn listen(&self, address: impl Into<SocketAddr>) -> io::Result<Listening> {
        self.bind(address.into(), None).await
    }

    /// As [`listen`](ApiServer::listen), with TLS.
    ///
    /// # Errors
    ///
    /// What binding the socket returns, and `InvalidInput` for authorities of clients that are none.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is ready leaves nothing behind.
    ///
    /// # Examples
    ///
    /// ```
    /// use kubekit_fake::{ApiServer, Tls};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let listening = ApiServer::new()
    ///     .listen_with_tls(([127, 0, 0, 1], 0), &Tls::self_signed())
    ///     .await?;
    /// assert!(listening.url().starts_with("https://127.0.0.1:"));
    /// assert!(listening.kubeconfig().contains("certificate-authority-data"));
    /// listening.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn listen_with_tls(
        &self,
        address: impl Into<SocketAddr>,
        tls: &Tls,
    ) -> io::Result<Listening> {
        self.bind(address.into(), Some(tls)).await
    }

    async fn bind(&self, address: SocketAddr, tls: Option<&Tls>) -> io::Result<Listening> {
        let token = self.world.access.admin_token().map(str::to_owned);
        Listening::bind(self.clone(), address, tls, token).await
    }

    /// Returns the revision of the last write: the resource version of a list made now.
    pub fn revision(&self) -> u64 {
        self.world.store.revision()
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    /// Forgets all history, as etcd does from time to time: lists and watches from before now get 410 Expired.
    pub fn compact(&self) {
        self.world.store.compact(self.revision());
    }
}

impl Default for ApiServer {
    fn default() -> Self {
        ApiServer::new()
    }
}

impl<B> Service<Request<B>> for ApiServer
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Disconnected;
    type Future = ResponseFuture;

    /// Is always ready. The service fails only where a [`Fault`](crate::Fault) cuts the connection.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Disconnected>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> ResponseFuture {
        let world = Arc::clone(&self.world);
        if let Some(user) = &self.user {
            request
                .extensions_mut()
                .insert(Peer::User(Arc::clone(user)));
        }
        ResponseFuture::new(async move { protocol::answer(&world, request).await })
    }
}
