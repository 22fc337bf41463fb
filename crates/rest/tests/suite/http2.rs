//! HTTP/2: many requests on few connections, and a dead connection that is noticed.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::future::join_all;
use http::{Request, Response};
use http_body::Frame;
use http_body_util::StreamBody;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use k8s_openapi::api::core::v1::ConfigMap;
use kubekit_config::{Config, Tls};
use kubekit_core::Namespace;
use kubekit_rest::{Api, Body, RestClient};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::support::pki::{Authority, acceptor};
use crate::support::server::{listen, url};

const EVENT: &[u8] = br#"{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"1"}}}"#;

/// What a test knows and wants of its server.
#[derive(Default)]
struct Control {
    connections: AtomicUsize,
    open_watches: AtomicUsize,
    watch_closed: Notify,
    /// From then on the server does nothing any more, and closes nothing either.
    freeze: Notify,
}

/// Counts a watch for as long as its body is there.
struct OpenWatch(Arc<Control>);

impl Drop for OpenWatch {
    fn drop(&mut self) {
        self.0.open_watches.fetch_sub(1, Ordering::SeqCst);
        self.0.watch_closed.notify_one();
    }
}

fn answer(request: &Request<Incoming>, control: &Arc<Control>) -> Response<Body> {
    let is_watch = request
        .uri()
        .query()
        .is_some_and(|query| query.contains("watch=true"));
    if !is_watch {
        return Response::new(Body::from("{}"));
    }
    control.open_watches.fetch_add(1, Ordering::SeqCst);
    let open = OpenWatch(Arc::clone(control));
    let event =
        futures::stream::iter([Ok::<_, Infallible>(Frame::data(Bytes::from_static(EVENT)))]);
    let silence = futures::stream::once(async move {
        let _open = open;
        std::future::pending().await
    });
    Response::new(Body::new(StreamBody::new(event.chain(silence))))
}

/// Starts a server that answers watches with one event and then nothing, and everything else at once.
async fn server() -> (RestClient, Arc<Control>) {
    let (listener, address) = listen().await;
    let authority = Authority::new("ca");
    let acceptor = acceptor(&authority.sign("server", &["localhost"]), &["h2"]);
    let control = Arc::new(Control::default());
    let shared = Arc::clone(&control);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, control) = (acceptor.clone(), Arc::clone(&shared));
            control.connections.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let stream = acceptor.accept(stream).await.expect("a handshake");
                let served = Arc::clone(&control);
                let service = service_fn(move |request| {
                    let answer = answer(&request, &served);
                    async { Ok::<_, Infallible>(answer) }
                });
                let server = auto::Builder::new(TokioExecutor::new());
                let mut connection =
                    std::pin::pin!(server.serve_connection(TokioIo::new(stream), service));
                tokio::select! {
                    _ = &mut connection => {}
                    () = control.freeze.notified() => std::future::pending().await,
                }
            });
        }
    });
    let config =
        Config::new(url("https", "localhost", address)).tls(Tls::new().ca(authority.pem()));
    (RestClient::new(&config).expect("a client"), control)
}

fn maps(client: &RestClient) -> Api<ConfigMap, Namespace> {
    client.api(Namespace::new("shop"))
}

#[tokio::test]
async fn many_watches_and_requests_share_two_connections() {
    let (client, control) = server().await;
    client.get("/version").bytes().await.expect("an answer");
    let first = maps(&client).watch().await.expect("a watch");

    let watches = join_all((0..50).map(|_| maps(&client).watch().into_future())).await;
    let answers = join_all((0..50).map(|_| client.get("/version").bytes())).await;
    assert!(watches.iter().all(Result::is_ok) && answers.iter().all(Result::is_ok));
    assert_eq!(control.open_watches.load(Ordering::SeqCst), 51);
    assert_eq!(control.connections.load(Ordering::SeqCst), 2);
    drop(first);
}

#[tokio::test]
async fn dropping_a_watch_ends_it_and_leaves_its_neighbours() {
    let (client, control) = server().await;
    let dropped = maps(&client).watch().await.expect("a watch");
    let mut kept = maps(&client).watch().await.expect("a watch");
    drop(dropped);
    tokio::time::timeout(Duration::from_secs(10), control.watch_closed.notified())
        .await
        .expect("the server learns of it");
    assert_eq!(control.open_watches.load(Ordering::SeqCst), 1);
    assert!(kept.next().await.expect("an event").is_ok());
}

#[tokio::test]
async fn a_connection_that_is_dead_is_noticed_within_fifteen_seconds() {
    let (client, control) = server().await;
    let mut watch = maps(&client).watch().await.expect("a watch");
    assert!(watch.next().await.expect("an event").is_ok());
    control.freeze.notify_waiters();
    tokio::task::yield_now().await;

    tokio::time::pause();
    let frozen = Instant::now();
    let next = tokio::time::timeout(Duration::from_secs(60), watch.next()).await;
    let error = next
        .expect("a deadline")
        .expect("an item")
        .expect_err("no pong");
    assert!(error.is_connection_lost(), "{error}");
    assert!(
        frozen.elapsed() <= Duration::from_secs(16),
        "{:?}",
        frozen.elapsed()
    );
}
