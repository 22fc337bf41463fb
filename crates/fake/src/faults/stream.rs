//! Watches that go wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use futures::stream::{self, BoxStream, StreamExt};

use super::fault::StreamFault;
use crate::answer::{Watch, WatchItem};
use crate::failure;

type Events = BoxStream<'static, WatchItem>;

/// Whether a body is to break off where its events end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Break(Arc<AtomicBool>);

impl Break {
    pub(crate) fn is_due(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    fn set(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Lets something go wrong with a watch.
pub(super) fn spoil(watch: &mut Watch, fault: StreamFault, broken: &Break) {
    let events = std::mem::replace(&mut watch.events, stream::empty().boxed());
    watch.events = match fault {
        StreamFault::End(count) => after(events, count, stream::empty().boxed()),
        StreamFault::Silence(count) => after(events, count, stream::pending().boxed()),
        StreamFault::Expired(count) => {
            let expired = failure::expired("too old resource version: injected");
            after(
                events,
                count,
                stream::iter([WatchItem::Error(expired)]).boxed(),
            )
        }
        StreamFault::Cut(count) => after(events, count, cut(broken.clone())),
        StreamFault::NoEndBookmark => {
            let stays = |event: &WatchItem| std::future::ready(!ends_initial_events(event));
            events.filter(stays).boxed()
        }
    };
}

/// So many events, and then the rest. A stream that ends before just ends.
fn after(events: Events, count: usize, rest: Events) -> Events {
    let next = |(mut events, left, mut rest): (Events, usize, Events)| async move {
        let (event, left) = match left {
            0 => (rest.next().await?, 0),
            left => (events.next().await?, left - 1),
        };
        Some((event, (events, left, rest)))
    };
    stream::unfold((events, count, rest), next).boxed()
}

/// Ends at once, and says that this is no proper end.
fn cut(broken: Break) -> Events {
    let end = move |_: &mut Context<'_>| {
        broken.set();
        Poll::Ready(None)
    };
    stream::poll_fn(end).boxed()
}

fn ends_initial_events(event: &WatchItem) -> bool {
    matches!(
        event,
        WatchItem::Bookmark {
            initial_events_end: true,
            ..
        }
    )
}
