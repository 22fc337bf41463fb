//! Makes connections.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{FixedServerNameResolver, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use kubekit_config::Tls;
use rustls::pki_types::ServerName;
use tower::{BoxError, Service};

use crate::connect::tls::client_config;
use crate::error::Kind;

/// How long a TCP connection may be silent before the kernel probes it, and how far apart the probes are.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(15);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEPALIVE_PROBES: u32 = 3;
/// How long sent data may stay unacknowledged before a connection is given up, where the system can do that.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// Prepares a connector for a server. TLS material is read here, once; without TLS none is needed.
pub(super) fn connector(
    server: &Uri,
    tls: &Tls,
    timeout: Duration,
) -> Result<ConnectTimeout<HttpsConnector<HttpConnector>>, Kind> {
    let config = if server.scheme() == Some(&http::uri::Scheme::HTTPS) {
        client_config(tls)?
    } else {
        client_config(&Tls::new().insecure_skip_verify())?
    };
    let builder = HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_or_http();
    let builder = match &tls.server_name {
        None => builder,
        Some(name) => {
            let name = ServerName::try_from(name.clone())
                .map_err(|error| Kind::config_because("the TLS server name is no name", error))?;
            builder.with_server_name_resolver(FixedServerNameResolver::new(name))
        }
    };
    let inner = builder.enable_all_versions().wrap_connector(tcp());
    Ok(ConnectTimeout { inner, timeout })
}

fn tcp() -> HttpConnector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(KEEPALIVE_AFTER));
    tcp.set_keepalive_interval(Some(KEEPALIVE_INTERVAL));
    tcp.set_keepalive_retries(Some(KEEPALIVE_PROBES));
    #[cfg(target_os = "linux")]
    tcp.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
    tcp
}

/// Limits how long a connection may take to make, name resolution and TLS handshake included.
#[derive(Clone, Debug)]
pub(crate) struct ConnectTimeout<C> {
    inner: C,
    timeout: Duration,
}

impl<C> Service<Uri> for ConnectTimeout<C>
where
    C: Service<Uri, Error: Into<BoxError>, Future: Send + 'static>,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        let connecting = self.inner.call(server);
        let limit = self.timeout;
        Box::pin(async move {
            match tokio::time::timeout(limit, connecting).await {
                Ok(connection) => connection.map_err(Into::into),
                Err(_) => Err(TooSlow(limit).into()),
            }
        })
    }
}

#[derive(Debug)]
struct TooSlow(Duration);

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no connection was made within {:?}", self.0)
    }
}

impl std::error::Error for TooSlow {}
