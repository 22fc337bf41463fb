//! TLS: who the server is, who the client is, and which protocol they speak.

use std::net::SocketAddr;

use kubekit_config::{Config, Pem, Tls};
use kubekit_rest::{Error, RestClient};
use serde::Deserialize;

use crate::support::chain;
use crate::support::pki::{Authority, Terms, tls_server};
use crate::support::server::url;

#[derive(Debug, Deserialize, PartialEq)]
struct Seen {
    protocol: String,
    certificate: bool,
    name: String,
}

async fn ask(address: SocketAddr, host: &str, tls: Tls) -> Result<Seen, Error> {
    let config = Config::new(url("https", host, address)).tls(tls);
    RestClient::new(&config)?.get("/").json().await
}

fn both() -> &'static [&'static str] {
    &["h2", "http/1.1"]
}

/// A server for `localhost` and `127.0.0.1`.
async fn server(authority: &Authority, alpn: &'static [&'static str]) -> SocketAddr {
    tls_server(Terms {
        identity: authority.sign("server", &["localhost", "127.0.0.1", "::1"]),
        alpn,
        client_authority: None,
    })
    .await
}

#[tokio::test]
async fn http_2_is_spoken_where_the_server_can() {
    let authority = Authority::new("ca");
    let address = server(&authority, both()).await;
    let seen = ask(address, "localhost", Tls::new().ca(authority.pem())).await;
    let expected = Seen {
        protocol: "HTTP/2.0".into(),
        certificate: false,
        name: "localhost".into(),
    };
    assert_eq!(seen.expect("an answer"), expected);
}

#[tokio::test]
async fn http_1_is_spoken_where_the_server_cannot_do_better() {
    let authority = Authority::new("ca");
    for alpn in [&["http/1.1"][..], &[]] {
        let address = server(&authority, alpn).await;
        let seen = ask(address, "localhost", Tls::new().ca(authority.pem())).await;
        assert_eq!(seen.expect("an answer").protocol, "HTTP/1.1");
    }
}

#[tokio::test]
async fn a_server_is_known_by_its_address() {
    let authority = Authority::new("ca");
    let address = server(&authority, both()).await;
    let seen = ask(address, "127.0.0.1", Tls::new().ca(authority.pem())).await;
    assert_eq!(seen.expect("an answer").name, "-", "no name is sent");
}

#[tokio::test]
async fn a_server_of_an_unknown_authority_is_refused() {
    let address = server(&Authority::new("ca"), both()).await;
    let tls = Tls::new().ca(Authority::new("other").pem());
    let error = ask(address, "localhost", tls)
        .await
        .expect_err("a stranger");
    assert!(error.is_connect(), "{error}");
    assert!(chain(&error).contains("UnknownIssuer"), "{}", chain(&error));
}

#[tokio::test]
async fn one_authority_of_a_bundle_is_enough() {
    let authority = Authority::new("ca");
    let bundle = Authority::new("other").pem_text() + &authority.pem_text();
    let address = server(&authority, both()).await;
    let seen = ask(address, "localhost", Tls::new().ca(Pem::data(bundle))).await;
    assert!(seen.is_ok());
}

#[tokio::test]
async fn an_authority_may_be_in_a_file() {
    let authority = Authority::new("ca");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), authority.pem_text()).expect("a writable file");
    let address = server(&authority, both()).await;
    let tls = Tls::new().ca(Pem::File(file.path().into()));
    assert!(ask(address, "localhost", tls).await.is_ok());
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let authority = Authority::new("ca");
    let address = tls_server(Terms {
        identity: authority.sign("server", &["kubernetes.default.svc"]),
        alpn: both(),
        client_authority: None,
    })
    .await;
    let tls = || Tls::new().ca(authority.pem());
    let error = ask(address, "localhost", tls())
        .await
        .expect_err("another name");
    assert!(error.is_connect(), "{error}");

    let named = tls().server_name("kubernetes.default.svc");
    let seen = ask(address, "localhost", named).await.expect("an answer");
    assert_eq!(seen.name, "kubernetes.default.svc");
}

#[tokio::test]
async fn an_insecure_client_talks_to_anyone() {
    let address = server(&Authority::new("ca"), both()).await;
    let seen = ask(address, "localhost", Tls::new().insecure_skip_verify()).await;
    assert_eq!(seen.expect("an answer").protocol, "HTTP/2.0");
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_the_server() {
    let authority = Authority::new("ca");
    let clients = Authority::new("clients");
    let jane = clients.sign("jane", &[]);
    let address = tls_server(Terms {
        identity: authority.sign("server", &["localhost"]),
        alpn: both(),
        client_authority: Some(clients),
    })
    .await;
    let tls = || Tls::new().ca(authority.pem());
    let known = tls().client_certificate(jane.certificate_pem(), jane.key_pem());
    let seen = ask(address, "localhost", known).await.expect("an answer");
    assert!(seen.certificate);

    let anonymous = ask(address, "localhost", tls()).await.expect("an answer");
    assert!(!anonymous.certificate);
}

#[tokio::test]
async fn a_key_of_another_certificate_is_refused() {
    let authority = Authority::new("ca");
    let (jane, joe) = (authority.sign("jane", &[]), authority.sign("joe", &[]));
    let tls = Tls::new()
        .ca(authority.pem())
        .client_certificate(jane.certificate_pem(), joe.key_pem());
    let config = Config::new(http::Uri::from_static("https://localhost")).tls(tls);
    let error = RestClient::new(&config).expect_err("two strangers");
    assert!(error.is_config(), "{error}");
}
