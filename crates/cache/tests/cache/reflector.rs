//! The reflector as a state machine, without a server.

use std::time::Duration;

use kubekit_cache::{
    Effect, Input, ListWatchError, ListWatchErrorKind, Reflector, ReflectorConfig, ReflectorState,
    Step,
};
use kubekit_core::{ChangeKind, Status, StatusReason, WatchOptions};
use proptest::prelude::*;
use tokio::time::Instant;

use crate::support::script::{expired, refused, status};

/// A reflector and the time it lives in.
struct Bench {
    reflector: Reflector,
    now: Instant,
}

impl Bench {
    fn new() -> Self {
        Self::seeded(1)
    }

    fn seeded(seed: u64) -> Self {
        let now = Instant::now();
        Self {
            reflector: Reflector::new(ReflectorConfig::default(), seed, now),
            now,
        }
    }

    /// One that has listed at 100 and opened a watch.
    fn watching() -> Self {
        let mut bench = Self::new();
        assert_eq!(bench.page(100, None), Effect::Replace);
        bench.open();
        bench
    }

    fn handle(&mut self, input: Input<'_>) -> Effect {
        self.reflector.handle(input, self.now)
    }

    fn page(&mut self, version: u64, continue_token: Option<&str>) -> Effect {
        self.handle(Input::Page {
            resource_version: Some(version.into()),
            continue_token,
        })
    }

    fn open(&mut self) {
        assert!(
            matches!(self.reflector.step(), Step::Watch(_)),
            "{:?}",
            self.reflector.step()
        );
        let _ = self.handle(Input::Opened);
    }

    fn fail(&mut self, error: impl Into<ListWatchError>) {
        let _ = self.handle(Input::Failed(&error.into()));
    }

    fn change(&mut self, version: u64) -> Effect {
        self.handle(Input::Changed {
            change: ChangeKind::Modified,
            resource_version: Some(version.into()),
        })
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    /// Lets the timeout pass and returns how long that took.
    fn time_out(&mut self) -> Duration {
        let wait = self.reflector.poll_timeout() - self.now;
        self.now = self.reflector.poll_timeout();
        let _ = self.handle(Input::Timeout);
        wait
    }

    /// The query of the list that is wanted now.
    fn list(&self) -> String {
        match self.reflector.step() {
            Step::List(options) => options.query().to_string(),
            step => panic!("a list is due, not {step:?}"),
        }
    }

    fn watch(&self) -> WatchOptions {
        match self.reflector.step() {
            Step::Watch(options) => options,
            step => panic!("a watch is due, not {step:?}"),
        }
    }

    /// What is due, after a wait if there is one.
    fn outcome(mut self) -> (Outcome, Option<Duration>) {
        let wait = (self.reflector.step() == Step::Wait).then(|| self.time_out());
        let outcome = match self.reflector.step() {
            Step::List(options) if options.resource_version.is_none() => Outcome::ListMostRecent,
            Step::List(_) => Outcome::List,
            Step::Watch(_) => Outcome::Watch,
            step => panic!("unexpected {step:?}"),
        };
        (outcome, wait)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Watch,
    List,
    ListMostRecent,
}

fn too_large() -> Status {
    let status = r#"{"kind":"Status","reason":"Timeout","code":504,
        "details":{"causes":[{"reason":"ResourceVersionTooLarge"}]}}"#;
    serde_json::from_str(status).unwrap()
}

/// What servers said before there was a cause for it.
fn too_large_in_words() -> Status {
    Status::failure(
        504,
        StatusReason::Timeout,
        "Timeout: Too large resource version: 9, current: 5",
    )
}

#[tokio::test(start_paused = true)]
async fn first_list_asks_for_any_state_in_pages() {
    let mut bench = Bench::new();
    assert_eq!(bench.list(), "limit=500&resourceVersion=0");
    assert_eq!(bench.page(100, Some("more")), Effect::Collect);
    assert_eq!(bench.list(), "limit=500&continue=more");
    assert_eq!(bench.page(100, None), Effect::Replace);
    assert_eq!(bench.watch().resource_version, Some(100.into()));
}

#[tokio::test(start_paused = true)]
async fn relist_asks_for_what_was_seen_without_pages() {
    let mut bench = Bench::watching();
    assert_eq!(bench.change(105), Effect::Apply);
    bench.fail(expired());
    bench.time_out();
    assert_eq!(bench.list(), "resourceVersion=105");
}

#[tokio::test(start_paused = true)]
async fn relist_is_paged_if_the_server_paged_the_first_list() {
    let mut bench = Bench::new();
    assert_eq!(bench.page(100, Some("more")), Effect::Collect);
    assert_eq!(bench.page(100, None), Effect::Replace);
    bench.open();
    bench.fail(expired());
    bench.time_out();
    assert_eq!(bench.list(), "limit=500&resourceVersion=100");
}

#[tokio::test(start_paused = true)]
async fn list_at_a_version_that_is_not_to_be_had_is_repeated_at_once_for_the_most_recent_state() {
    for status in [expired(), status(410), too_large(), too_large_in_words()] {
        let mut bench = Bench::new();
        bench.fail(status.clone());
        assert_eq!(bench.list(), "limit=500", "{status:?}");
        bench.fail(status);
        assert_eq!(bench.reflector.step(), Step::Wait, "but only once");
    }
}

#[tokio::test(start_paused = true)]
async fn page_that_expires_midway_is_followed_by_one_full_list() {
    let mut bench = Bench::new();
    assert_eq!(bench.page(100, Some("more")), Effect::Collect);
    bench.fail(expired());
    assert_eq!(bench.list(), "resourceVersion=0");
    bench.fail(expired());
    assert_eq!(
        bench.list(),
        "limit=500",
        "then that is not to be had either"
    );
}

#[tokio::test(start_paused = true)]
async fn failed_lists_are_repeated_after_a_wait() {
    for code in [400, 401, 403, 404, 422, 429, 500, 503, 504] {
        let mut bench = Bench::new();
        bench.fail(status(code));
        assert_eq!(bench.reflector.step(), Step::Wait, "{code}");
        assert!(bench.time_out() >= Duration::from_millis(800), "{code}");
        assert_eq!(bench.list(), "limit=500&resourceVersion=0", "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn watch_goes_on_from_events_and_bookmarks() {
    let mut bench = Bench::watching();
    assert_eq!(bench.change(103), Effect::Apply);
    assert_eq!(bench.handle(Input::Bookmark(120_u64.into())), Effect::None);
    let _ = bench.handle(Input::Closed);
    let watch = bench.watch();
    assert_eq!(watch.resource_version, Some(120.into()));
    assert!(watch.bookmarks);
    assert_eq!(watch.send_initial_events, None);
}

#[tokio::test(start_paused = true)]
async fn watch_timeouts_are_drawn_between_5_and_10_minutes() {
    let timeouts: Vec<Duration> = (0..200)
        .map(|seed| {
            let mut bench = Bench::seeded(seed);
            assert_eq!(bench.page(100, None), Effect::Replace);
            bench.watch().timeout.unwrap()
        })
        .collect();
    let (least, most) = (
        timeouts.iter().min().unwrap(),
        timeouts.iter().max().unwrap(),
    );
    assert!(
        *least >= Duration::from_secs(300) && *least < Duration::from_secs(310),
        "{least:?}"
    );
    assert!(
        *most <= Duration::from_secs(600) && *most > Duration::from_secs(590),
        "{most:?}"
    );
}

/// What follows when a watch cannot be opened, and when one fails that has been open for half a second.
#[tokio::test(start_paused = true)]
async fn failed_watches_lead_to_a_watch_or_a_list_after_a_wait() {
    use Outcome::{List, ListMostRecent, Watch};

    let table: [(fn() -> ListWatchError, Outcome); 15] = [
        (|| expired().into(), List),
        (|| status(410).into(), List),
        (|| too_large().into(), ListMostRecent),
        (|| too_large_in_words().into(), ListMostRecent),
        (|| status(429).into(), Watch),
        (|| status(503).into(), Watch),
        (|| status(504).into(), Watch),
        (|| status(502).into(), Watch),
        (refused, Watch),
        (|| status(500).into(), Watch),
        (|| status(401).into(), Watch),
        (
            || ListWatchError::new(ListWatchErrorKind::Undecodable, "garbage"),
            Watch,
        ),
        (|| status(403).into(), List),
        (|| status(404).into(), List),
        (|| status(422).into(), List),
    ];
    for (error, expected) in table {
        for opened in [false, true] {
            let mut bench = Bench::new();
            assert_eq!(bench.page(100, None), Effect::Replace);
            if opened {
                bench.open();
                bench.pass(Duration::from_millis(500));
            }
            bench.fail(error());
            let (outcome, wait) = bench.outcome();
            let case = format!("{:?}, opened: {opened}", error().kind());
            assert_eq!(outcome, expected, "{case}");
            let wait = wait.unwrap_or_else(|| panic!("{case} is not waited after"));
            assert!(
                wait >= Duration::from_millis(800) && wait < Duration::from_millis(1600),
                "{case}: {wait:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn watch_that_was_of_use_is_repeated_at_once() {
    for failure in [None, Some(refused()), Some(status(503).into())] {
        let mut bench = Bench::watching();
        bench.pass(Duration::from_secs(2));
        match failure {
            None => drop(bench.handle(Input::Closed)),
            Some(error) => bench.fail(error),
        }
        assert_eq!(bench.outcome(), (Outcome::Watch, None));
    }
}

#[tokio::test(start_paused = true)]
async fn event_that_brings_nothing_new_is_no_progress() {
    let mut bench = Bench::watching();
    assert_eq!(bench.change(100), Effect::Apply);
    let _ = bench.handle(Input::Closed);
    assert_eq!(bench.reflector.step(), Step::Wait);
}

#[tokio::test(start_paused = true)]
async fn third_fruitless_watch_in_a_row_is_followed_by_a_list() {
    let mut bench = Bench::watching();
    for _ in 0..2 {
        let _ = bench.handle(Input::Closed);
        bench.time_out();
        bench.open();
    }
    let _ = bench.handle(Input::Closed);
    bench.time_out();
    assert_eq!(bench.list(), "resourceVersion=100");
}

#[tokio::test(start_paused = true)]
async fn progress_forgives_fruitless_watches() {
    let mut bench = Bench::watching();
    for round in 0..10 {
        if round % 2 == 0 {
            assert_eq!(bench.change(101 + round), Effect::Apply);
        }
        let _ = bench.handle(Input::Closed);
        if bench.reflector.step() == Step::Wait {
            bench.time_out();
        }
        bench.open();
    }
}

#[tokio::test(start_paused = true)]
async fn outage_never_leads_from_watching_to_a_list() {
    let mut bench = Bench::watching();
    bench.fail(refused());
    for round in 0..50 {
        bench.time_out();
        assert_eq!(
            bench.watch().resource_version,
            Some(100.into()),
            "round {round}"
        );
        match round % 3 {
            0 => bench.fail(refused()),
            1 => bench.fail(status(503)),
            _ => bench.fail(status(429)),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn silent_watch_is_given_up_half_a_minute_after_the_server_should_have() {
    let mut bench = Bench::new();
    assert_eq!(bench.page(100, None), Effect::Replace);
    let server = bench.watch().timeout.unwrap();
    bench.open();
    bench.pass(Duration::from_secs(100));
    assert_eq!(bench.change(101), Effect::Apply);
    assert_eq!(
        bench.time_out(),
        server + Duration::from_secs(30) - Duration::from_secs(100)
    );
    assert_eq!(bench.watch().resource_version, Some(101.into()));
}

#[tokio::test(start_paused = true)]
async fn server_that_sends_bookmarks_may_be_silent_for_three_minutes() {
    let mut bench = Bench::watching();
    bench.pass(Duration::from_secs(60));
    let _ = bench.handle(Input::Bookmark(100_u64.into()));
    bench.pass(Duration::from_secs(30));
    assert_eq!(bench.change(101), Effect::Apply);
    assert_eq!(bench.time_out(), Duration::from_secs(180));
    assert_eq!(bench.watch().resource_version, Some(101.into()));
}

#[tokio::test(start_paused = true)]
async fn list_and_watch_that_are_not_answered_are_repeated() {
    let mut bench = Bench::new();
    assert_eq!(bench.time_out(), Duration::from_secs(300));
    assert_eq!(bench.reflector.step(), Step::Wait);
    bench.time_out();
    assert_eq!(bench.list(), "limit=500&resourceVersion=0");
    assert_eq!(bench.page(100, None), Effect::Replace);
    assert_eq!(bench.time_out(), Duration::from_secs(60));
    assert_eq!(bench.outcome().0, Outcome::Watch);
}

#[tokio::test(start_paused = true)]
async fn history_that_was_rewound_leads_to_a_list_of_the_most_recent_state() {
    let inputs: [fn(&mut Bench) -> Effect; 2] = [
        |bench| bench.change(40),
        |bench| bench.handle(Input::Bookmark(40_u64.into())),
    ];
    for input in inputs {
        let mut bench = Bench::watching();
        assert_eq!(
            input(&mut bench),
            Effect::None,
            "the list that follows will tell"
        );
        bench.time_out();
        assert_eq!(bench.list(), "limit=500");
        assert_eq!(bench.page(40, None), Effect::Replace);
        assert_eq!(bench.watch().resource_version, Some(40.into()));
    }
}

#[tokio::test(start_paused = true)]
async fn server_whose_versions_go_back_again_and_again_is_followed_all_the_same() {
    let mut bench = Bench::watching();
    for _ in 0..2 {
        assert_eq!(bench.change(40), Effect::None);
        bench.time_out();
        assert_eq!(bench.page(100, None), Effect::Replace);
        bench.open();
    }
    for version in [40, 30, 120, 7] {
        assert_eq!(bench.change(version), Effect::Apply);
    }
    let _ = bench.handle(Input::Closed);
    assert_eq!(bench.watch().resource_version, Some(7.into()));
}

#[tokio::test(start_paused = true)]
async fn deletion_may_carry_the_version_before_it() {
    let mut bench = Bench::watching();
    let effect = bench.handle(Input::Changed {
        change: ChangeKind::Deleted,
        resource_version: Some(40.into()),
    });
    assert_eq!(effect, Effect::Apply);
    assert_eq!(bench.reflector.resource_version(), Some(&100.into()));
}

#[tokio::test(start_paused = true)]
async fn opaque_versions_are_followed_as_they_come() {
    let mut bench = Bench::watching();
    for version in ["b", "a", "0012"] {
        let effect = bench.handle(Input::Changed {
            change: ChangeKind::Modified,
            resource_version: Some(version.into()),
        });
        assert_eq!(effect, Effect::Apply);
        assert_eq!(bench.reflector.resource_version(), Some(&version.into()));
    }
}

#[tokio::test(start_paused = true)]
async fn wait_that_the_server_asks_for_is_kept_within_bounds() {
    for (asked, least, most) in [(0, 0, 2), (20, 20, 21), (86_400, 300, 301)] {
        let mut bench = Bench::watching();
        let error = ListWatchError::from(status(429)).delay(Some(Duration::from_secs(asked)));
        bench.fail(error);
        let wait = bench.time_out();
        assert!(
            wait >= Duration::from_secs(least) && wait < Duration::from_secs(most),
            "{asked}: {wait:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn states_can_be_told() {
    let mut bench = Bench::new();
    assert_eq!(bench.reflector.state(), ReflectorState::Listing);
    assert_eq!(bench.page(1, None), Effect::Replace);
    assert_eq!(bench.reflector.state(), ReflectorState::Opening);
    bench.open();
    assert_eq!(bench.reflector.state(), ReflectorState::Watching);
    bench.fail(refused());
    let until = bench.reflector.poll_timeout();
    assert_eq!(bench.reflector.state(), ReflectorState::BackingOff(until));
}

#[derive(Clone, Debug)]
enum Move {
    Page(Option<u64>, bool),
    Opened,
    Changed(Option<u64>),
    Bookmark(u64),
    Closed,
    Failed(u16),
    Refused,
    Timeout,
    Pass(u64),
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        1 => (prop::option::of(0_u64..200), any::<bool>())
            .prop_map(|(version, more)| Move::Page(version, more)),
        3 => Just(Move::Opened),
        1 => prop::option::of(0_u64..200).prop_map(Move::Changed),
        1 => (0_u64..200).prop_map(Move::Bookmark),
        1 => Just(Move::Closed),
        1 => prop::sample::select(vec![400, 401, 403, 404, 410, 429, 500, 503, 504])
            .prop_map(Move::Failed),
        1 => Just(Move::Refused),
        3 => Just(Move::Timeout),
        1 => (0_u64..2_000).prop_map(Move::Pass),
    ]
}

fn make(bench: &mut Bench, input: Move) {
    let error;
    let input = match input {
        Move::Page(version, more) => Input::Page {
            resource_version: version.map(Into::into),
            continue_token: more.then_some("more"),
        },
        Move::Opened => Input::Opened,
        Move::Changed(version) => Input::Changed {
            change: ChangeKind::Modified,
            resource_version: version.map(Into::into),
        },
        Move::Bookmark(version) => Input::Bookmark(version.into()),
        Move::Closed => Input::Closed,
        Move::Failed(code) => {
            error = status(code).into();
            Input::Failed(&error)
        }
        Move::Refused => {
            error = refused();
            Input::Failed(&error)
        }
        Move::Timeout => {
            bench.time_out();
            return;
        }
        Move::Pass(milliseconds) => return bench.pass(Duration::from_millis(milliseconds)),
    };
    let _ = bench.handle(input);
}

proptest! {
    /// Whatever has come before, a server that from now on only fails is asked at most a few times without a wait, and the
    /// waits grow to at least half a minute.
    #[test]
    fn failing_server_is_never_asked_in_a_hot_loop(
        before in prop::collection::vec(moves(), 0..60),
        failures in prop::collection::vec(prop::sample::select(vec![400, 403, 404, 410, 429, 500, 503, 504, 0]), 40),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let _context = runtime.enter();
        let mut bench = Bench::new();
        before.into_iter().for_each(|input| make(&mut bench, input));

        let mut since_wait = 0;
        let mut waits = Vec::new();
        let mut failures = failures.into_iter();
        loop {
            match bench.reflector.step() {
                Step::Wait => {
                    waits.push(bench.time_out());
                    since_wait = 0;
                    continue;
                }
                Step::Read => drop(bench.handle(Input::Closed)),
                _ => match failures.next() {
                    Some(0) => bench.fail(refused()),
                    Some(code) => bench.fail(status(code)),
                    None => break,
                },
            }
            since_wait += 1;
            prop_assert!(since_wait <= 4, "asked {since_wait} times without a wait");
        }
        prop_assert!(waits.iter().rev().take(3).all(|wait| *wait >= Duration::from_secs(30)), "{waits:?}");
    }

    /// A server that works leads from any state to an open watch within a few steps.
    #[test]
    fn working_server_is_always_reached(before in prop::collection::vec(moves(), 0..100)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let _context = runtime.enter();
        let mut bench = Bench::new();
        before.into_iter().for_each(|input| make(&mut bench, input));

        for _ in 0..4 {
            match bench.reflector.step() {
                Step::List(_) => prop_assert_eq!(bench.page(500, None), Effect::Replace),
                Step::Watch(_) => bench.open(),
                Step::Wait => drop(bench.time_out()),
                Step::Read => return Ok(()),
                step => prop_assert!(false, "unknown step {step:?}"),
            }
        }
        prop_assert_eq!(bench.reflector.step(), Step::Read);
    }
}
