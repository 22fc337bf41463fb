//! Random operations against a simple model: whatever happens, lists, pages, exact lists and watches tell the same story.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use std::collections::BTreeMap;

use kubekit_fake::ApiServer;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{MAPS, delete, get, merge, post, put, version, watch};

/// Names to labels.
type State = BTreeMap<String, String>;

#[derive(Clone, Debug)]
enum Step {
    Create(String, String),
    Relabel(String, String),
    Replace(String, String),
    Delete(String),
}

fn step() -> impl Strategy<Value = Step> {
    let name = "[a-e]";
    let label = "[xyz]";
    prop_oneof![
        (name, label).prop_map(|(name, label)| Step::Create(name, label)),
        (name, label).prop_map(|(name, label)| Step::Relabel(name, label)),
        (name, label).prop_map(|(name, label)| Step::Replace(name, label)),
        name.prop_map(Step::Delete),
    ]
}

fn object(name: &str, label: &str) -> Value {
    json!({"metadata": {"name": name, "labels": {"l": label}}})
}

/// Does it to the server and to the model, which agree on whether it can be done.
async fn apply(server: &ApiServer, state: &mut State, step: &Step) {
    match step {
        Step::Create(name, label) => {
            let answer = post(server, MAPS, object(name, label)).await;
            let is_new = !state.contains_key(name);
            assert_eq!(answer.code, if is_new { 201 } else { 409 });
            state.entry(name.clone()).or_insert_with(|| label.clone());
        }
        Step::Relabel(name, label) => {
            let path = format!("{MAPS}/{name}");
            let answer = merge(server, &path, object(name, label)).await;
            change(state, name, label, answer.code);
        }
        Step::Replace(name, label) => {
            let path = format!("{MAPS}/{name}");
            let answer = put(server, &path, object(name, label)).await;
            change(state, name, label, answer.code);
        }
        Step::Delete(name) => {
            let answer = delete(server, &format!("{MAPS}/{name}"), Value::Null).await;
            let was_there = state.remove(name).is_some();
            assert_eq!(answer.code, if was_there { 200 } else { 404 });
        }
    }
}

fn change(state: &mut State, name: &str, label: &str, code: u16) {
    assert_eq!(code, if state.contains_key(name) { 200 } else { 404 });
    state
        .entry(name.to_owned())
        .and_modify(|old| label.clone_into(old));
}

fn state_of(list: &Value) -> State {
    let items = list["items"].as_array().unwrap();
    items.iter().map(entry).collect()
}

fn entry(object: &Value) -> (String, String) {
    let metadata = &object["metadata"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&metadata["name"]), text(&metadata["labels"]["l"]))
}

async fn list(server: &ApiServer, query: &str) -> Value {
    let answer = get(server, &format!("{MAPS}?{query}")).await;
    assert_eq!(answer.code, 200, "{}", answer.body);
    answer.body
}

/// What the pages of a list have together.
async fn pages(server: &ApiServer, limit: usize) -> State {
    let mut state = State::new();
    let mut query = format!("limit={limit}");
    loop {
        let page = list(server, &query).await;
        state.extend(state_of(&page));
        match page["metadata"]["continue"].as_str() {
            Some(token) => query = format!("limit={limit}&continue={token}"),
            None => return state,
        }
    }
}

/// What a watch from a revision on makes of the state at that revision.
async fn replay(server: &ApiServer, from: u64, mut state: State, selector: &str) -> State {
    let path = format!("{MAPS}?watch=1&resourceVersion={from}&timeoutSeconds=1{selector}");
    let mut events = watch(server, &path).await;
    let mut last = from;
    while let Some(event) = events.next().await {
        let (name, label) = entry(&event["object"]);
        assert!(version(&event["object"]) > last, "versions grow");
        last = version(&event["object"]);
        let before = match event["type"].as_str().unwrap() {
            "DELETED" => state.remove(&name),
            _ => state.insert(name, label),
        };
        assert_eq!(before.is_none(), event["type"] == "ADDED", "{event}");
    }
    state
}

async fn check(steps: &[Step]) {
    let server = ApiServer::new();
    let mut state = State::new();
    let mut history = vec![(server.revision(), state.clone())];
    for step in steps {
        apply(&server, &mut state, step).await;
        history.push((server.revision(), state.clone()));
    }

    assert_eq!(state_of(&list(&server, "").await), state);
    for limit in 1..=3 {
        assert_eq!(pages(&server, limit).await, state);
    }
    for (revision, then) in &history {
        let exact = format!("resourceVersionMatch=Exact&resourceVersion={revision}");
        assert_eq!(&state_of(&list(&server, &exact).await), then);
    }
    for (revision, then) in history.iter().step_by(5) {
        assert_eq!(replay(&server, *revision, then.clone(), "").await, state);
        let selected = |state: &State| -> State {
            let kept = state.iter().filter(|(_, label)| *label == "x");
            kept.map(|(name, label)| (name.clone(), label.clone()))
                .collect()
        };
        let selector = "&labelSelector=l%3Dx";
        let seen = replay(&server, *revision, selected(then), selector).await;
        assert_eq!(seen, selected(&state));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn lists_pages_exact_lists_and_watches_agree(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(check(&steps));
    }
}
