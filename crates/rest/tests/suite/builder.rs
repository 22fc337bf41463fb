//! What a configuration can ask for.

use kubekit_config::{Auth, Config, ExecConfig, Pem, Tls};
use kubekit_rest::{Error, RestClient};

use crate::support::{chain, config};

fn refused(config: &Config) -> Error {
    RestClient::new(config).expect_err("a configuration that cannot be used")
}

fn exec() -> ExecConfig {
    serde_json::from_str(r#"{"apiVersion":"client.authentication.k8s.io/v1","command":"login"}"#)
        .expect("a plugin")
}

#[test]
fn what_is_not_supported_yet_is_refused_and_not_ignored() {
    let proxied = config().proxy_url("http://me:s3cret@proxy:3128".parse().expect("a URL"));
    let plugin = config().auth(Auth::new().exec(exec()));
    for config in [proxied, plugin] {
        let error = refused(&config);
        assert!(error.is_unsupported() && error.is_config(), "{error}");
        assert!(!chain(&error).contains("s3cret"));
    }
}

#[tokio::test]
async fn a_plugin_that_would_not_be_run_is_no_obstacle() {
    let auth = Auth::new().exec(exec()).token("t");
    let config = Config::new(http::Uri::from_static("http://api.example")).auth(auth);
    RestClient::new(&config).expect("a client");
}

#[test]
fn tls_material_that_makes_no_sense_is_refused() {
    let not_pem = Pem::data("not pem");
    let cases = [
        (Tls::new().ca(not_pem.clone()), "no certificate"),
        (
            Tls::new().ca(Pem::File("/no/such/ca.crt".into())),
            "/no/such/ca.crt",
        ),
        (
            Tls::new().ca(not_pem.clone()).insecure_skip_verify(),
            "not verified",
        ),
        (
            Tls::new()
                .insecure_skip_verify()
                .client_certificate(not_pem.clone(), not_pem),
            "no certificate",
        ),
        (
            Tls::new().insecure_skip_verify().server_name("not a name"),
            "server name",
        ),
    ];
    for (tls, problem) in cases {
        let error = refused(&config().tls(tls));
        assert!(error.is_config());
        assert!(chain(&error).contains(problem), "{}", chain(&error));
    }
}

#[test]
fn a_server_without_a_host_is_refused() {
    assert!(refused(&Config::new(http::Uri::from_static("/api"))).is_config());
}

#[test]
fn a_user_agent_that_is_no_header_is_refused() {
    let built = RestClient::builder(&Config::new(http::Uri::from_static("http://a")))
        .user_agent("line\nbreak")
        .build();
    assert!(built.expect_err("no header").is_config());
}

#[tokio::test]
async fn the_default_namespace_is_that_of_the_configuration() {
    let config = Config::new(http::Uri::from_static("http://a")).default_namespace("shop");
    let client = RestClient::new(&config).expect("a client");
    assert_eq!(client.default_namespace(), "shop");
}
