//! Random writes against a model of optimistic concurrency, finalizers, preconditions, paging, compaction and snapshots, with a mirror that
//! follows by watching.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use std::collections::BTreeMap;

use kubekit_fake::{ApiServer, Snapshot};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{Answer, MAPS, Watch, delete, get, json_patch, merge, post, put, version, watch};

const FINALIZER: &str = "example.com/hold";

/// An object as the model knows it.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    label: String,
    held: bool,
    doomed: bool,
    version: u64,
}

type State = BTreeMap<String, Entry>;

/// Which version of an object a write says it is based on.
#[derive(Clone, Copy, Debug)]
enum Base {
    Unsaid,
    Current,
    Stale,
}

#[derive(Clone, Debug)]
enum Step {
    Create(String, String),
    Update(String, String, Base),
    Hold(String),
    Release(String),
    Delete(String, Base),
    DeleteSelected(String),
    /// Begins to read pages, or reads the next one.
    Page,
    Compact,
    Snapshot,
    Restore,
}

fn step() -> impl Strategy<Value = Step> {
    let name = || "[a-d]";
    let label = || "[xy]";
    let base = || prop_oneof![Just(Base::Unsaid), Just(Base::Current), Just(Base::Stale)];
    prop_oneof![
        4 => (name(), label()).prop_map(|(name, label)| Step::Create(name, label)),
        4 => (name(), label(), base()).prop_map(|(name, label, base)| Step::Update(name, label, base)),
        2 => name().prop_map(Step::Hold),
        2 => name().prop_map(Step::Release),
        3 => (name(), base()).prop_map(|(name, base)| Step::Delete(name, base)),
        1 => label().prop_map(Step::DeleteSelected),
        4 => Just(Step::Page),
        1 => Just(Step::Compact),
        1 => Just(Step::Snapshot),
        1 => Just(Step::Restore),
    ]
}

struct Model {
    server: ApiServer,
    state: State,
    snapshot: Option<(Snapshot, State)>,
    /// Pages in progress: what they have to add up to, what they have by now, and where to go on.
    pages: Option<(State, State, String)>,
    mirror: State,
    events: Watch,
}

impl Model {
    async fn new() -> Model {
        let server = ApiServer::new();
        let events = follow(&server, server.revision()).await;
        Model {
            server,
            state: State::new(),
            snapshot: None,
            pages: None,
            mirror: State::new(),
            events,
        }
    }

    async fn step(&mut self, step: &Step) {
        match step {
            Step::Create(name, label) => self.create(name, label).await,
            Step::Update(name, label, base) => self.update(name, label, *base).await,
            Step::Hold(name) => self.hold(name).await,
            Step::Release(name) => self.release(name).await,
            Step::Delete(name, base) => self.delete(name, *base).await,
            Step::DeleteSelected(label) => self.delete_selected(label).await,
            Step::Page => self.page().await,
            Step::Compact => {
                self.server.compact();
                self.pages = None;
            }
            Step::Snapshot => self.snapshot = Some((self.server.snapshot(), self.state.clone())),
            Step::Restore => self.restore(),
        }
        self.catch_up().await;
        assert_eq!(self.mirror, self.state, "after {step:?}");
    }

    async fn create(&mut self, name: &str, label: &str) {
        let answer = post(&self.server, MAPS, object(name, label, false)).await;
        if self.state.contains_key(name) {
            assert_eq!(answer.code, 409);
        } else {
            assert_eq!(answer.code, 201);
            self.state.insert(name.to_owned(), entry(&answer.body));
        }
    }

    async fn update(&mut self, name: &str, label: &str, base: Base) {
        let Some(known) = self.state.get(name).cloned() else {
            let answer = put(&self.server, &path(name), object(name, label, false)).await;
            return assert_eq!(answer.code, 404);
        };
        let mut wanted = object(name, label, known.held);
        if let Some(version) = base.version(&known) {
            wanted["metadata"]["resourceVersion"] = version.into();
        }
        let answer = put(&self.server, &path(name), wanted).await;
        if let Base::Stale = base {
            return assert_eq!(answer.code, 409);
        }
        let changes = known.label != label;
        self.written(name, &answer);
        assert_eq!(
            self.state[name].version > known.version,
            changes,
            "only changes are new versions"
        );
        assert_eq!(self.state[name].label, label);
    }

    async fn hold(&mut self, name: &str) {
        let patch = json!({"metadata": {"finalizers": [FINALIZER]}});
        let answer = merge(&self.server, &path(name), patch).await;
        match self.state.get(name) {
            None => assert_eq!(answer.code, 404),
            Some(entry) if entry.doomed && !entry.held => assert_eq!(answer.code, 422),
            Some(_) => self.written(name, &answer),
        }
    }

    async fn release(&mut self, name: &str) {
        let Some(known) = self.state.get(name).cloned() else {
            return;
        };
        let test = json!([
            {"op": "test", "path": "/metadata/resourceVersion", "value": known.version.to_string()},
            {"op": "replace", "path": "/metadata/finalizers", "value": []},
        ]);
        let answer = json_patch(&self.server, &path(name), test).await;
        assert_eq!(answer.code, 200, "{}", answer.body);
        if known.doomed {
            self.state.remove(name);
        } else {
            self.written(name, &answer);
        }
    }

    async fn delete(&mut self, name: &str, base: Base) {
        let known = self.state.get(name).cloned();
        let version = known.as_ref().and_then(|known| base.version(known));
        let options = json!({"preconditions": {"resourceVersion": version}});
        let answer = delete(&self.server, &path(name), options).await;
        match (known, base) {
            (None, _) => assert_eq!(answer.code, 404),
            (Some(_), Base::Stale) => assert_eq!(answer.code, 409),
            (Some(known), _) if known.held => self.written(name, &answer),
            (Some(_), _) => {
                assert_eq!(answer.code, 200);
                self.state.remove(name);
            }
        }
    }

    async fn delete_selected(&mut self, label: &str) {
        let selected = format!("{MAPS}?labelSelector=l%3D{label}");
        assert_eq!(delete(&self.server, &selected, Value::Null).await.code, 200);
        self.state
            .retain(|_, entry| entry.label != label || entry.held);
        let doomed = state_of(&get(&self.server, &selected).await.body);
        assert!(doomed.values().all(|entry| entry.doomed && entry.held));
        self.state.extend(doomed);
    }

    async fn page(&mut self) {
        let (expected, mut found, query) = self
            .pages
            .take()
            .unwrap_or_else(|| (self.state.clone(), State::new(), String::new()));
        let page = get(
            &self.server,
            &format!("{MAPS}?labelSelector=l&limit=2{query}"),
        )
        .await;
        assert_eq!(page.code, 200, "{}", page.body);
        found.extend(state_of(&page.body));
        match page.body["metadata"]["continue"].as_str() {
            Some(next) => self.pages = Some((expected, found, format!("&continue={next}"))),
            None => assert_eq!(found, expected, "pages show one moment"),
        }
    }

    fn restore(&mut self) {
        if let Some((snapshot, state)) = &self.snapshot {
            self.server.restore(snapshot);
            self.state = state.clone();
            self.pages = None;
        }
    }

    /// What an update was answered with is what the object is now.
    fn written(&mut self, name: &str, answer: &Answer) {
        assert_eq!(answer.code, 200, "{}", answer.body);
        self.state.insert(name.to_owned(), entry(&answer.body));
    }

    /// Follows the watch as an informer does: after 410 it lists and watches again.
    async fn catch_up(&mut self) {
        while let Some(event) = self.events.ready().await {
            let object = &event["object"];
            match event["type"].as_str().unwrap() {
                "ERROR" => {
                    assert_eq!(object["code"], 410);
                    let list = get(&self.server, &format!("{MAPS}?labelSelector=l"))
                        .await
                        .body;
                    self.mirror = state_of(&list);
                    self.events = follow(&self.server, version(&list)).await;
                }
                "DELETED" => assert!(self.mirror.remove(name_of(object)).is_some()),
                kind => {
                    let before = self
                        .mirror
                        .insert(name_of(object).to_owned(), entry(object));
                    assert_eq!(before.is_none(), kind == "ADDED");
                }
            }
        }
    }
}

impl Base {
    fn version(self, known: &Entry) -> Option<String> {
        match self {
            Base::Unsaid => None,
            Base::Current => Some(known.version.to_string()),
            Base::Stale => Some((known.version - 1).to_string()),
        }
    }
}

async fn follow(server: &ApiServer, from: u64) -> Watch {
    watch(
        server,
        &format!("{MAPS}?labelSelector=l&watch=1&resourceVersion={from}"),
    )
    .await
}

fn path(name: &str) -> String {
    format!("{MAPS}/{name}")
}

fn object(name: &str, label: &str, held: bool) -> Value {
    let finalizers: &[&str] = if held { &[FINALIZER] } else { &[] };
    json!({"metadata": {"name": name, "labels": {"l": label}, "finalizers": finalizers}})
}

fn name_of(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap()
}

fn entry(object: &Value) -> Entry {
    let metadata = &object["metadata"];
    Entry {
        label: metadata["labels"]["l"].as_str().unwrap().to_owned(),
        held: !metadata["finalizers"].is_null(),
        doomed: !metadata["deletionTimestamp"].is_null(),
        version: version(object),
    }
}

fn state_of(list: &Value) -> State {
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| (name_of(item).to_owned(), entry(item)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn writes_do_what_the_model_says_and_watches_tell_of_it(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut model = Model::new().await;
            for step in &steps {
                model.step(step).await;
            }
        });
    }
}
