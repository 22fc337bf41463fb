//! What is logged of a request, and what is not. A program of its own, because subscribers of one thread disturb other threads.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::Write;
use std::sync::Arc;

use http::{HeaderValue, Response, StatusCode};
use k8s_openapi::api::core::v1::ConfigMap;
use kubekit_config::{Auth, Config};
use kubekit_core::Namespace;
use kubekit_rest::{Body, RestClient};
use parking_lot::Mutex;
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn answer(status: StatusCode, warning: &'static str, body: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert("warning", HeaderValue::from_static(warning));
    response
}

/// A client with these answers and with secrets of its own.
fn client(answers: impl IntoIterator<Item = Response<Body>>) -> RestClient {
    let answers: VecDeque<_> = answers.into_iter().collect();
    let answers = Arc::new(Mutex::new(answers));
    let transport = tower::service_fn(move |_| {
        let answer = answers.lock().pop_front().expect("an answer");
        async { Ok::<_, Infallible>(answer) }
    });
    let config = Config::new(http::Uri::from_static("https://api.example"));
    RestClient::builder(&config.auth(Auth::new().token("t0ken-s3cret")))
        .transport(transport)
        .build()
        .expect("a client")
}

#[tokio::test(start_paused = true)]
async fn a_span_tells_what_a_request_is_about_and_no_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let map = r#"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}"#;
    let client = client([
        answer(StatusCode::SERVICE_UNAVAILABLE, r#"299 - "unheard""#, ""),
        answer(StatusCode::OK, r#"299 - "old API""#, map),
        answer(StatusCode::OK, "", r#"{"data":"b0dy-s3cret"}"#),
    ]);
    let maps = client.api::<ConfigMap, _>(Namespace::new("shop"));
    maps.get("a").await.expect("a map");
    let by_path = client.get("/logs").query("key", "query-s3cret");
    by_path.bytes().await.expect("an answer");

    let text = String::from_utf8_lossy(&log.0.lock()).into_owned();
    for expected in [
        r#"verb="get""#,
        "resource=configmaps",
        r#"namespace="shop""#,
        r#"name="a""#,
        "status=200",
        "attempts=2",
        r#"path="/logs""#,
        "will try again",
        "old API",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    for hidden in ["s3cret", "unheard"] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
}
