//! Protobuf over HTTP: what clients send and get that prefer it, as typed Go clients do.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use kubekit_fake::{ApiServer, Body};
use serde_json::json;

mod support;
use support::{MAPS, create_map, define, delete, get, post, send};

const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

async fn ask(
    server: &ApiServer,
    method: Method,
    path: &str,
    accept: &str,
    body: &[u8],
) -> Response<Body> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("accept", accept)
        .header("content-type", PROTOBUF)
        .body(Full::from(Bytes::copy_from_slice(body)))
        .unwrap();
    send(server, request).await
}

/// The status code, the content type and the body of an answer.
async fn read(response: Response<Body>) -> (u16, String, Bytes) {
    let code = response.status().as_u16();
    let content_type = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    (
        code,
        content_type,
        response.collect().await.unwrap().to_bytes(),
    )
}

async fn fetch(server: &ApiServer, path: &str, accept: &str) -> (u16, String, Bytes) {
    read(ask(server, Method::GET, path, accept, b"").await).await
}

fn varint(bytes: &mut &[u8]) -> usize {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let byte = bytes[0];
        *bytes = &bytes[1..];
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}

/// The values of a field that is text, bytes or a message.
fn field(mut message: &[u8], number: usize) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while !message.is_empty() {
        let key = varint(&mut message);
        let length = varint(&mut message);
        if key & 7 == 2 {
            let (value, rest) = message.split_at(length);
            message = rest;
            if key >> 3 == number {
                found.push(value);
            }
        }
    }
    found
}

fn text(message: &[u8], number: usize) -> &str {
    std::str::from_utf8(field(message, number)[0]).unwrap()
}

/// Kind, version and message in an envelope.
fn opened(bytes: &[u8]) -> (&str, &str, &[u8]) {
    let envelope = bytes
        .strip_prefix(b"k8s\0")
        .expect("it begins like a message");
    let types = field(envelope, 1)[0];
    (text(types, 2), text(types, 1), field(envelope, 2)[0])
}

fn name(object: &[u8]) -> &str {
    text(field(object, 1)[0], 1)
}

/// A config map `pb` with `k: v`, as a client sends it.
const CONFIG_MAP: &[u8] =
    b"k8s\0\x0a\x0f\x0a\x02v1\x12\x09ConfigMap\x12\x0e\x0a\x04\x0a\x02pb\x12\x06\x0a\x01k\x12\x01v\x1a\x00\x22\x00";

#[tokio::test]
async fn an_object_created_in_protobuf_is_read_in_json_and_the_other_way_round() {
    let server = ApiServer::new();
    let (code, content_type, body) =
        read(ask(&server, Method::POST, MAPS, PROTOBUF, CONFIG_MAP).await).await;
    assert_eq!((code, content_type.as_str()), (201, PROTOBUF));
    let (kind, api_version, map) = opened(&body);
    assert_eq!((kind, api_version, name(map)), ("ConfigMap", "v1", "pb"));

    let stored = get(&server, &format!("{MAPS}/pb")).await.body;
    assert_eq!(stored["data"], json!({"k": "v"}));
    let metadata = field(map, 1)[0];
    assert_eq!(stored["metadata"]["uid"], text(metadata, 5));
    assert_eq!(stored["metadata"]["resourceVersion"], text(metadata, 6));

    create_map(&server, "a").await;
    let (_, _, body) = fetch(&server, &format!("{MAPS}/a"), PROTOBUF).await;
    assert_eq!(name(opened(&body).2), "a");
}

#[tokio::test]
async fn what_the_client_prefers_decides() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let path = format!("{MAPS}/a");
    for (accept, expected) in [
        (format!("{PROTOBUF},application/json"), PROTOBUF),
        (format!("application/json,{PROTOBUF}"), "application/json"),
        (
            format!("{PROTOBUF};q=0.3,application/json;q=0.9"),
            "application/json",
        ),
        (
            format!("{PROTOBUF};as=PartialObjectMetadata;g=meta.k8s.io;v=v1"),
            PROTOBUF,
        ),
    ] {
        let (code, content_type, _) = fetch(&server, &path, &accept).await;
        assert_eq!((code, content_type.as_str()), (200, expected), "{accept}");
    }
}

#[tokio::test]
async fn a_long_list_has_all_items() {
    let server = ApiServer::new();
    for number in 0..600 {
        create_map(&server, &format!("m{number:03}")).await;
    }
    let (_, _, body) = fetch(&server, MAPS, PROTOBUF).await;
    let (kind, _, list) = opened(&body);
    assert_eq!(kind, "ConfigMapList");
    let names: Vec<_> = field(list, 2).into_iter().map(name).collect();
    assert_eq!(names.len(), 600);
    assert_eq!((names[0], names[599]), ("m000", "m599"));
    assert_eq!(text(field(list, 1)[0], 2), server.revision().to_string());
}

#[tokio::test]
async fn errors_and_deletions_are_statuses_in_protobuf() {
    let server = ApiServer::new();
    let (code, content_type, body) = fetch(&server, &format!("{MAPS}/none"), PROTOBUF).await;
    assert_eq!((code, content_type.as_str()), (404, PROTOBUF));
    let (kind, _, status) = opened(&body);
    assert_eq!((kind, text(status, 4)), ("Status", "NotFound"));

    create_map(&server, "a").await;
    let request = ask(&server, Method::DELETE, &format!("{MAPS}/a"), PROTOBUF, b"").await;
    let (code, _, body) = read(request).await;
    assert_eq!((code, text(opened(&body).2, 2)), (200, "Success"));
}

#[tokio::test]
async fn what_is_no_protobuf_is_a_bad_request() {
    let server = ApiServer::new();
    for body in [
        &b"nope"[..],
        b"",
        &CONFIG_MAP[..24],
        b"k8s\0\x12\x04\x0a\x7fzz",
    ] {
        let (code, _, _) =
            read(ask(&server, Method::POST, MAPS, "application/json", body).await).await;
        assert_eq!(code, 400, "{body:?}");
    }
    // A message of another kind is not decoded as this one.
    let path = "/api/v1/namespaces/default/secrets";
    let (code, _, body) =
        read(ask(&server, Method::POST, path, "application/json", CONFIG_MAP).await).await;
    assert_eq!(code, 400);
    let text = String::from_utf8_lossy(&body);
    assert!(text.contains("ConfigMap in version"), "{text}");
}

#[tokio::test]
async fn options_of_a_deletion_are_read() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    // `dryRun: [All]`, field 5.
    let options =
        b"k8s\0\x0a\x13\x0a\x02v1\x12\x0dDeleteOptions\x12\x05\x2a\x03All\x1a\x00\x22\x00";
    let path = format!("{MAPS}/a");
    let (code, _, _) = read(ask(&server, Method::DELETE, &path, PROTOBUF, options).await).await;
    assert_eq!(code, 200);
    assert_eq!(get(&server, &path).await.code, 200);
}

#[tokio::test]
async fn a_custom_resource_has_protobuf_only_of_its_metadata() {
    let server = ApiServer::new();
    define(&server, "gadgets", "Gadget").await;
    let gadgets = "/apis/example.com/v1/namespaces/default/gadgets";
    let gadget = json!({"apiVersion": "example.com/v1", "kind": "Gadget", "metadata": {"name": "g"}, "spec": {"x": 1}});
    assert_eq!(post(&server, gadgets, gadget).await.code, 201);
    let path = format!("{gadgets}/g");

    let (code, content_type, body) = fetch(&server, &path, PROTOBUF).await;
    assert_eq!((code, content_type.as_str()), (406, PROTOBUF));
    assert_eq!(opened(&body).0, "Status");
    let (_, content_type, _) = fetch(&server, &path, &format!("{PROTOBUF},application/json")).await;
    assert_eq!(content_type, "application/json");

    let accept = format!("{PROTOBUF};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
    let (code, _, body) = fetch(&server, gadgets, &accept).await;
    assert_eq!(code, 200);
    let (kind, api_version, list) = opened(&body);
    assert_eq!(
        (kind, api_version),
        ("PartialObjectMetadataList", "meta.k8s.io/v1")
    );
    assert_eq!(name(field(list, 2)[0]), "g");
}

#[tokio::test]
async fn there_are_no_tables_in_protobuf() {
    let server = ApiServer::new();
    let accept = format!("{PROTOBUF};as=Table;g=meta.k8s.io;v=v1");
    let (code, content_type, _) = fetch(&server, MAPS, &accept).await;
    assert_eq!((code, content_type.as_str()), (406, "application/json"));
}

#[tokio::test]
async fn discovery_is_there_in_protobuf() {
    let server = ApiServer::new();
    for (path, expected) in [
        ("/api", "APIVersions"),
        ("/apis", "APIGroupList"),
        ("/apis/apps", "APIGroup"),
        ("/apis/apps/v1", "APIResourceList"),
    ] {
        let (code, content_type, body) = fetch(&server, path, PROTOBUF).await;
        assert_eq!((code, content_type.as_str()), (200, PROTOBUF), "{path}");
        let (kind, _, document) = opened(&body);
        assert_eq!(kind, expected);
        assert!(!document.is_empty(), "{path}");
    }
    let aggregated = format!("{PROTOBUF};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    let (_, content_type, body) = fetch(&server, "/apis", &aggregated).await;
    assert_eq!(content_type, aggregated);
    let (kind, api_version, list) = opened(&body);
    assert_eq!(
        (kind, api_version),
        ("APIGroupDiscoveryList", "apidiscovery.k8s.io/v2")
    );
    assert!(
        field(list, 2)
            .into_iter()
            .any(|group| name(group) == "apps")
    );
}

#[tokio::test]
async fn a_watch_is_a_row_of_frames() {
    let server = ApiServer::new();
    create_map(&server, "a").await;
    let path = format!(
        "{MAPS}?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1"
    );
    tokio::time::pause();
    let watch = ask(&server, Method::GET, &path, PROTOBUF, b"").await;
    assert_eq!(
        watch.headers()["content-type"],
        "application/vnd.kubernetes.protobuf;stream=watch"
    );
    delete(&server, &format!("{MAPS}/a"), json!(null)).await;
    let body = watch.collect().await.unwrap().to_bytes();

    let mut events = Vec::new();
    let mut rest = &body[..];
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (frame, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        let (kind, _, object) = opened(field(field(frame, 2)[0], 1)[0]);
        assert_eq!(kind, "ConfigMap");
        events.push((text(frame, 1), name(object)));
        rest = after;
    }
    assert_eq!(
        events[..3],
        [("ADDED", "a"), ("BOOKMARK", ""), ("DELETED", "a")]
    );
}
