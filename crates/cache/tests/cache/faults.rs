//! The fault matrix: what an informer requests, and when, from a server that misbehaves.

use std::time::Duration;

use kubekit_cache::{Builder, ListWatchErrorKind, ReflectorState, SharedInformer};
use kubekit_core::{ChangeKind, WatchEvent};

use crate::support::script::{
    Frame, Reply, Script, added, bookmark, deleted, error_event, event, expired, list, list_fails,
    modified, page, refused, status, watch, watch_fails, with_undecodable,
};
use crate::support::thing::{Thing, key, thing, undecodable};
use crate::support::{Replay, SOON, state_of};

const FIRST_LIST: &str = "limit=500&resourceVersion=0";

fn watch_from(version: u64) -> String {
    format!("allowWatchBookmarks=true&resourceVersion={version}&watch=true")
}

fn informer(script: &Script) -> Builder<Thing> {
    SharedInformer::builder(script.clone()).seed(1)
}

/// Runs an informer through the script and returns it with what a handler was told.
async fn run(script: &Script) -> (SharedInformer<Thing>, Replay) {
    let informer = informer(script).start();
    let mut events = informer.subscribe();
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let mut replay = Replay::default();
    replay.drain(&mut events).await;
    assert_eq!(replay.state, state_of(&informer.lister().snapshot()));
    (informer, replay)
}

fn is_first_backoff(wait: Duration) -> bool {
    wait >= Duration::from_millis(800) && wait < Duration::from_millis(1600)
}

#[tokio::test(start_paused = true)]
async fn expired_watch_is_followed_by_a_list_from_what_was_seen() {
    let answers = [
        watch([added(thing("c", 11)), error_event(expired()), Frame::Hang]),
        watch([added(thing("c", 11)), Frame::Fail(expired().into())]),
    ];
    for answer in answers {
        let script = Script::new([
            list(10, [thing("a", 8), thing("b", 9)]),
            answer,
            list(60, [thing("a", 58), thing("b", 9)]),
        ]);
        let (_informer, replay) = run(&script).await;
        let queries = script.queries();
        assert_eq!(
            queries[..4],
            [
                FIRST_LIST,
                &watch_from(10),
                "resourceVersion=11",
                &watch_from(60)
            ]
        );
        assert!(is_first_backoff(script.gaps()[1]), "{:?}", script.gaps());
        assert_eq!(replay.state.len(), 2, "c was found missing");
    }
}

#[tokio::test(start_paused = true)]
async fn watch_answered_with_410_is_followed_by_a_list() {
    let script = Script::new([
        list(10, []),
        watch_fails(expired().into()),
        list(60, [thing("a", 58)]),
    ]);
    let (_informer, replay) = run(&script).await;
    assert_eq!(
        script.queries()[..4],
        [
            FIRST_LIST,
            &watch_from(10),
            "resourceVersion=10",
            &watch_from(60)
        ]
    );
    assert_eq!(replay.state.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn relist_that_is_too_old_or_too_new_asks_for_the_most_recent_state() {
    for code in [410, 504] {
        let mut error = status(code);
        error.message = "Too large resource version".into();
        let script = Script::new([
            list(10, []),
            watch([error_event(expired())]),
            list_fails(error.into()),
            list(5, [thing("a", 3)]),
        ]);
        let (_informer, replay) = run(&script).await;
        assert_eq!(
            script.queries()[..5],
            [
                FIRST_LIST,
                &watch_from(10),
                "resourceVersion=10",
                "limit=500",
                &watch_from(5)
            ]
        );
        assert!(script.gaps()[2].is_zero(), "nothing is gained by waiting");
        assert_eq!(replay.state.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn throttled_refused_and_unavailable_watches_are_repeated_without_a_list() {
    let script = Script::new([
        list(10, [thing("a", 8)]),
        watch_fails(status(429).into()),
        watch_fails(refused()),
        watch_fails(status(503).into()),
        watch([added(thing("b", 11)), Frame::Hang]),
    ]);
    let (informer, replay) = run(&script).await;
    let again = watch_from(10);
    assert_eq!(
        script.queries()[..5],
        [FIRST_LIST, &again, &again, &again, &again]
    );
    let gaps = script.gaps();
    for (gap, least) in gaps[1..4].iter().zip([800, 1600, 3200]) {
        let least = Duration::from_millis(least);
        assert!(*gap >= least && *gap < 2 * least, "{gaps:?}");
    }
    assert_eq!(replay.state.len(), 2);
    assert!(informer.freshness().last_error.is_some());
}

#[tokio::test(start_paused = true)]
async fn storm_of_500s_is_met_with_ever_longer_waits() {
    let mut replies = vec![list(10, [])];
    replies.extend((0..3).map(|_| watch_fails(status(500).into())));
    replies.extend((0..20).map(|_| list_fails(status(500).into())));
    replies.push(list(99, [thing("a", 50)]));
    let script = Script::new(replies);
    let (_informer, replay) = run(&script).await;
    let queries = script.queries();
    assert_eq!(
        queries[1..4],
        [watch_from(10), watch_from(10), watch_from(10)]
    );
    assert!(
        queries[4..25]
            .iter()
            .all(|query| query == "resourceVersion=10"),
        "{queries:?}"
    );
    let gaps = script.gaps();
    assert!(
        gaps[10..24]
            .iter()
            .all(|gap| *gap >= Duration::from_secs(30)),
        "{gaps:?}"
    );
    assert_eq!(replay.state.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn watch_that_is_cut_goes_on_where_it_was() {
    for cut in [None, Some(refused())] {
        let mut frames = vec![
            modified(thing("a", 11)),
            Frame::Pause(Duration::from_secs(2)),
        ];
        frames.extend(cut.map(Frame::Fail));
        let script = Script::new([
            list(10, [thing("a", 8)]),
            watch(frames),
            watch([deleted(thing("a", 12)), Frame::Hang]),
        ]);
        let (_informer, replay) = run(&script).await;
        assert_eq!(
            script.queries()[..3],
            [FIRST_LIST, &watch_from(10), &watch_from(11)]
        );
        assert_eq!(script.gaps()[1], Duration::from_secs(2), "without a wait");
        assert!(replay.state.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn watches_that_end_at_once_do_not_become_a_hot_loop() {
    let mut replies = vec![list(10, [])];
    for _ in 0..10 {
        replies.extend([watch([]), watch([]), watch([]), list(10, [])]);
    }
    let script = Script::new(replies);
    let (_informer, _) = run(&script).await;
    let requests = script.requests();
    let in_first_minutes = requests
        .iter()
        .filter(|request| request.at < Duration::from_secs(300))
        .count();
    assert!(
        in_first_minutes < 25,
        "{in_first_minutes} requests in 5 minutes"
    );
    assert_eq!(
        requests[4].query, "resourceVersion=10",
        "the third watch is followed by a list"
    );
}

#[tokio::test(start_paused = true)]
async fn bookmarks_alone_advance_the_version() {
    let frames = [
        bookmark(20),
        Frame::Pause(Duration::from_secs(60)),
        bookmark(30),
        Frame::Pause(Duration::from_secs(5)),
    ];
    let script = Script::new([list(10, []), watch(frames), watch([Frame::Hang])]);
    let informer = informer(&script).start();
    informer.wait_for_sync(SOON).await.unwrap();
    tokio::time::sleep(Duration::from_secs(61)).await;
    let freshness = informer.freshness();
    assert_eq!(freshness.resource_version, Some(30.into()));
    assert_eq!(freshness.last_event, None);
    assert_eq!(
        freshness.last_bookmark.unwrap().elapsed(),
        Duration::from_secs(1)
    );
    assert_eq!(
        informer.lister().snapshot().resource_version(),
        Some(&30.into())
    );
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(
        script.queries(),
        [FIRST_LIST, &watch_from(10), &watch_from(30)]
    );
}

#[tokio::test(start_paused = true)]
async fn page_that_expires_midway_leaves_no_trace() {
    let script = Script::new([
        Reply::List(Ok(page(
            10,
            Some("more"),
            [thing("only-in-the-first-page", 1)],
        ))),
        list_fails(expired().into()),
        list(20, [thing("a", 15)]),
        watch([Frame::Hang]),
    ]);
    let (informer, replay) = run(&script).await;
    assert_eq!(
        script.queries()[..3],
        [FIRST_LIST, "limit=500&continue=more", "resourceVersion=0"]
    );
    assert_eq!(replay.state.keys().collect::<Vec<_>>(), ["n/a"]);
    assert_eq!(informer.freshness().lists, 1);
}

#[tokio::test(start_paused = true)]
async fn half_open_watch_is_given_up_after_the_server_should_have_ended_it() {
    let script = Script::new([list(10, []), watch([Frame::Hang])]);
    let _informer = informer(&script).start();
    tokio::time::sleep(Duration::from_secs(660)).await;
    assert_eq!(
        script.queries()[..3],
        [FIRST_LIST, &watch_from(10), &watch_from(10)]
    );
    let gap = script.gaps()[1];
    assert!(
        gap > Duration::from_secs(330) && gap <= Duration::from_secs(630),
        "{gap:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn list_and_watch_that_hang_are_repeated() {
    let script = Script::new([
        Reply::Hang,
        list(10, [thing("a", 1)]),
        Reply::Hang,
        watch([Frame::Hang]),
    ]);
    let informer = informer(&script).start();
    informer
        .wait_for_sync(Duration::from_secs(310))
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(70)).await;
    assert_eq!(
        script.queries(),
        [FIRST_LIST, FIRST_LIST, &watch_from(10), &watch_from(10)]
    );
    assert_eq!(informer.freshness().state, ReflectorState::Watching);
}

#[tokio::test(start_paused = true)]
async fn rewound_history_is_noticed_and_listed_anew() {
    let script = Script::new([
        list(1000, [thing("a", 900), thing("lost", 950)]),
        watch([added(thing("b", 400)), Frame::Hang]),
        list(400, [thing("a", 300), thing("b", 400)]),
        watch([Frame::Hang]),
    ]);
    let (_informer, replay) = run(&script).await;
    assert_eq!(
        script.queries()[..4],
        [FIRST_LIST, &watch_from(1000), "limit=500", &watch_from(400)]
    );
    assert_eq!(replay.state.keys().collect::<Vec<_>>(), ["n/a", "n/b"]);
}

#[tokio::test(start_paused = true)]
async fn undecodable_objects_are_reported_and_left_out_without_stopping_anything() {
    let script = Script::new([
        with_undecodable(
            page(10, None, [thing("a", 1), thing("b", 2)]),
            [undecodable("bad", 3)],
        ),
        watch([
            modified(thing("a", 11)),
            event(WatchEvent::Undecodable {
                change: ChangeKind::Modified,
                item: undecodable("b", 12),
            }),
            added(thing("c", 13)),
            event(WatchEvent::Undecodable {
                change: ChangeKind::Deleted,
                item: undecodable("a", 14),
            }),
            Frame::Pause(Duration::from_secs(2)),
        ]),
        watch([Frame::Hang]),
    ]);
    let (reports, mut reported) = tokio::sync::mpsc::unbounded_channel();
    let informer = informer(&script)
        .on_undecodable(move |item| {
            reports
                .send(item.key.as_ref().unwrap().name().to_owned())
                .unwrap()
        })
        .start();
    let mut events = informer.subscribe();
    tokio::time::sleep(Duration::from_secs(10)).await;
    let mut replay = Replay::default();
    replay.drain(&mut events).await;

    for name in ["bad", "b", "a"] {
        assert_eq!(reported.try_recv().unwrap(), name);
    }
    assert_eq!(informer.freshness().undecodable, 3);
    assert_eq!(
        informer.lister().get(&key("b")).unwrap().value,
        2,
        "the last state that could be decoded stays"
    );
    assert_eq!(replay.state.keys().collect::<Vec<_>>(), ["n/b", "n/c"]);
    assert_eq!(
        script.queries(),
        [FIRST_LIST, &watch_from(10), &watch_from(14)],
        "the version went on"
    );
}

#[tokio::test(start_paused = true)]
async fn known_object_that_a_relist_cannot_decode_is_not_taken_for_deleted() {
    let script = Script::new([
        list(10, [thing("a", 1), thing("b", 2)]),
        watch([error_event(expired())]),
        with_undecodable(page(20, None, [thing("b", 2)]), [undecodable("a", 15)]),
        watch([Frame::Hang]),
    ]);
    let (informer, replay) = run(&script).await;
    assert_eq!(replay.state.len(), 2);
    assert_eq!(informer.lister().get(&key("a")).unwrap().value, 1);
}

#[tokio::test(start_paused = true)]
async fn errors_are_handed_to_the_hook() {
    let script = Script::new([
        list_fails(status(503).into()),
        list(10, []),
        watch_fails(refused()),
        watch([Frame::Hang]),
    ]);
    let (errors, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let informer = informer(&script)
        .on_error(move |error| errors.send(error.kind()).unwrap())
        .start();
    informer.wait_for_sync(SOON).await.unwrap();
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(seen.try_recv().unwrap(), ListWatchErrorKind::Unavailable);
    assert_eq!(seen.try_recv().unwrap(), ListWatchErrorKind::Connection);
    assert!(seen.try_recv().is_err());
}
