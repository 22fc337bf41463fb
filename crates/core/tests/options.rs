//! What requests ask for.

use std::time::Duration;

use kubekit_core::{
    CreateOptions, DeleteOptions, FieldSelector, FieldValidation, GetOptions, LabelSelector,
    ListOptions, PatchOptions, Preconditions, PropagationPolicy, ResourceVersionMatch,
    UpdateOptions, WatchOptions,
};

#[test]
fn default_options_ask_for_nothing() {
    assert_eq!(GetOptions::default().query().to_string(), "");
    assert_eq!(ListOptions::default().query().to_string(), "");
    assert_eq!(CreateOptions::default().query().to_string(), "");
    assert_eq!(UpdateOptions::default().query().to_string(), "");
    assert_eq!(PatchOptions::default().query().to_string(), "");
    assert_eq!(
        &DeleteOptions::default().body()[..],
        br#"{"kind":"DeleteOptions","apiVersion":"v1"}"#
    );
}

#[test]
fn a_list_sends_all_its_options() {
    let options = ListOptions::default()
        .label_selector(LabelSelector::all().eq("app", "web").unwrap())
        .field_selector(FieldSelector::all().eq("metadata.name", "a"))
        .limit(5)
        .continue_token("t=")
        .resource_version("7")
        .resource_version_match(ResourceVersionMatch::Exact)
        .timeout(Duration::from_millis(1500))
        .shard_selector("shardRange(object.metadata.uid,'0x0','0x8')");
    assert_eq!(
        options.query().to_string(),
        "labelSelector=app%3Dweb&fieldSelector=metadata.name%3Da&limit=5&continue=t%3D&resourceVersion=7\
         &resourceVersionMatch=Exact&timeoutSeconds=2&shardSelector=shardRange%28object.metadata.uid%2C%270x0%27%2C%270x8%27%29",
    );
}

#[test]
fn a_watch_asks_for_bookmarks_unless_told_otherwise() {
    assert_eq!(
        WatchOptions::default().query().to_string(),
        "allowWatchBookmarks=true&watch=true"
    );
    assert_eq!(
        WatchOptions::default()
            .without_bookmarks()
            .query()
            .to_string(),
        "watch=true"
    );
}

#[test]
fn a_streaming_list_sends_what_belongs_together() {
    let options = WatchOptions::default()
        .without_bookmarks()
        .resource_version("7")
        .streaming_list();
    assert_eq!(
        options.query().to_string(),
        "allowWatchBookmarks=true&resourceVersion=7&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&watch=true",
    );
}

#[test]
fn writes_send_all_their_options() {
    let options = PatchOptions::default()
        .dry_run()
        .field_manager("a b")
        .field_validation(FieldValidation::Strict)
        .force();
    assert_eq!(
        options.query().to_string(),
        "dryRun=All&fieldManager=a+b&fieldValidation=Strict&force=true"
    );
}

#[test]
fn a_delete_sends_its_options_as_a_body_that_reads_back() {
    let options = DeleteOptions::default()
        .grace_period_seconds(0)
        .propagation_policy(PropagationPolicy::Orphan)
        .preconditions(Preconditions::default().uid("u").resource_version("7"))
        .dry_run();
    let body = options.body();
    assert_eq!(
        std::str::from_utf8(&body).unwrap(),
        r#"{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0,"preconditions":{"uid":"u","resourceVersion":"7"},"propagationPolicy":"Orphan","dryRun":["All"]}"#,
    );
    assert_eq!(
        serde_json::from_slice::<DeleteOptions>(&body).unwrap(),
        options
    );
    let null: DeleteOptions =
        serde_json::from_str(r#"{"dryRun":null,"preconditions":null}"#).unwrap();
    assert_eq!(null, DeleteOptions::default());
}
