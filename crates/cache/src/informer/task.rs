//! The loop of an informer: does what the reflector asks for and feeds what comes of it to the cache.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_core::{ListOptions, ObjectList, WatchEvent, WatchOptions};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout_at};

use super::hub::Source;
use super::intake::Intake;
use super::shared::Shared;
use super::sync::Progress;
use crate::list_watch::{ListWatch, ListWatchError, ListWatchErrorKind, WatchStream};
use crate::reflector::{Effect, Input, Reflector, Step};

/// The most events that one change of the store takes in.
const BATCH: usize = 512;

/// The work of an informer, to be awaited or spawned; made by [`Builder::build`](super::Builder::build).
///
/// It ends when the informer is stopped. Dropping it at any moment stops the informer as well: handlers' streams end, and what
/// readers see stays as it is.
#[must_use = "an informer does nothing unless its task is spawned or awaited"]
pub struct InformerTask {
    /// `None` once it has ended, so that all it held is released even if this is kept.
    future: Option<BoxFuture<'static, ()>>,
}

impl Future for InformerTask {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(future) = &mut self.future {
            ready!(future.as_mut().poll(cx));
            self.future = None;
        }
        Poll::Ready(())
    }
}

impl fmt::Debug for InformerTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InformerTask").finish_non_exhaustive()
    }
}

impl InformerTask {
    pub(super) fn new<K>(driver: Driver<K>) -> Self
    where
        K: Metadata<Ty = ObjectMeta> + Send + Sync + 'static,
    {
        let tasks = driver.shared.tasks.clone();
        Self {
            future: Some(tasks.track_future(driver.run()).boxed()),
        }
    }
}

/// Is told of failed lists and watches.
pub(super) type OnError = Box<dyn FnMut(&ListWatchError) + Send>;

pub(super) struct Driver<K> {
    pub(super) shared: Arc<Shared<K>>,
    pub(super) list_watch: Box<dyn ListWatch<K>>,
    pub(super) reflector: Reflector,
    pub(super) intake: Intake<K>,
    pub(super) on_error: OnError,
}

impl<K: Metadata<Ty = ObjectMeta> + Send + Sync + 'static> Driver<K> {
    async fn run(mut self) {
        let stop = self.shared.stop.clone();
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            never = self.drive() => match never {},
        }
    }

    async fn drive(&mut self) -> Infallible {
        loop {
            match self.reflector.step() {
                Step::List(options) => self.list(options).await,
                Step::Watch(options) => self.watch(options).await,
                Step::Wait => {
                    tokio::time::sleep_until(self.reflector.poll_timeout()).await;
                    self.handle(Input::Timeout);
                }
                // Only `watch` has a stream to read from.
                Step::Read => {
                    self.handle(Input::Closed);
                }
            }
        }
    }

    async fn list(&mut self, options: ListOptions) {
        if options.continue_token.is_none() {
            self.intake.begin_list(&self.shared.store);
        }
        let deadline = self.reflector.poll_timeout();
        match timeout_at(deadline, self.list_watch.list(options)).await {
            Ok(Ok(page)) => self.page(page),
            Ok(Err(error)) => self.failed(error),
            Err(elapsed) => self.timed_out(elapsed),
        }
    }

    async fn watch(&mut self, options: WatchOptions) {
        let deadline = self.reflector.poll_timeout();
        let mut events = match timeout_at(deadline, self.list_watch.watch(options)).await {
            Ok(Ok(events)) => events,
            Ok(Err(error)) => return self.failed(error),
            Err(elapsed) => return self.timed_out(elapsed),
        };
        self.handle(Input::Opened);
        while self.reflector.step() == Step::Read {
            self.read(&mut events).await;
        }
    }

    /// Waits for an event, and takes in with it those that are there already.
    async fn read(&mut self, events: &mut WatchStream<K>) {
        let deadline = self.reflector.poll_timeout();
        let Ok(first) = timeout_at(deadline, events.next()).await else {
            tracing::debug!(
                kind = K::KIND,
                "the watch has been silent for too long and is opened anew"
            );
            self.handle(Input::Timeout);
            return;
        };
        self.receive(first);
        for _ in 1..BATCH {
            if self.reflector.step() != Step::Read {
                break;
            }
            let Some(ready) = events.next().now_or_never() else {
                break;
            };
            self.receive(ready);
        }
        self.publish(Source::Watch);
        // A stream that always has something ready must not keep other tasks of this thread from running.
        tokio::task::coop::consume_budget().await;
    }

    fn receive(&mut self, item: Option<Result<WatchEvent<K>, ListWatchError>>) {
        match item {
            None => {
                self.handle(Input::Closed);
            }
            Some(Err(error)) => self.failed(error),
            Some(Ok(WatchEvent::Error(status))) => self.failed((*status).into()),
            Some(Ok(WatchEvent::Bookmark(bookmark))) => {
                self.handle(Input::Bookmark(bookmark.resource_version));
                self.shared.freshness.lock().last_bookmark = Some(Instant::now());
            }
            Some(Ok(event)) => {
                let Some((change, resource_version)) = Intake::identify(&event) else {
                    return;
                };
                let effect = self.handle(Input::Changed {
                    change,
                    resource_version,
                });
                if effect == Effect::Apply {
                    self.intake.change(event, &self.shared);
                }
            }
        }
    }

    fn page(&mut self, page: ObjectList<K>) {
        let effect = self.handle(Input::Page {
            resource_version: page.resource_version(),
            continue_token: page.continue_token(),
        });
        if effect == Effect::None {
            return;
        }
        self.intake.page(page, &self.shared);
        if effect == Effect::Replace {
            self.intake.end_list();
            self.publish(Source::List);
            self.shared.progress.send_replace(Progress::Synced);
        }
    }

    fn publish(&mut self, source: Source) {
        self.intake
            .publish(&self.shared, self.reflector.resource_version(), source);
    }

    fn timed_out(&mut self, elapsed: Elapsed) {
        self.report(ListWatchError::new(
            ListWatchErrorKind::Unavailable,
            elapsed,
        ));
        self.handle(Input::Timeout);
    }

    fn failed(&mut self, error: ListWatchError) {
        self.handle(Input::Failed(&error));
        self.report(error);
    }

    fn report(&mut self, error: ListWatchError) {
        tracing::warn!(
            kind = K::KIND,
            error = &error as &(dyn Error + 'static),
            "list or watch failed"
        );
        (self.on_error)(&error);
        let error = Arc::new(error);
        self.shared
            .progress
            .send_if_modified(|progress| progress.failed(&error));
        self.shared.freshness.lock().last_error = Some(error);
    }

    fn handle(&mut self, input: Input<'_>) -> Effect {
        let now = Instant::now();
        let effect = self.reflector.handle(input, now);
        self.shared
            .freshness
            .lock()
            .entered(self.reflector.state(), now);
        effect
    }
}

/// However the task ends, its informer has stopped.
impl<K> Drop for Driver<K> {
    fn drop(&mut self) {
        self.shared.stopped();
    }
}
