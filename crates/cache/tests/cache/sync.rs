//! Waiting for a complete cache, and why it may not come.

use std::error::Error;
use std::time::Duration;

use kubekit_cache::{ListWatchError, ListWatchErrorKind, SharedInformer, SyncErrorKind};
use tokio::time::Instant;

use crate::support::SOON;
use crate::support::script::{Frame, Script, list, list_fails, refused, status, watch};
use crate::support::thing::thing;

type Failure = fn() -> ListWatchError;

fn always(error: Failure) -> Script {
    Script::new((0..100).map(|_| list_fails(error())))
}

#[tokio::test(start_paused = true)]
async fn what_waiting_cannot_mend_is_reported_within_seconds() {
    let table: [(Failure, SyncErrorKind, Option<u16>); 6] = [
        (|| status(403).into(), SyncErrorKind::Forbidden, Some(403)),
        (|| status(404).into(), SyncErrorKind::NotServed, Some(404)),
        (
            || status(401).into(),
            SyncErrorKind::Unauthorized,
            Some(401),
        ),
        (|| status(400).into(), SyncErrorKind::Rejected, Some(400)),
        (|| status(422).into(), SyncErrorKind::Rejected, Some(422)),
        (
            || ListWatchError::new(ListWatchErrorKind::Undecodable, "garbage"),
            SyncErrorKind::Undecodable,
            None,
        ),
    ];
    for (error, kind, code) in table {
        let informer = SharedInformer::builder(always(error)).start();
        let start = Instant::now();
        let error = informer.wait_for_sync(SOON).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.status().map(|status| status.code), code);
        assert!(error.source().is_some(), "{error}");
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "{kind:?}: {:?}",
            start.elapsed()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_reported_when_the_time_is_up() {
    let table: [(Failure, SyncErrorKind); 5] = [
        (refused, SyncErrorKind::Unreachable),
        (|| status(429).into(), SyncErrorKind::Unreachable),
        (|| status(500).into(), SyncErrorKind::Unreachable),
        (|| status(503).into(), SyncErrorKind::Unreachable),
        (|| status(410).into(), SyncErrorKind::TimedOut),
    ];
    for (error, kind) in table {
        let informer = SharedInformer::builder(always(error)).start();
        let start = Instant::now();
        let error = informer
            .wait_for_sync(Duration::from_secs(20))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(start.elapsed(), Duration::from_secs(20));
    }
}

#[tokio::test(start_paused = true)]
async fn list_that_never_comes_times_out() {
    let informer = SharedInformer::builder(Script::new([])).start();
    let error = informer
        .wait_for_sync(Duration::from_secs(7))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), SyncErrorKind::TimedOut);
    assert!(error.source().is_none());
}

#[tokio::test(start_paused = true)]
async fn one_forbidden_list_is_not_yet_a_verdict_and_a_later_wait_succeeds() {
    let script = Script::new([
        list_fails(status(403).into()),
        list(10, [thing("a", 1)]),
        watch([Frame::Hang]),
    ]);
    let informer = SharedInformer::builder(script).start();
    assert!(!informer.has_synced());
    informer.wait_for_sync(SOON).await.unwrap();
    assert!(informer.has_synced());
    informer.wait_for_sync(Duration::ZERO).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn informer_that_was_reported_as_forbidden_recovers() {
    let mut replies: Vec<_> = (0..5).map(|_| list_fails(status(403).into())).collect();
    replies.extend([list(10, []), watch([Frame::Hang])]);
    let informer = SharedInformer::builder(Script::new(replies)).start();
    assert_eq!(
        informer.wait_for_sync(SOON).await.unwrap_err().kind(),
        SyncErrorKind::Forbidden
    );
    tokio::time::sleep(Duration::from_secs(120)).await;
    informer.wait_for_sync(Duration::ZERO).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn wait_ends_when_the_informer_stops() {
    let informer = SharedInformer::builder(Script::new([])).start();
    let waiting = informer.clone();
    let waiting = tokio::spawn(async move { waiting.wait_for_sync(SOON).await });
    tokio::task::yield_now().await;
    informer.shutdown().await;
    assert_eq!(
        waiting.await.unwrap().unwrap_err().kind(),
        SyncErrorKind::Stopped
    );
}

#[tokio::test(start_paused = true)]
async fn endless_timeout_is_no_overflow() {
    let informer = SharedInformer::builder(Script::new([list(1, [])])).start();
    informer.wait_for_sync(Duration::MAX).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn handler_has_synced_when_it_has_dealt_with_all_initial_objects() {
    let script = Script::new([
        list(10, [thing("a", 1), thing("b", 2)]),
        watch([Frame::Hang]),
    ]);
    let informer = SharedInformer::builder(script).start();
    let (sender, handled) = std::sync::mpsc::channel();
    let handler = informer.add_handler(move |event| sender.send(event).unwrap());
    assert!(!handler.has_synced());
    handler.wait_for_sync(SOON).await.unwrap();
    assert!(handler.has_synced());
    assert_eq!(handled.try_iter().count(), 2);
}

#[tokio::test(start_paused = true)]
async fn handler_waits_no_longer_than_its_informer_can_sync() {
    let informer = SharedInformer::builder(always(|| status(403).into())).start();
    let handler = informer.add_handler(|_| {});
    let error = handler.wait_for_sync(SOON).await.unwrap_err();
    assert_eq!(error.kind(), SyncErrorKind::Forbidden);
}

#[tokio::test(start_paused = true)]
async fn stream_has_synced_when_more_than_the_initial_objects_is_asked_for() {
    let script = Script::new([
        list(10, [thing("a", 1), thing("b", 2)]),
        watch([Frame::Hang]),
    ]);
    let informer = SharedInformer::builder(script).start();
    informer.wait_for_sync(SOON).await.unwrap();
    for mut events in [informer.subscribe(), informer.subscribe().coalescing()] {
        for _ in 0..2 {
            events.next().await.unwrap();
            assert!(
                !events.has_synced(),
                "the last one may not be dealt with yet"
            );
        }
        tokio::time::timeout(Duration::from_secs(1), events.next())
            .await
            .unwrap_err();
        assert!(events.has_synced());
    }
}
