//! Who is asking.

use std::io::Write;
use std::time::Duration;

use kubekit_config::{Auth, Config};
use kubekit_rest::RestClient;
use tempfile::NamedTempFile;

use crate::support::script::{Answer, Script, json as answer};
use crate::support::{chain, config};

fn client(script: &Script, auth: Auth) -> RestClient {
    RestClient::builder(&config().auth(auth))
        .transport(script.clone())
        .build()
        .expect("a client")
}

fn ok() -> Answer {
    answer(200, "{}")
}

fn ok_times(count: usize) -> Script {
    Script::new((0..count).map(|_| ok()))
}

fn authorizations(script: &Script) -> Vec<Option<String>> {
    let requests = script.requests();
    requests
        .iter()
        .map(|asked| asked.header("authorization").map(ToOwned::to_owned))
        .collect()
}

fn sent(script: &Script) -> Vec<String> {
    authorizations(script).into_iter().flatten().collect()
}

fn token_file(content: &str) -> NamedTempFile {
    let file = NamedTempFile::new().expect("a file");
    write(&file, content);
    file
}

/// Replaces the content of the file, as a kubelet does.
fn write(file: &NamedTempFile, content: &str) {
    let mut handle = std::fs::File::create(file.path()).expect("a writable file");
    handle
        .write_all(content.as_bytes())
        .expect("a writable file");
}

async fn ask(client: &RestClient) {
    client.get("/").bytes().await.expect("an answer");
}

#[tokio::test]
async fn a_token_is_sent_and_never_shown() {
    let script = ok_times(1);
    let client = client(&script, Auth::new().token("s3cret\n"));
    ask(&client).await;
    assert_eq!(sent(&script), ["Bearer s3cret"]);
    assert!(!format!("{client:?}").contains("s3cret"));
    let value = &script.only_request().headers["authorization"];
    assert!(value.is_sensitive());
}

#[tokio::test]
async fn a_user_name_and_password_are_sent() {
    let script = ok_times(1);
    ask(&client(
        &script,
        Auth::new().basic("Aladdin", "open sesame"),
    ))
    .await;
    assert_eq!(sent(&script), ["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
}

#[tokio::test]
async fn anonymous_requests_have_no_authorization() {
    let script = ok_times(1);
    ask(&client(&script, Auth::new())).await;
    assert_eq!(authorizations(&script), [None]);
}

#[tokio::test]
async fn an_authorization_that_is_there_is_left_alone() {
    let script = ok_times(1);
    let client = client(&script, Auth::new().token("mine"));
    let request = client.get("/").header("authorization", "Bearer other");
    request.bytes().await.expect("an answer");
    assert_eq!(sent(&script), ["Bearer other"]);
}

#[tokio::test(start_paused = true)]
async fn a_token_file_is_read_again_after_a_minute() {
    let file = token_file("first\r\n");
    let script = ok_times(3);
    let client = client(&script, Auth::new().token_file(file.path()));
    ask(&client).await;
    write(&file, " second\n");
    tokio::time::sleep(Duration::from_secs(59)).await;
    ask(&client).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    ask(&client).await;
    assert_eq!(
        sent(&script),
        ["Bearer first", "Bearer first", "Bearer second"]
    );
}

#[tokio::test(start_paused = true)]
async fn the_last_good_token_stays_while_the_file_is_bad() {
    let file = token_file("good");
    let script = ok_times(3);
    let client = client(&script, Auth::new().token_file(file.path()));
    ask(&client).await;
    write(&file, " \n");
    tokio::time::sleep(Duration::from_secs(61)).await;
    ask(&client).await;
    write(&file, "better");
    tokio::time::sleep(Duration::from_secs(11)).await;
    ask(&client).await;
    assert_eq!(
        sent(&script),
        ["Bearer good", "Bearer good", "Bearer better"]
    );
}

#[tokio::test]
async fn the_token_of_the_configuration_stands_in_for_a_missing_file() {
    let script = ok_times(1);
    let auth = Auth::new().token("fallback").token_file("/no/such/file");
    ask(&client(&script, auth)).await;
    assert_eq!(sent(&script), ["Bearer fallback"]);
}

#[tokio::test]
async fn without_any_token_the_request_is_not_sent() {
    let script = Script::new([]);
    let client = client(&script, Auth::new().token_file("/no/such/file"));
    let error = client.get("/").bytes().await.expect_err("no token");
    assert!(error.is_credential(), "{error}");
    assert!(chain(&error).contains("/no/such/file"), "{}", chain(&error));
}

#[tokio::test]
async fn a_token_refused_with_401_is_replaced_and_the_request_replayed_once() {
    let file = token_file("old");
    let script = Script::new([ok(), answer(401, "expired"), ok()]);
    let client = client(&script, Auth::new().token_file(file.path()));
    ask(&client).await;
    write(&file, "new");
    let post = client.request(http::Method::POST, "/");
    let post = post.body("application/json", "{\"a\":1}");
    post.bytes().await.expect("an answer to the replay");
    assert_eq!(sent(&script), ["Bearer old", "Bearer old", "Bearer new"]);
    let requests = script.requests();
    assert_eq!(requests[1].body, requests[2].body);
}

#[tokio::test]
async fn a_401_is_returned_when_there_is_no_newer_token() {
    let file = token_file("same");
    let script = Script::new([answer(401, ""), answer(401, "")]);
    let from_file = client(&script, Auth::new().token_file(file.path()));
    let fixed = client(&script, Auth::new().token("fixed"));
    for client in [from_file, fixed] {
        let error = client.get("/").bytes().await.expect_err("refused");
        assert!(error.is_unauthorized());
    }
    assert_eq!(sent(&script), ["Bearer same", "Bearer fixed"]);
}

#[tokio::test]
async fn a_second_401_is_returned() {
    let file = token_file("old");
    let script = Script::new([ok(), answer(401, ""), answer(401, "")]);
    let client = client(&script, Auth::new().token_file(file.path()));
    ask(&client).await;
    write(&file, "new");
    let error = client.get("/").bytes().await.expect_err("refused");
    assert!(error.is_unauthorized());
}

/// A pipe can be read once for each time it is written, so a second read of the file would wait for ever.
#[cfg(unix)]
#[tokio::test]
async fn a_crowd_reads_the_file_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("token");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    let script = ok_times(20);
    let client = client(&script, Auth::new().token_file(&pipe));

    let crowd = futures::future::join_all((0..20).map(|_| ask(&client)));
    let written = tokio::fs::write(&pipe, "shared");
    let both = futures::future::join(crowd, written);
    let both = tokio::time::timeout(Duration::from_secs(10), both).await;
    both.expect("one read").1.expect("a pipe");
    assert!(sent(&script).iter().all(|token| token == "Bearer shared"));
}

#[test]
fn contradictory_credentials_are_refused() {
    let both = Auth::new().token("t").basic("u", "p");
    let config: Config = config().auth(both);
    let error = RestClient::new(&config).expect_err("a contradiction");
    assert!(error.is_config());
    let bad = crate::support::config().auth(Auth::new().token("line\nbreak"));
    let error = RestClient::new(&bad).expect_err("no header value");
    assert!(!chain(&error).contains("break"));
}
