//! A client that is told off slows down.

use std::time::Duration;

use futures::future::join_all;
use kubekit_rest::{RestClient, RetryPolicy};
use tokio::time::Instant;

use crate::support::config;
use crate::support::script::{Answer, Script, json as answer};

fn client(script: &Script) -> RestClient {
    RestClient::builder(&config())
        .transport(script.clone())
        .retry(RetryPolicy::never())
        .build()
        .expect("a client")
}

async fn time_of_burst(client: &RestClient) -> Duration {
    let started = Instant::now();
    join_all((0..10).map(|_| client.get("/").bytes())).await;
    started.elapsed()
}

fn then_ten(first: Answer) -> Script {
    Script::new(std::iter::once(first).chain((0..10).map(|_| answer(200, "{}"))))
}

#[tokio::test(start_paused = true)]
async fn requests_are_spaced_out_after_an_overload() {
    let script = then_ten(answer(429, "").header("retry-after", "1"));
    let client = client(&script);
    assert!(client.get("/").bytes().await.is_err());
    assert!(time_of_burst(&client).await > Duration::ZERO);
    assert_eq!(time_of_ten_more(&client, &script).await, Duration::ZERO);
}

/// The same client when the overload is over.
async fn time_of_ten_more(client: &RestClient, script: &Script) -> Duration {
    script.extend((0..10).map(|_| answer(200, "{}")));
    time_of_burst(client).await
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_says_nothing_of_load_changes_nothing() {
    let script = then_ten(answer(429, "the disruption budget forbids it"));
    let client = client(&script);
    assert!(client.get("/").bytes().await.is_err());
    assert_eq!(time_of_burst(&client).await, Duration::ZERO);
}
