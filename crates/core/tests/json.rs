//! Lists and watches in JSON.

use bytes::{Bytes, BytesMut};
use k8s_openapi::api::core::v1::ConfigMap;
use kubekit_core::{
    ChangeKind, Codec, DecodeError, FrameError, Framer, Json, JsonFramer, ObjectKey,
    PartialObjectMetadata, Undecodable, Unstructured, WatchEvent,
};
use proptest::prelude::*;

fn list(
    body: &str,
) -> (
    Vec<Result<ConfigMap, Undecodable>>,
    Result<String, DecodeError>,
) {
    let mut items = Vec::new();
    let body = Bytes::copy_from_slice(body.as_bytes());
    let metadata = Codec::<ConfigMap>::decode_list(&Json, &body, &mut |item| items.push(item));
    (
        items,
        metadata.map(|metadata| metadata.resource_version.unwrap_or_default()),
    )
}

fn event(frame: &str) -> Result<WatchEvent<ConfigMap>, DecodeError> {
    Json.decode_event(&Bytes::copy_from_slice(frame.as_bytes()))
}

#[test]
fn a_list_reads_in_any_order_of_its_fields() {
    for body in [
        r#"{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a"}}]}"#,
        r#"{"items":[{"metadata":{"name":"a"}}],"metadata":{"resourceVersion":"7"},"kind":"ConfigMapList"}"#,
        "{ \"items\" : [ { \"metadata\" : { \"name\" : \"a\" } } ] ,\n \"new\": [{\"x\":\"}]\"}], \"metadata\" : { \"resourceVersion\" : \"7\" } }\n",
    ] {
        let (items, version) = list(body);
        assert_eq!(version.unwrap(), "7");
        assert_eq!(items.len(), 1);
        assert_eq!(
            items[0].as_ref().unwrap().metadata.name.as_deref(),
            Some("a")
        );
    }
}

#[test]
fn an_empty_list_may_be_null() {
    for items in ["[]", "null", "[ ]"] {
        let (items, version) = list(&format!(
            r#"{{"metadata":{{"resourceVersion":"7"}},"items":{items}}}"#
        ));
        assert_eq!((items.len(), version.unwrap().as_str()), (0, "7"));
    }
}

#[test]
fn a_bad_item_is_reported_with_its_identity_and_the_others_are_read() {
    let (items, version) = list(
        r#"{"metadata":{"resourceVersion":"7"},"items":[
            {"metadata":{"name":"a"}},
            {"metadata":{"name":"b","namespace":"n","resourceVersion":"5"},"data":{"k":["]}\"",1]}},
            {"metadata":{"name":"c"},"data":{"k":"v"}},
            "nonsense",
            {"metadata":{"name":"d"}}]}"#,
    );
    assert_eq!(version.unwrap(), "7");
    let good: Vec<_> = items
        .iter()
        .flatten()
        .filter_map(|map| map.metadata.name.as_deref())
        .collect();
    assert_eq!(good, ["a", "c", "d"]);
    let bad: Vec<_> = items
        .iter()
        .filter_map(|item| item.as_ref().err())
        .collect();
    assert_eq!(bad.len(), 2);
    assert_eq!(bad[0].key, Some(ObjectKey::namespaced("n", "b")));
    assert_eq!(bad[0].resource_version, Some("5".into()));
    assert!(
        bad[0].raw.starts_with(b"{\"metadata\":{\"name\":\"b\"") && bad[0].raw.ends_with(b"1]}}")
    );
    assert_eq!(
        (&bad[1].key, &bad[1].raw[..]),
        (&None, &br#""nonsense""#[..])
    );
}

#[test]
fn what_is_not_a_list_is_an_error_that_says_where() {
    for (body, offset) in [
        ("", 0),
        ("[]", 0),
        ("{}", 0),
        (r#"{"items":[]}"#, 0),
        (r#"{"metadata":{}}"#, 0),
        (r#"{"metadata":{},"items":5}"#, 0),
        (r#"{"metadata":[5],"items":[]}"#, 12),
        (r#"{"metadata":{},"items":[{"metadata":{"name":"a"}}"#, 49),
        (r#"{"metadata":{},"items":["#, 24),
        (r#"{"metadata":{},"items":[{"data":{"k":"v}]"#, 41),
    ] {
        let error = list(body).1.expect_err(body);
        assert_eq!(error.offset(), offset, "{body}: {error:?}");
    }
}

#[test]
fn events_carry_their_object() {
    let object = r#"{"metadata":{"name":"a"}}"#;
    fn name(map: &ConfigMap) -> Option<&str> {
        map.metadata.name.as_deref()
    }
    assert!(
        matches!(event(&format!(r#"{{"type":"ADDED","object":{object}}}"#)).unwrap(),
        WatchEvent::Added(map) if name(&map) == Some("a"))
    );
    assert!(
        matches!(event(&format!(r#"{{"object":{object},"type":"MODIFIED"}}"#)).unwrap(),
        WatchEvent::Modified(map) if name(&map) == Some("a"))
    );
    assert!(
        matches!(event(&format!(r#" {{ "type" : "DELETED" , "object" : {object} }} "#)).unwrap(),
        WatchEvent::Deleted(map) if name(&map) == Some("a"))
    );
}

#[test]
fn bookmarks_say_whether_the_initial_events_are_over() {
    let bookmark = |annotations: &str| {
        let frame = format!(
            r#"{{"type":"BOOKMARK","object":{{"kind":"ConfigMap","metadata":{{"resourceVersion":"9"{annotations}}}}}}}"#
        );
        match event(&frame).unwrap() {
            WatchEvent::Bookmark(bookmark) => bookmark,
            other => panic!("{other:?}"),
        }
    };
    assert!(!bookmark("").initial_events_end);
    assert_eq!(bookmark("").resource_version, "9".into());
    assert!(bookmark(r#","annotations":{"k8s.io/initial-events-end":"true"}"#).initial_events_end);
    assert!(!bookmark(r#","annotations":{"other":"true"}"#).initial_events_end);
}

#[test]
fn errors_of_a_watch_are_statuses() {
    let frame = r#"{"type":"ERROR","object":{"kind":"Status","message":"too old","reason":"Expired","code":410}}"#;
    assert!(matches!(event(frame).unwrap(), WatchEvent::Error(status) if status.is_expired()));
}

#[test]
fn a_bad_object_in_a_watch_is_reported_with_its_identity() {
    let frame =
        r#"{"type":"MODIFIED","object":{"metadata":{"name":"a","namespace":"n"},"data":[]}}"#;
    match event(frame).unwrap() {
        WatchEvent::Undecodable {
            change: ChangeKind::Modified,
            item,
        } => {
            assert_eq!(item.key, Some(ObjectKey::namespaced("n", "a")));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_not_an_event_is_an_error() {
    for frame in [
        "",
        "{}",
        "5",
        r#"{"type":"ADDED"}"#,
        r#"{"object":{}}"#,
        r#"{"type":"NEW","object":{}}"#,
    ] {
        assert!(event(frame).is_err(), "{frame}");
    }
}

#[test]
fn errors_do_not_print_the_bytes() {
    let (items, _) =
        list(r#"{"metadata":{},"items":[{"metadata":{"name":"a"},"data":{"password":12345}}]}"#);
    let bad = items[0].as_ref().unwrap_err();
    assert!(!format!("{} {:?}", bad.error, bad.error).contains("password\":"));
}

#[test]
fn dynamic_objects_keep_every_field() {
    let text = r#"{"apiVersion":"example.com/v1","kind":"Website","metadata":{"name":"a"},"spec":{"n":[1,null]},"status":{}}"#;
    let object: Unstructured = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&object).unwrap(), text);
    assert_eq!(
        object.types.gvk().unwrap().to_string(),
        "example.com/v1, Kind=Website"
    );
    let partial: PartialObjectMetadata = serde_json::from_str(text).unwrap();
    assert_eq!(
        (partial.types, partial.metadata),
        (object.types, object.metadata)
    );
}

fn frames(body: &[u8], cuts: &[usize]) -> Result<Vec<Bytes>, FrameError> {
    let mut framer = JsonFramer::default();
    let mut buffer = BytesMut::new();
    let mut frames = Vec::new();
    let mut at = 0;
    for end in cuts.iter().copied().chain([body.len()]) {
        let end = end.clamp(at, body.len());
        buffer.extend_from_slice(&body[at..end]);
        at = end;
        while let Some(frame) = framer.next(&mut buffer)? {
            frames.push(frame);
        }
    }
    Ok(frames)
}

#[test]
fn frames_need_nothing_between_them() {
    let body = br#"{"a":"}\"{"}{"b":[{}]}

  {"c":1}"#;
    let found = frames(body, &[]).unwrap();
    assert_eq!(
        found,
        [&br#"{"a":"}\"{"}"#[..], br#"{"b":[{}]}"#, br#"{"c":1}"#]
    );
}

#[test]
fn a_stream_that_is_not_json_is_refused() {
    assert_eq!(
        frames(b"<html>", &[]),
        Err(FrameError::Malformed { byte: b'<' })
    );
}

#[test]
fn a_frame_above_the_limit_is_refused_before_it_is_whole() {
    let mut framer = JsonFramer::new(8);
    let mut buffer = BytesMut::from(&br#"{"a":"bcdefg"#[..]);
    assert_eq!(
        framer.next(&mut buffer),
        Err(FrameError::TooLarge { limit: 8 })
    );
}

proptest! {
    #[test]
    fn frames_are_the_same_wherever_the_network_cuts(
        texts in proptest::collection::vec(r#"[a-z{}\[\]"\\ ü]{0,12}"#, 1..6),
        mut cuts in proptest::collection::vec(0_usize..200, 0..12),
    ) {
        let expected: Vec<_> =
            texts.iter().map(|text| serde_json::to_string(&serde_json::json!({ "t": text })).unwrap()).collect();
        cuts.sort_unstable();
        let found = frames(expected.join("\n").as_bytes(), &cuts).unwrap();
        prop_assert_eq!(found, expected.iter().map(|text| Bytes::copy_from_slice(text.as_bytes())).collect::<Vec<_>>());
    }

    #[test]
    fn no_body_makes_the_decoder_panic(body in r#"[{}\[\]",:a-z0-9\\ ]{0,40}"#) {
        let _ = list(&body);
        let _ = list(&format!(r#"{{"metadata":{{}},"items":[{body}]}}"#));
        let _ = event(&body);
        let _ = event(&format!(r#"{{"type":"ADDED","object":{body}}}"#));
    }
}
