//! A server that answers from a script and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use kubekit_cache::{ListWatch, ListWatchError, ListWatchErrorKind, WatchStream};
use kubekit_core::{
    Bookmark, ListOptions, ObjectList, Status, StatusReason, Undecodable, WatchEvent, WatchOptions,
};
use parking_lot::Mutex;
use tokio::time::Instant;

use super::thing::Thing;

/// Answers requests in the order of the script; when that has ended, requests are never answered.
#[derive(Clone)]
pub(crate) struct Script {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    replies: VecDeque<Reply>,
    requests: Vec<Request>,
    start: Instant,
}

pub(crate) enum Reply {
    List(Result<ObjectList<Thing>, ListWatchError>),
    Watch(Result<Vec<Frame>, ListWatchError>),
    Hang,
}

/// A part of a watch. After the last one the stream ends.
pub(crate) enum Frame {
    Event(Box<WatchEvent<Thing>>),
    Fail(ListWatchError),
    Pause(Duration),
    Hang,
}

/// A request as it came: when, and its query without the server's timeout.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) at: Duration,
    pub(crate) query: String,
}

impl Script {
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self {
            inner: Arc::new(Mutex::new(Inner {
                replies: replies.into_iter().collect(),
                requests: Vec::new(),
                start: Instant::now(),
            })),
        }
    }

    pub(crate) fn queries(&self) -> Vec<String> {
        self.requests()
            .into_iter()
            .map(|request| request.query)
            .collect()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.inner.lock().requests.clone()
    }

    /// How long each request came after the one before.
    pub(crate) fn gaps(&self) -> Vec<Duration> {
        self.requests()
            .windows(2)
            .map(|pair| pair[1].at - pair[0].at)
            .collect()
    }

    fn next(&self, query: &str) -> Reply {
        let mut inner = self.inner.lock();
        let query = query
            .split('&')
            .filter(|pair| !pair.starts_with("timeoutSeconds="));
        let request = Request {
            at: inner.start.elapsed(),
            query: query.collect::<Vec<_>>().join("&"),
        };
        inner.requests.push(request);
        inner.replies.pop_front().unwrap_or(Reply::Hang)
    }
}

impl ListWatch<Thing> for Script {
    fn list(
        &self,
        options: ListOptions,
    ) -> BoxFuture<'_, Result<ObjectList<Thing>, ListWatchError>> {
        match self.next(&options.query().to_string()) {
            Reply::List(answer) => async { answer }.boxed(),
            Reply::Watch(_) => panic!(
                "the script expects a watch, but there came a list: {:?}",
                self.queries()
            ),
            Reply::Hang => std::future::pending().boxed(),
        }
    }

    fn watch(
        &self,
        options: WatchOptions,
    ) -> BoxFuture<'_, Result<WatchStream<Thing>, ListWatchError>> {
        match self.next(&options.query().to_string()) {
            Reply::Watch(answer) => async { Ok(frames(answer?)) }.boxed(),
            Reply::List(_) => panic!(
                "the script expects a list, but there came a watch: {:?}",
                self.queries()
            ),
            Reply::Hang => std::future::pending().boxed(),
        }
    }
}

fn frames(frames: Vec<Frame>) -> WatchStream<Thing> {
    stream::iter(frames)
        .filter_map(|frame| async {
            match frame {
                Frame::Event(event) => Some(Ok(*event)),
                Frame::Fail(error) => Some(Err(error)),
                Frame::Pause(pause) => {
                    tokio::time::sleep(pause).await;
                    None
                }
                Frame::Hang => std::future::pending().await,
            }
        })
        .boxed()
}

/// A complete list.
pub(crate) fn list(version: u64, items: impl IntoIterator<Item = Thing>) -> Reply {
    Reply::List(Ok(page(version, None, items)))
}

pub(crate) fn page(
    version: u64,
    token: Option<&str>,
    items: impl IntoIterator<Item = Thing>,
) -> ObjectList<Thing> {
    ObjectList {
        metadata: ListMeta {
            resource_version: Some(version.to_string()),
            continue_: token.map(Into::into),
            ..ListMeta::default()
        },
        items: items.into_iter().collect(),
        undecodable: Vec::new(),
    }
}

pub(crate) fn with_undecodable(
    mut page: ObjectList<Thing>,
    items: impl IntoIterator<Item = Undecodable>,
) -> Reply {
    page.undecodable.extend(items);
    Reply::List(Ok(page))
}

pub(crate) fn watch(frames: impl IntoIterator<Item = Frame>) -> Reply {
    Reply::Watch(Ok(frames.into_iter().collect()))
}

pub(crate) fn list_fails(error: ListWatchError) -> Reply {
    Reply::List(Err(error))
}

pub(crate) fn watch_fails(error: ListWatchError) -> Reply {
    Reply::Watch(Err(error))
}

pub(crate) fn event(event: WatchEvent<Thing>) -> Frame {
    Frame::Event(Box::new(event))
}

pub(crate) fn added(thing: Thing) -> Frame {
    event(WatchEvent::Added(thing))
}

pub(crate) fn modified(thing: Thing) -> Frame {
    event(WatchEvent::Modified(thing))
}

pub(crate) fn deleted(thing: Thing) -> Frame {
    event(WatchEvent::Deleted(thing))
}

pub(crate) fn bookmark(version: u64) -> Frame {
    event(WatchEvent::Bookmark(Bookmark {
        resource_version: version.into(),
        initial_events_end: false,
    }))
}

/// An error event in the stream.
pub(crate) fn error_event(status: Status) -> Frame {
    event(WatchEvent::Error(Box::new(status)))
}

pub(crate) fn expired() -> Status {
    Status::failure(410, StatusReason::Expired, "too old resource version")
}

pub(crate) fn status(code: u16) -> Status {
    let reason = match code {
        400 => StatusReason::BadRequest,
        401 => StatusReason::Unauthorized,
        403 => StatusReason::Forbidden,
        404 => StatusReason::NotFound,
        410 => StatusReason::Expired,
        422 => StatusReason::Invalid,
        429 => StatusReason::TooManyRequests,
        500 => StatusReason::InternalError,
        503 => StatusReason::ServiceUnavailable,
        504 => StatusReason::Timeout,
        _ => StatusReason::default(),
    };
    Status::failure(code, reason, "scripted")
}

pub(crate) fn refused() -> ListWatchError {
    ListWatchError::new(ListWatchErrorKind::Connection, "connection refused")
}
