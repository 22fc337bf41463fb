//! Serving with TLS: with a certificate made for the occasion, and with certificates of clients.

mod certificate;
mod client;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use self::certificate::Serving;
use self::client::ClientCertificates;
use crate::access::Peer;

/// How a server is protected on a socket.
///
/// Its certificate is made when it begins to listen, is good for `localhost`, the names that an API server has within a cluster and the
/// address it listens on, and is signed by an authority that exists for this one listener.
///
/// # Examples
///
/// ```no_run
/// use kubekit_fake::{ApiServer, Tls};
///
/// # async fn f() -> std::io::Result<()> {
/// let authority = std::fs::read("clients.pem")?;
/// let tls = Tls::self_signed().client_ca(authority);
/// let listening = ApiServer::new().listen_with_tls(([127, 0, 0, 1], 0), &tls).await?;
/// println!("{}", listening.kubeconfig());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Tls {
    client_ca: Option<Vec<u8>>,
}

impl Tls {
    /// A certificate of its own, and no questions asked of clients.
    pub fn self_signed() -> Tls {
        Tls::default()
    }

    /// Knows users by client certificates that one of these authorities (PEM) has signed: kube-apiserver's `--client-ca-file`. The
    /// common name is the user, the organizations are the groups. Who shows no certificate and no token is then `system:anonymous`.
    /// Default: nobody is asked for a certificate.
    pub fn client_ca(mut self, pem: impl Into<Vec<u8>>) -> Tls {
        self.client_ca = Some(pem.into());
        self
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("client_ca", &self.client_ca.is_some())
            .finish()
    }
}

/// TLS made ready for one listener.
#[derive(Clone)]
pub(super) struct Acceptor {
    acceptor: TlsAcceptor,
    clients: Option<Arc<ClientCertificates>>,
    /// The authority of the server's certificate.
    pub(super) authority_pem: Arc<str>,
}

impl Acceptor {
    /// Makes a certificate for this address.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for client authorities that are none.
    pub(super) fn new(tls: &Tls, address: SocketAddr) -> io::Result<Self> {
        let clients = match &tls.client_ca {
            Some(pem) => Some(Arc::new(ClientCertificates::trusting(pem)?)),
            None => None,
        };
        let serving = Serving::generate(address).map_err(io::Error::other)?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?;
        let config = match &clients {
            Some(clients) => config.with_client_cert_verifier(Arc::clone(clients) as _),
            None => config.with_no_client_auth(),
        };
        let mut config = config
            .with_single_cert(vec![serving.certificate], serving.key)
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            clients,
            authority_pem: serving.authority_pem.into(),
        })
    }

    /// Shakes hands, and finds out who is there.
    pub(super) async fn accept(
        &self,
        stream: TcpStream,
    ) -> io::Result<(TlsStream<TcpStream>, Option<Peer>)> {
        let stream = self.acceptor.accept(stream).await?;
        let (_, session) = stream.get_ref();
        let clients = self.clients.as_ref();
        let peer = clients.map(|clients| clients.peer(session.peer_certificates()));
        Ok((stream, peer))
    }
}
