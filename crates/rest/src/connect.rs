//! The connections to the server.

mod connector;
mod tls;
mod verifier;

use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kubekit_config::Tls;
use tower::Service;

use crate::Body;
use crate::connect::connector::ConnectTimeout;
use crate::error::Kind;

/// How long an HTTP/2 connection may be silent before the server is pinged.
const PING_AFTER: Duration = Duration::from_secs(10);
/// How long the server may take to answer a ping before the connection is given up.
const PONG_WITHIN: Duration = Duration::from_secs(5);
/// How long a connection that is not used is kept.
const IDLE: Duration = Duration::from_secs(90);
/// How many of them are kept, if they are HTTP/1.1, of which one is needed for each request under way.
const MAX_IDLE: usize = 25;

/// Says which connections a request travels on, in its extensions. Requests without one travel on [`Lane::Requests`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Requests that end.
    #[default]
    Requests,
    /// Watches, which would use up the streams that a server allows on one connection.
    Watches,
}

/// The default transport: pools of HTTP/2 or HTTP/1.1 connections, one for each lane.
///
/// The server chooses the protocol by ALPN; without TLS it is HTTP/1.1. HTTP/2 connections are pinged while a request is
/// under way on them, so that one that is dead is noticed within 15 s.
#[derive(Clone, Debug)]
pub(crate) struct Connections {
    requests: HyperClient,
    watches: HyperClient,
}

type HyperClient = Client<ConnectTimeout<HttpsConnector<HttpConnector>>, Body>;

impl Connections {
    /// Prepares connections to a server; none is made before the first request.
    pub(crate) fn new(server: &Uri, tls: &Tls, connect_timeout: Duration) -> Result<Self, Kind> {
        let connector = connector::connector(server, tls, connect_timeout)?;
        Ok(Self {
            requests: client(connector.clone()),
            watches: client(connector),
        })
    }
}

impl Service<Request<Body>> for Connections {
    type Response = Response<Incoming>;
    type Error = legacy::Error;
    type Future = legacy::ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), legacy::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let lane = request.extensions().get::<Lane>().copied();
        match lane.unwrap_or_default() {
            Lane::Requests => self.requests.request(request),
            Lane::Watches => self.watches.request(request),
        }
    }
}

fn client(connector: ConnectTimeout<HttpsConnector<HttpConnector>>) -> HyperClient {
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(MAX_IDLE)
        .http2_keep_alive_interval(PING_AFTER)
        .http2_keep_alive_timeout(PONG_WITHIN)
        .build(connector)
}
