//! The reflector: how a resource is listed and watched, without I/O.

mod backoff;
mod config;
mod exchange;
mod position;
mod state;

pub use config::ReflectorConfig;
pub use exchange::{Effect, Input, Step};
pub use state::ReflectorState;

use std::time::Duration;

use kubekit_core::{ListOptions, ResourceVersion, WatchOptions};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use tokio::time::Instant;

use crate::list_watch::{ListWatchError, ListWatchErrorKind};
use backoff::Backoff;
use position::{Position, Step as Moved};
use state::{Listing, Next, State, Watching};

/// A watch that ends sooner than this without any progress counts as a failure.
const SHORT_WATCH: Duration = Duration::from_secs(1);
/// After so many watches in a row without progress the resource version itself is suspected, and a list follows.
const FRUITLESS_WATCHES: u32 = 3;
/// How much longer than the server a watch is kept up by the client.
const GRACE: Duration = Duration::from_secs(30);
/// How long a server that sends bookmarks (each minute) may be silent.
const SILENCE: Duration = Duration::from_secs(180);
/// The longest wait that a server can ask for.
const LONGEST_DELAY: Duration = Duration::from_secs(300);

/// Decides what to request next, so that a cache follows a resource of the API server for ever.
///
/// This is the protocol of client-go's `Reflector` as a state machine: it does no I/O, has no clock and holds no objects. Ask
/// [`step`](Self::step) what to do, do it until [`poll_timeout`](Self::poll_timeout), and [`handle`](Self::handle) what came of
/// it. A [`SharedInformer`](crate::SharedInformer) does that; use one unless you need a loop of your own.
///
/// # Rules
///
/// * A list is requested in pages: first of any state (`resourceVersion=0`), later of one not older than what was seen, and of the
///   most recent one if that has expired or lies in the server's future. A page that expires midway is followed by one full
///   list. Where a version is given, and the server did not page the first list, the list is not paged, so that it comes from
///   the server's memory.
/// * A watch goes on from the last version seen, which bookmarks advance. The server is asked to end it after 5 to 10 minutes;
///   30 seconds later the client does. A server that sends bookmarks may not be silent for longer than 3 minutes.
/// * 410, as a status or in the stream, leads to a list. 429, 502, 503, 504 and lost connections lead to another watch from
///   the same version.
/// * A watch that fails in another way, or ends within a second without progress, leads to another watch, and the third in a row to
///   a list.
/// * A version smaller than one already seen means that the server's history was rewound, as by restoring etcd from a backup, and
///   leads to a list of the most recent state. If it happens again within 10 minutes, the server's versions are taken as
///   opaque.
/// * Between a failure and the next request lies a wait of 800 ms, doubling to 30 s, stretched randomly up to twofold, and
///   forgotten after 2 minutes without failure; or longer, if the server asks for that, but no more than 5 minutes.
///
/// client-go lists after any failed watch but 429 and refused connections; the others are watched again here, because a list is
/// the dearest request there is and their version is still good.
///
/// # Examples
///
/// ```
/// use kubekit_cache::{Effect, Input, Reflector, ReflectorConfig, Step};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let now = tokio::time::Instant::now();
/// let mut reflector = Reflector::new(ReflectorConfig::default(), 7, now);
/// let Step::List(options) = reflector.step() else { panic!("it begins with a list") };
/// assert_eq!(options.query().to_string(), "limit=500&resourceVersion=0");
///
/// let page = Input::Page { resource_version: Some("42".into()), continue_token: None };
/// assert_eq!(reflector.handle(page, now), Effect::Replace);
/// let Step::Watch(options) = reflector.step() else { panic!("and goes on with a watch") };
/// assert_eq!(options.resource_version, Some("42".into()));
/// # }
/// ```
#[derive(Debug)]
pub struct Reflector {
    config: ReflectorConfig,
    rng: SmallRng,
    backoff: Backoff,
    position: Position,
    state: State,
    /// The server pages lists even of any state.
    paginated: bool,
    fruitless: u32,
}

impl Reflector {
    /// Makes a reflector that has seen nothing yet. Two reflectors with the same seed draw the same random times.
    pub fn new(config: ReflectorConfig, seed: u64, now: Instant) -> Self {
        let mut reflector = Self {
            config,
            rng: SmallRng::seed_from_u64(seed),
            backoff: Backoff::new(),
            position: Position::default(),
            state: State::Waiting {
                until: now,
                next: Next::List,
            },
            paginated: false,
            fruitless: 0,
        };
        reflector.list(now);
        reflector
    }

    /// Returns what to do now. It stays the same until the next input.
    pub fn step(&self) -> Step {
        match &self.state {
            State::Listing(listing) => Step::List(self.list_options(listing)),
            State::Opening { server_timeout, .. } => {
                Step::Watch(self.watch_options(*server_timeout))
            }
            State::Watching(_) => Step::Read,
            State::Waiting { .. } => Step::Wait,
        }
    }

    /// Returns when to give up what [`step`](Self::step) asks for, and to handle [`Input::Timeout`].
    pub fn poll_timeout(&self) -> Instant {
        match &self.state {
            State::Listing(listing) => listing.deadline,
            State::Opening { deadline, .. } => *deadline,
            State::Watching(watching) => watching.deadline(),
            State::Waiting { until, .. } => *until,
        }
    }

    /// Takes in what came of a step. An input that the present step cannot lead to changes nothing.
    #[must_use = "objects that came with the input are to be dealt with"]
    pub fn handle(&mut self, input: Input<'_>, now: Instant) -> Effect {
        match (&mut self.state, input) {
            (
                State::Listing(_),
                Input::Page {
                    resource_version,
                    continue_token,
                },
            ) => self.page(resource_version, continue_token, now),
            (State::Listing(_), Input::Failed(error)) => self.list_failed(error, now),
            (State::Listing(_), Input::Timeout) => self.wait(Next::List, None, now),
            (State::Opening { server_timeout, .. }, Input::Opened) => {
                self.state = State::Watching(Watching::new(now, *server_timeout));
                Effect::None
            }
            (State::Opening { .. }, Input::Timeout) => self.wait(Next::Watch, None, now),
            (
                State::Watching(watching),
                Input::Changed {
                    change,
                    resource_version,
                },
            ) => {
                watching.heard(now);
                let moved =
                    resource_version.map(|version| self.position.changed(change, version, now));
                self.moved(moved, Effect::Apply, now)
            }
            (State::Watching(watching), Input::Bookmark(version)) => {
                watching.bookmarked(now);
                let moved = self.position.bookmarked(version, now);
                self.moved(Some(moved), Effect::None, now)
            }
            (State::Watching(watching), Input::Closed) => {
                let healthy = watching.was_healthy(now);
                self.watch_ended(healthy, now)
            }
            // The server should have ended the watch before. The connection may be half open, so a new watch is opened at once.
            (State::Watching(_), Input::Timeout) => self.watch(now),
            (State::Opening { .. } | State::Watching(_), Input::Failed(error)) => {
                self.watch_failed(error, now)
            }
            (State::Waiting { next, .. }, Input::Timeout) => match next {
                Next::List => self.list(now),
                Next::Watch => self.watch(now),
            },
            _ => Effect::None,
        }
    }

    /// Returns the last resource version seen, by a list, an event or a bookmark.
    pub fn resource_version(&self) -> Option<&ResourceVersion> {
        self.position.version()
    }

    /// Returns what the reflector is at, for people and metrics.
    pub fn state(&self) -> ReflectorState {
        self.state.public()
    }

    fn page(
        &mut self,
        version: Option<ResourceVersion>,
        token: Option<&str>,
        now: Instant,
    ) -> Effect {
        let deadline = now + self.config.list_timeout;
        let State::Listing(listing) = &mut self.state else {
            return Effect::None;
        };
        if let Some(token) = token {
            self.paginated |= listing
                .version
                .as_ref()
                .is_some_and(ResourceVersion::is_any);
            listing.token = Some(token.to_owned());
            listing.deadline = deadline;
            return Effect::Collect;
        }
        self.position.listed(version);
        self.fruitless = 0;
        self.watch(now);
        Effect::Replace
    }

    fn list_failed(&mut self, error: &ListWatchError, now: Instant) -> Effect {
        use ListWatchErrorKind::{Expired, TooLargeResourceVersion};

        let State::Listing(listing) = &mut self.state else {
            return Effect::None;
        };
        match error.kind() {
            // The pages that are there belong to a state that the server has forgotten, so they cannot be completed.
            Expired if listing.token.take().is_some() => {
                listing.full = true;
                listing.deadline = now + self.config.list_timeout;
                Effect::None
            }
            Expired | TooLargeResourceVersion if self.position.is_available() => {
                self.position.lost();
                self.list(now)
            }
            _ => self.wait(Next::List, error.retry_after(), now),
        }
    }

    fn watch_failed(&mut self, error: &ListWatchError, now: Instant) -> Effect {
        use ListWatchErrorKind::{
            Connection, Expired, Forbidden, NotServed, Rejected, Throttled,
            TooLargeResourceVersion, Unavailable,
        };

        let healthy = matches!(&self.state, State::Watching(watching) if watching.was_healthy(now));
        match error.kind() {
            Connection | Unavailable if healthy => self.watch_ended(healthy, now),
            Connection | Unavailable | Throttled => {
                self.wait(Next::Watch, error.retry_after(), now)
            }
            TooLargeResourceVersion => {
                self.position.lost();
                self.wait(Next::List, error.retry_after(), now)
            }
            Expired | Forbidden | NotServed | Rejected => {
                self.wait(Next::List, error.retry_after(), now)
            }
            _ => self.fruitless_watch(error.retry_after(), now),
        }
    }

    fn watch_ended(&mut self, healthy: bool, now: Instant) -> Effect {
        if healthy {
            self.fruitless = 0;
            self.watch(now)
        } else {
            self.fruitless_watch(None, now)
        }
    }

    fn fruitless_watch(&mut self, delay: Option<Duration>, now: Instant) -> Effect {
        self.fruitless += 1;
        let next = if self.fruitless < FRUITLESS_WATCHES {
            Next::Watch
        } else {
            self.fruitless = 0;
            Next::List
        };
        self.wait(next, delay, now)
    }

    fn moved(&mut self, moved: Option<Moved>, effect: Effect, now: Instant) -> Effect {
        match moved {
            Some(Moved::Back) => return self.wait(Next::List, None, now),
            Some(Moved::Ahead) => {
                self.fruitless = 0;
                if let State::Watching(watching) = &mut self.state {
                    watching.progressed = true;
                }
            }
            Some(Moved::Still) | None => {}
        }
        effect
    }

    fn list(&mut self, now: Instant) -> Effect {
        self.state = State::Listing(Listing {
            version: self.position.list_version(),
            token: None,
            full: false,
            deadline: now + self.config.list_timeout,
        });
        Effect::None
    }

    fn watch(&mut self, now: Instant) -> Effect {
        let least = self.config.min_watch_timeout;
        self.state = State::Opening {
            server_timeout: least.mul_f64(1.0 + self.rng.random::<f64>()),
            deadline: now + self.config.open_timeout,
        };
        Effect::None
    }

    fn wait(&mut self, next: Next, delay: Option<Duration>, now: Instant) -> Effect {
        let asked = delay.unwrap_or_default().min(LONGEST_DELAY);
        let wait = self.backoff.failed(now, &mut self.rng).max(asked);
        self.state = State::Waiting {
            until: now + wait,
            next,
        };
        Effect::None
    }

    fn list_options(&self, listing: &Listing) -> ListOptions {
        let mut options = ListOptions::default()
            .label_selector(self.config.labels.clone())
            .field_selector(self.config.fields.clone());
        if self.is_paged(listing) {
            options = options.limit(self.config.page_size);
        }
        // A continue token says itself which version it belongs to.
        match (&listing.token, &listing.version) {
            (Some(token), _) => options.continue_token(token),
            (None, Some(version)) => options.resource_version(version.clone()),
            (None, None) => options,
        }
    }

    fn is_paged(&self, listing: &Listing) -> bool {
        let from_memory = listing
            .version
            .as_ref()
            .is_some_and(|version| !version.is_any());
        !listing.full && (!from_memory || self.paginated)
    }

    fn watch_options(&self, server_timeout: Duration) -> WatchOptions {
        let options = WatchOptions::default()
            .label_selector(self.config.labels.clone())
            .field_selector(self.config.fields.clone())
            .timeout(server_timeout);
        match self.position.version() {
            Some(version) => options.resource_version(version.clone()),
            None => options,
        }
    }
}
