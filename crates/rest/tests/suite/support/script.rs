//! A transport that answers as it is told and remembers what it was asked.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use kubekit_rest::Body;
use parking_lot::Mutex;
use tokio::time::Instant;
use tower::Service;

/// Gives its answers in order and fails the test when it is asked once more.
#[derive(Clone, Default)]
pub(crate) struct Script {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    answers: VecDeque<Answer>,
    requests: Vec<Asked>,
}

/// A request as the transport saw it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) at: Instant,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The query parameters as they were sent, sorted as client-go sorts them.
    pub(crate) fn query(&self) -> String {
        let mut pairs: Vec<_> = self.uri.query().unwrap_or_default().split('&').collect();
        pairs.sort_unstable();
        pairs.join("&")
    }
}

pub(crate) enum Answer {
    Response(Response<Body>),
    /// The connection fails in this way.
    Failure(io::ErrorKind),
    /// There is no answer ever.
    Silence,
}

/// An answer with a JSON body.
pub(crate) fn json(status: u16, body: impl Into<String>) -> Answer {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = StatusCode::from_u16(status).expect("a status code");
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert("content-type", json);
    Answer::Response(response)
}

/// An answer whose body arrives in these pieces.
pub(crate) fn pieces<I>(pieces: I) -> Answer
where
    I: IntoIterator<Item = Result<&'static str, io::ErrorKind>>,
    I::IntoIter: Send + 'static,
{
    let frames = pieces.into_iter().map(|piece| match piece {
        Ok(text) => Ok(Frame::data(Bytes::from_static(text.as_bytes()))),
        Err(kind) => Err(io::Error::from(kind)),
    });
    Answer::Response(Response::new(Body::new(StreamBody::new(
        futures::stream::iter(frames),
    ))))
}

impl Answer {
    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        if let Self::Response(response) = &mut self {
            let value = http::HeaderValue::from_static(value);
            response.headers_mut().append(name, value);
        }
        self
    }
}

impl Script {
    pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let state = State {
            answers: answers.into_iter().collect(),
            requests: Vec::new(),
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Appends answers.
    pub(crate) fn extend(&self, answers: impl IntoIterator<Item = Answer>) {
        self.state.lock().answers.extend(answers);
    }

    /// Everything that was asked so far.
    pub(crate) fn requests(&self) -> Vec<Asked> {
        self.state.lock().requests.clone()
    }

    /// The one request that was made.
    pub(crate) fn only_request(&self) -> Asked {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "exactly one request");
        requests.remove(0)
    }

    /// The time between each request and the one before.
    pub(crate) fn gaps(&self) -> Vec<Duration> {
        let requests = self.requests();
        requests
            .windows(2)
            .map(|pair| pair[1].at - pair[0].at)
            .collect()
    }
}

impl Service<Request<Body>> for Script {
    type Response = Response<Body>;
    type Error = io::Error;
    type Future = BoxFuture<'static, Result<Response<Body>, io::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let state = Arc::clone(&self.state);
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = body.collect().await.expect("a body in memory").to_bytes();
            let answer = {
                let mut state = state.lock();
                state.requests.push(Asked {
                    at: Instant::now(),
                    method: head.method,
                    uri: head.uri,
                    headers: head.headers,
                    body,
                });
                state.answers.pop_front().expect("an answer in the script")
            };
            match answer {
                Answer::Response(response) => Ok(response),
                Answer::Failure(kind) => Err(kind.into()),
                Answer::Silence => std::future::pending().await,
            }
        })
    }
}
