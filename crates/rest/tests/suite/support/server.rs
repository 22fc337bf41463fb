//! A server on a real socket that writes exactly the bytes it is told.

use std::net::SocketAddr;

use http::Uri;
use kubekit_config::Config;
use kubekit_rest::{RestClient, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Listens on a free port of the loopback interface.
pub(crate) async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

pub(crate) fn url(scheme: &str, host: &str, address: SocketAddr) -> Uri {
    format!("{scheme}://{host}:{}", address.port())
        .parse()
        .expect("a URL")
}

/// A client of a plain server that sends every request once.
pub(crate) fn client_once(address: SocketAddr) -> RestClient {
    RestClient::builder(&Config::new(url("http", "127.0.0.1", address)))
        .retry(RetryPolicy::never())
        .build()
        .expect("a client")
}

/// Accepts one connection and hands it over after the head of the first request.
pub(crate) fn serve_one<F, Fut, T>(listener: TcpListener, then: F) -> JoinHandle<T>
where
    F: FnOnce(TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = T> + Send,
    T: Send + 'static,
{
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        read_head(&mut stream).await;
        then(stream).await
    })
}

/// Reads a request without a body and returns it.
pub(crate) async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a whole request head"));
    }
    String::from_utf8(head).expect("a head in ASCII")
}

/// Writes the head of an answer in chunks.
pub(crate) async fn begin_chunked(stream: &mut TcpStream) {
    stream
        .write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        )
        .await
        .expect("a client that reads");
}

/// Writes one chunk and makes sure that it leaves on its own.
pub(crate) async fn chunk(stream: &mut TcpStream, data: &str) {
    let chunk = format!("{:x}\r\n{data}\r\n", data.len());
    stream
        .write_all(chunk.as_bytes())
        .await
        .expect("a client that reads");
    stream.flush().await.expect("a client that reads");
    tokio::task::yield_now().await;
}

/// Writes the last chunk.
pub(crate) async fn end_chunked(stream: &mut TcpStream) {
    stream
        .write_all(b"0\r\n\r\n")
        .await
        .expect("a client that reads");
}
