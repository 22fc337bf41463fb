//! The stream of a watch, over bodies that arrive in every shape.

use std::io::ErrorKind;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::FusedStream;
use http::Response;
use http_body::Frame;
use http_body_util::StreamBody;
use kubekit_core::{ChangeKind, WatchEvent};
use kubekit_rest::Body;

use crate::support::maps;
use crate::support::script::{Answer, Script, json as answer, pieces};

const EVENTS: &str = concat!(
    r#"{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"1"},"data":{"brace":"}{\"\\"}}}"#,
    "\n",
    r#"{"type":"MODIFIED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"é","resourceVersion":"2"}}}"#,
    "\n",
    r#"{"type":"DELETED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"3"}}}"#,
    "\n",
    r#"{"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"4"}}}"#,
    "\n",
);

/// Names the events that the stream of a script has, in one word each.
async fn words(answer: Answer) -> Vec<String> {
    let mut watch = maps(&Script::new([answer])).watch().await.expect("a watch");
    let mut words = Vec::new();
    while let Some(event) = watch.next().await {
        words.push(match event {
            Ok(event) => word(event),
            Err(error) if error.is_connection_lost() => "lost".to_owned(),
            Err(error) if error.is_decode() => "undecodable".to_owned(),
            Err(error) => panic!("an unexpected error: {error}"),
        });
    }
    assert!(watch.is_terminated());
    assert!(watch.next().await.is_none(), "it stays ended");
    words
}

fn word(event: WatchEvent<k8s_openapi::api::core::v1::ConfigMap>) -> String {
    match event {
        WatchEvent::Added(map) => format!("+{}", map.metadata.name.unwrap_or_default()),
        WatchEvent::Modified(map) => format!("~{}", map.metadata.name.unwrap_or_default()),
        WatchEvent::Deleted(map) => format!("-{}", map.metadata.name.unwrap_or_default()),
        WatchEvent::Bookmark(bookmark) => format!("@{}", bookmark.resource_version),
        WatchEvent::Error(status) => format!("!{}", status.code),
        WatchEvent::Undecodable { change, item } => {
            format!(
                "?{change:?} {}",
                item.key.map_or_else(String::new, |key| key.to_string())
            )
        }
        _ => panic!("an event of a new kind"),
    }
}

fn chunked(text: &'static str, size: usize) -> Answer {
    let frames = text
        .as_bytes()
        .chunks(size)
        .map(|piece| Ok::<_, std::io::Error>(Frame::data(Bytes::from_static(piece))));
    let body = Body::new(StreamBody::new(futures::stream::iter(frames)));
    Answer::Response(Response::new(body))
}

#[tokio::test]
async fn events_come_out_whole_wherever_the_network_cuts() {
    for size in (1..40).chain([EVENTS.len() / 2, EVENTS.len() - 1, EVENTS.len()]) {
        let words = words(chunked(EVENTS, size)).await;
        assert_eq!(words, ["+a", "~é", "-a", "@4"], "pieces of {size} bytes");
    }
}

#[tokio::test]
async fn a_stream_that_ends_between_events_ended_well() {
    assert_eq!(words(pieces([])).await, Vec::<String>::new());
    assert_eq!(words(pieces([Ok("\n\n")])).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_stream_that_ends_within_an_event_was_cut() {
    assert_eq!(words(chunked(&EVENTS[..200], 64)).await, ["+a", "lost"]);
}

#[tokio::test]
async fn a_broken_connection_is_told_from_an_end() {
    let events = pieces([Ok(EVENTS), Err(ErrorKind::ConnectionReset)]);
    assert_eq!(words(events).await, ["+a", "~é", "-a", "@4", "lost"]);
}

#[tokio::test]
async fn an_error_event_is_an_item() {
    let event = concat!(
        r#"{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","#,
        r#""message":"too old resource version: 1 (5)","reason":"Expired","code":410}}"#
    );
    assert_eq!(words(pieces([Ok(event)])).await, ["!410"]);
}

#[tokio::test]
async fn an_object_that_cannot_be_decoded_does_not_end_the_watch() {
    let events = pieces([
        Ok(
            r#"{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"namespace":"shop","name":"bad","resourceVersion":"1"},"data":5}}"#,
        ),
        Ok(EVENTS),
    ]);
    let words = words(events).await;
    assert_eq!(words[0], format!("?{:?} shop/bad", ChangeKind::Added));
    assert_eq!(words.len(), 5);
}

#[tokio::test]
async fn what_is_no_event_ends_the_watch() {
    for nonsense in ["<html>", r#"{"kind":"Status"}"#, "[]"] {
        let words = words(pieces([Ok(nonsense), Ok(EVENTS)])).await;
        assert_eq!(words, ["undecodable"], "{nonsense}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_is_turned_away_for_a_moment_begins_later() {
    let script = Script::new([
        answer(429, "").header("retry-after", "1"),
        chunked(EVENTS, 100),
    ]);
    let watch = maps(&script).watch().await.expect("a watch");
    assert_eq!(watch.count().await, 4);
}
