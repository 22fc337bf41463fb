//! Serving on a socket.

mod body;
mod tasks;

use std::error::Error as StdError;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::{Service, ServiceExt};

use self::body::UntilShutdown;
use self::tasks::Tasks;
use crate::kubeconfig;

/// How long a graceful shutdown waits for answers that clients are still reading.
const DRAIN: Duration = Duration::from_secs(5);

/// How long to wait before accepting again when the process has run out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A server that listens on a socket, until this handle is shut down or dropped.
///
/// The socket speaks HTTP/1.1 and HTTP/2 with prior knowledge, both without TLS, and everyone who can reach it is an
/// administrator. Bind it to the loopback interface.
///
/// Dropping the handle stops at once: connections are cut wherever they are. [`shutdown`](Self::shutdown) is the polite
/// way. In both cases no task that the server started outlives it for longer than it takes to wake up.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    url: String,
    shutdown: CancellationToken,
    tasks: Tasks,
}

impl Listening {
    /// Binds `address` (port 0 takes a free one) and answers requests with clones of `service`.
    ///
    /// # Errors
    ///
    /// What binding the socket returns: the address is in use, or may not be bound.
    pub(crate) async fn bind<S, B>(service: S, address: SocketAddr) -> io::Result<Self>
    where
        S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<Box<dyn StdError + Send + Sync>>,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let shutdown = CancellationToken::new();
        let tasks = Tasks::default();
        tasks.spawn(accept(listener, service, shutdown.clone(), tasks.clone()));
        Ok(Self {
            address,
            url: format!("http://{address}"),
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
        &self.url
    }

    /// Returns a kubeconfig for this server, as YAML.
    #[must_use]
    pub fn kubeconfig(&self) -> String {
        kubeconfig::render(&self.url)
    }

    /// Writes [`kubeconfig`](Self::kubeconfig) to a file that only its owner can read, replacing what was there.
    ///
    /// The file appears whole: who waits for it never reads half of it. This blocks for the time of a small write.
    ///
    /// # Errors
    ///
    /// What creating or renaming the file returns.
    pub fn write_kubeconfig(&self, path: impl AsRef<Path>) -> io::Result<()> {
        kubeconfig::write(&self.url, path.as_ref())
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

async fn accept<S, B>(listener: TcpListener, service: S, shutdown: CancellationToken, tasks: Tasks)
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    while let Some(accepted) = shutdown.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, _)) => tasks.spawn(serve(
                stream,
                service.clone(),
                shutdown.clone(),
                tasks.clone(),
            )),
            Err(error) => {
                tracing::debug!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve<S, B>(stream: TcpStream, service: S, shutdown: CancellationToken, tasks: Tasks)
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    // Watch events are small and must not wait for each other.
    let _ = stream.set_nodelay(true);
    let ends = shutdown.clone();
    let service = service.map_response(move |response: Response<B>| {
        response.map(|body| UntilShutdown::new(body, &ends))
    });
    let server = auto::Builder::new(tasks);
    let mut connection =
        std::pin::pin!(server.serve_connection_with_upgrades(
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
