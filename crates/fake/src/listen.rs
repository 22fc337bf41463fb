//! Serving on a socket.

mod body;
mod sessions;
mod tasks;
mod tls;

use std::error::Error as StdError;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::{Service, ServiceExt};

use self::body::UntilShutdown;
use self::tasks::Tasks;
use self::tls::Acceptor;
use crate::access::Peer;
use crate::kubeconfig::Kubeconfig;

pub use self::tls::Tls;

pub(crate) use self::sessions::Sessions;

/// How long a graceful shutdown waits for answers that clients are still reading.
const DRAIN: Duration = Duration::from_secs(5);

/// How long a client may take to shake hands.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long to wait before accepting again when the process has run out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A server that listens on a socket, until this handle is shut down or dropped.
///
/// The socket speaks HTTP/1.1 and HTTP/2: with TLS as agreed in the handshake, without TLS by prior knowledge. Unless the server knows
/// tokens or client certificates, everyone who can reach it is an administrator. Bind it to the loopback interface.
///
/// Dropping the handle stops at once: connections are cut wherever they are. [`shutdown`](Self::shutdown) is the polite
/// way. In both cases no task that the server started outlives it for longer than it takes to wake up.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    kubeconfig: Kubeconfig,
    shutdown: CancellationToken,
    tasks: Tasks,
}

impl Listening {
    /// Binds `address` (port 0 takes a free one) and answers requests with clones of `service`. `token` is for the kubeconfig.
    ///
    /// # Errors
    ///
    /// What binding the socket returns: the address is in use, or may not be bound; and what is wrong with `tls`.
    pub(crate) async fn bind<S, B>(
        service: S,
        address: SocketAddr,
        tls: Option<&Tls>,
        token: Option<String>,
    ) -> io::Result<Self>
    where
        S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<Box<dyn StdError + Send + Sync>>,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        let socket = TcpListener::bind(address).await?;
        let address = socket.local_addr()?;
        let shutdown = CancellationToken::new();
        let tasks = Tasks::default();
        let acceptor = tls.map(|tls| Acceptor::new(tls, address)).transpose()?;
        let kubeconfig = match &acceptor {
            None => Kubeconfig::new(format!("http://{address}"), None, token),
            Some(acceptor) => {
                let authority = Some(Arc::clone(&acceptor.authority_pem));
                Kubeconfig::new(format!("https://{address}"), authority, token)
            }
        };
        let listener = Listener {
            service,
            acceptor,
            shutdown: shutdown.clone(),
            tasks: tasks.clone(),
        };
        tasks.spawn(listener.accept(socket));
        Ok(Self {
            address,
            kubeconfig,
            shutdown,
            tasks,
        })
    }

    /// Returns the address of the socket, with the port that was taken.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the URL of the server, without a slash at its end: `http://127.0.0.1:43211`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.kubeconfig.url()
    }

    /// Returns the certificate of the authority that has signed the server's own, in PEM; `None` without TLS.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.kubeconfig.authority_pem()
    }

    /// Returns a kubeconfig for this server, as YAML. It has the authority of the server's certificate, and the first token of somebody
    /// in `system:masters`, if there are any.
    #[must_use]
    pub fn kubeconfig(&self) -> String {
        self.kubeconfig.render()
    }

    /// Writes [`kubeconfig`](Self::kubeconfig) to a file that only its owner can read, replacing what was there.
    ///
    /// The file appears whole: who waits for it never reads half of it. This blocks for the time of a small write.
    ///
    /// # Errors
    ///
    /// What creating or renaming the file returns.
    pub fn write_kubeconfig(&self, path: impl AsRef<Path>) -> io::Result<()> {
        self.kubeconfig.write(path.as_ref())
    }

    /// Stops listening, ends every watch as the API server ends them (the stream closes properly, clients resume
    /// elsewhere), lets other answers finish for up to five seconds, and returns when the last task is gone.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future cuts what is left, as dropping the handle does.
    pub async fn shutdown(self) {
        self.shutdown.cancel();
        if tokio::time::timeout(DRAIN, self.tasks.finished())
            .await
            .is_err()
        {
            tracing::debug!(address = %self.address, "cutting connections that did not finish in time");
        }
        self.tasks.abort();
        self.tasks.finished().await;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.shutdown.cancel();
        self.tasks.abort();
    }
}

/// What every connection needs.
#[derive(Clone)]
struct Listener<S> {
    service: S,
    acceptor: Option<Acceptor>,
    shutdown: CancellationToken,
    tasks: Tasks,
}

impl<S, B> Listener<S>
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    async fn accept(self, socket: TcpListener) {
        while let Some(accepted) = self.shutdown.run_until_cancelled(socket.accept()).await {
            match accepted {
                Ok((stream, _)) => self.tasks.spawn(self.clone().greet(stream)),
                Err(error) => {
                    tracing::debug!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    /// Shakes hands, if that is the custom, and serves the connection to its end.
    async fn greet(self, stream: TcpStream) {
        // Watch events are small and must not wait for each other.
        let _ = stream.set_nodelay(true);
        let Some(acceptor) = &self.acceptor else {
            return self.serve(stream, None).await;
        };
        let handshake = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream));
        match self.shutdown.run_until_cancelled(handshake).await {
            Some(Ok(Ok((stream, peer)))) => self.serve(stream, peer).await,
            Some(Ok(Err(error))) => tracing::debug!(%error, "a handshake failed"),
            Some(Err(_)) | None => tracing::debug!("a handshake took too long"),
        }
    }

    async fn serve<I>(self, stream: I, peer: Option<Peer>)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Listener {
            service,
            shutdown,
            tasks,
            ..
        } = self;
        let ends = shutdown.clone();
        let sessions = Sessions::new(&tasks, &shutdown);
        let service = service
            .map_request(move |mut request: Request<Incoming>| {
                if let Some(peer) = &peer {
                    request.extensions_mut().insert(peer.clone());
                }
                request.extensions_mut().insert(sessions.clone());
                request
            })
            .map_response(move |response: Response<B>| {
                response.map(|body| UntilShutdown::new(body, &ends))
            });
        let server = auto::Builder::new(tasks);
        let mut connection = std::pin::pin!(server.serve_connection_with_upgrades(
            TokioIo::new(stream),
            TowerToHyperService::new(service)
        ));
        let result = tokio::select! {
            result = connection.as_mut() => result,
            () = shutdown.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = result {
            tracing::debug!(error, "a connection ended early");
        }
    }
}
