//! Answers that are compressed.

use bytes::Bytes;
use http::Response;
use kubekit_rest::{Body, RestClient};

use crate::support::script::{Answer, Script, json as answer};
use crate::support::{config, list_json, maps};

/// A list with one config map, `zipped`, as `gzip -9n` writes it.
const ZIPPED: &str = "1f8b080000000000020355ca2b0e80301045d1bd3c5d8322a9c582c510c4840e6442fa495b1034dd3b75047bef2938c519680cdeed724c144649190a1464e698c4bb36efae15cb990c65822e889cfc1537fe488faa20996d825eca0f3bb2dcc42321b041ad6b7d01a9ba200276000000";

fn zipped() -> Answer {
    let bytes: Vec<u8> = (0..ZIPPED.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&ZIPPED[at..at + 2], 16).expect("hexadecimal"))
        .collect();
    let response = Response::new(Body::from(Bytes::from(bytes)));
    Answer::Response(response).header("content-encoding", "gzip")
}

#[tokio::test]
async fn a_compressed_list_is_asked_for_and_read() {
    let script = Script::new([zipped()]);
    let list = maps(&script).list().await.expect("a list");
    assert_eq!(list.items[0].metadata.name.as_deref(), Some("zipped"));
    assert_eq!(
        script.only_request().header("accept-encoding"),
        Some("gzip")
    );
}

#[tokio::test]
async fn the_limit_counts_decompressed_bytes() {
    let client = RestClient::builder(&config())
        .transport(Script::new([zipped()]))
        .max_answer_bytes(ZIPPED.len() / 2)
        .build()
        .expect("a client");
    let error = client.get("/").bytes().await.expect_err("too much");
    assert!(error.is_too_large(), "{error}");
}

#[tokio::test]
async fn compression_can_be_switched_off() {
    let script = Script::new([answer(200, list_json(&[], ""))]);
    let client = RestClient::builder(&config().disable_compression())
        .transport(script.clone())
        .build()
        .expect("a client");
    client.get("/").bytes().await.expect("an answer");
    assert_eq!(script.only_request().header("accept-encoding"), None);
}
