//! What answers in place of nodes.

use std::sync::Arc;

use futures::future::BoxFuture;
use http::Response;
use kubekit_core::Status;

use super::ApiServerBuilder;
use crate::connect::{self, PodLog, PodSession, Proxied};
use crate::http::Body;

impl ApiServerBuilder {
    /// Answers for the logs of containers, as a kubelet does; with an error, the client gets that. Default: pods on no node have no log,
    /// and nodes cannot be reached.
    ///
    /// The handler is asked about every pod that exists, whether or not it is on a node.
    ///
    /// # Examples
    ///
    /// ```
    /// use kubekit_fake::{ApiServer, Body};
    ///
    /// let server = ApiServer::builder()
    ///     .pod_logs(|log| Ok(Body::from(format!("hello from {}\n", log.container))))
    ///     .build();
    /// # let _ = server;
    /// ```
    pub fn pod_logs(
        mut self,
        handler: impl Fn(PodLog) -> Result<Body, Box<Status>> + Send + Sync + 'static,
    ) -> Self {
        self.settings.backends.logs = Some(Arc::new(handler));
        self
    }

    /// Runs commands in containers, as a kubelet does. Sessions need a socket: see [`listen`](crate::ApiServer::listen). They are cut when it
    /// shuts down. Default: pods on no node are refused, and nodes cannot be reached.
    ///
    /// # Examples
    ///
    /// ```
    /// use kubekit_fake::{ApiServer, PodSession};
    /// use tokio::io::AsyncWriteExt;
    ///
    /// let server = ApiServer::builder()
    ///     .pod_exec(|mut session: PodSession| async move {
    ///         // A final frame of WebSocket: two bytes on channel 1, which is the standard output.
    ///         let _ = session.connection.write_all(&[0x82, 3, 1, b'o', b'k']).await;
    ///     })
    ///     .build();
    /// # let _ = server;
    /// ```
    pub fn pod_exec<F>(mut self, handler: impl Fn(PodSession) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.settings.backends.exec = Some(connect::sessions(handler));
        self
    }

    /// Attaches clients to what runs in containers, as [`pod_exec`](Self::pod_exec) runs commands in them.
    pub fn pod_attach<F>(
        mut self,
        handler: impl Fn(PodSession) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.settings.backends.attach = Some(connect::sessions(handler));
        self
    }

    /// Forwards ports of pods, as [`pod_exec`](Self::pod_exec) runs commands in them.
    pub fn pod_port_forward<F>(
        mut self,
        handler: impl Fn(PodSession) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.settings.backends.port_forward = Some(connect::sessions(handler));
        self
    }

    /// Answers what goes through the proxies of nodes, pods and services. Default: none of them can be reached.
    pub fn proxy<F>(mut self, handler: impl Fn(Proxied) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let handler =
            move |proxied| -> BoxFuture<'static, Response<Body>> { Box::pin(handler(proxied)) };
        self.settings.backends.proxy = Some(Arc::new(handler));
        self
    }
}
