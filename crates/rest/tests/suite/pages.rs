//! Lists in pages.

use futures::StreamExt;
use kubekit_rest::Page;

use crate::support::script::{Script, json as answer};
use crate::support::{list_json, maps, status_json};

fn expired() -> String {
    status_json(410, "Expired", "The provided continue parameter is too old")
}

#[tokio::test]
async fn pages_follow_the_continue_token() {
    let script = Script::new([
        answer(200, list_json(&["a", "b"], "t1")),
        answer(200, list_json(&["c"], "t2")),
        answer(200, list_json(&["d"], "")),
    ]);
    let list = maps(&script)
        .list()
        .resource_version("0")
        .labels("app=x".parse().expect("a selector"))
        .pages()
        .all()
        .await
        .expect("a list");
    assert_eq!(list.items.len(), 4);
    let queries: Vec<_> = script
        .requests()
        .iter()
        .map(|asked| asked.query())
        .collect();
    assert_eq!(
        queries,
        [
            "labelSelector=app%3Dx&limit=500&resourceVersion=0",
            "continue=t1&labelSelector=app%3Dx&limit=500",
            "continue=t2&labelSelector=app%3Dx&limit=500",
        ]
    );
}

#[tokio::test]
async fn an_expired_token_leads_to_one_whole_list() {
    let script = Script::new([
        answer(200, list_json(&["a", "b"], "t1")),
        answer(410, expired()),
        answer(200, list_json(&["a", "c", "d"], "")),
    ]);
    let pages = maps(&script).list().limit(2).pages();
    let pages: Vec<_> = pages.map(|page| page.expect("a page")).collect().await;
    let [Page::Next(first), Page::Restart(whole)] = &pages[..] else {
        panic!("a page and a restart, not {pages:?}");
    };
    assert_eq!((first.items.len(), whole.items.len()), (2, 3));
    let queries: Vec<_> = script
        .requests()
        .iter()
        .map(|asked| asked.query())
        .collect();
    assert_eq!(queries, ["limit=2", "continue=t1&limit=2", ""]);
}

#[tokio::test]
async fn a_restart_replaces_what_was_collected() {
    let script = Script::new([
        answer(200, list_json(&["a", "b"], "t1")),
        answer(410, expired()),
        answer(200, list_json(&["c"], "")),
    ]);
    let list = maps(&script).list().pages().all().await.expect("a list");
    assert_eq!(list.items.len(), 1);
}

#[tokio::test]
async fn a_first_page_that_is_expired_is_an_error() {
    let script = Script::new([answer(410, expired())]);
    let mut pages = maps(&script).list().resource_version("5").pages();
    let error = pages.next().await.expect("an item").expect_err("expired");
    assert!(error.is_expired());
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn a_whole_list_that_fails_ends_the_stream() {
    let script = Script::new([
        answer(200, list_json(&["a"], "t1")),
        answer(410, expired()),
        answer(410, expired()),
    ]);
    let mut pages = maps(&script).list().pages();
    assert!(pages.next().await.expect("an item").is_ok());
    assert!(pages.next().await.expect("an item").is_err());
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn nothing_is_asked_before_the_first_poll() {
    let script = Script::new([]);
    drop(maps(&script).list().pages());
    assert!(script.requests().is_empty());
}
