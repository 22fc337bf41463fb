//! No secret is ever shown.

use kubekit_config::{Auth, Basic, Config, Environment, Kubeconfig, Overrides, Pem, ProxyUrl, Tls};

use crate::support::resolve;

const SECRET: &str = "5ecr3t";

/// A kubeconfig with the secret in every place that can hold one; base64 of it is in the `*-data` fields.
const FULL: &str = "
current-context: it
clusters: [{name: it, cluster: {server: 'https://me:5ecr3t@host', proxy-url: 'http://me:5ecr3t@proxy', unknown: 5ecr3t,
  extensions: [{name: client.authentication.k8s.io/exec, extension: 5ecr3t}]}}]
users: [{name: it, user: {token: 5ecr3t, client-certificate-data: NWVjcjN0, client-key-data: NWVjcjN0,
  auth-provider: {name: oidc, config: {id-token: 5ecr3t}},
  unknown: 5ecr3t, extensions: [{name: e, extension: {a: 5ecr3t}}]}},
  {name: basic, user: {username: me, password: 5ecr3t,
  exec: {command: c, args: [--secret=5ecr3t], env: [{name: A, value: 5ecr3t}], apiVersion: client.authentication.k8s.io/v1beta1}}}]
contexts: [{name: it, context: {cluster: it, user: it}}]
preferences: {unknown: 5ecr3t}
unknown: 5ecr3t
";

fn assert_silent(shown: &str) {
    assert!(!shown.contains(SECRET), "{shown}");
    assert!(!shown.contains("NWVjcjN0"), "{shown}");
    // As a list of bytes.
    assert!(!shown.contains("53, 101, 99"), "{shown}");
}

#[test]
fn debug_shows_no_secret_of_a_kubeconfig() {
    let kubeconfig = Kubeconfig::from_bytes(FULL.as_bytes()).unwrap();
    assert!(kubeconfig.to_yaml().contains(SECRET));
    assert_silent(&format!("{kubeconfig:?} {kubeconfig:#?}"));
}

#[test]
fn debug_shows_no_secret_of_a_configuration() {
    let config = resolve(FULL, &Overrides::new()).unwrap();
    assert_eq!(config.server, "https://host/");
    assert_silent(&format!("{config:?} {config:#?}"));
    let config = resolve(FULL, &Overrides::new().user("basic").server("https://host")).unwrap();
    assert!(config.auth.exec.is_some());
    assert_silent(&format!("{config:?} {config:#?}"));

    let config = Config::new("https://me:5ecr3t@host".parse().unwrap())
        .tls(Tls::new().client_certificate(Pem::data(SECRET), Pem::data(SECRET)))
        .proxy_url("socks5://me:5ecr3t@proxy".parse::<ProxyUrl>().unwrap());
    assert_silent(&format!("{config:?}"));
    let auth = Auth::new().token(SECRET).basic("me", SECRET);
    let basic: &Basic = auth.basic.as_ref().unwrap();
    assert_silent(&format!("{auth:?} {basic:?}"));
}

#[test]
fn debug_shows_no_secret_of_overrides_or_the_environment() {
    let overrides = Overrides::new()
        .token(SECRET)
        .password(SECRET)
        .client_key(Pem::data(SECRET))
        .server("https://me:5ecr3t@host")
        .proxy_url("http://5ecr3t:5ecr3t@proxy");
    // A user name is no secret; one that is the same as the password does not count.
    let shown = format!("{overrides:?}").replace("http://5ecr3t:", "http://");
    assert_silent(&shown);
    assert_silent(&format!("{:?}", Environment::empty().var("TOKEN", SECRET)));
}

#[test]
fn no_error_quotes_the_text() {
    let table = [
        "users: [{name: me, user: {token: 5ecr3t: x}}]",
        "token: 5ecr3t: 5ecr3t",
        "\"5ecr3t",
        "token: !!int 5ecr3t",
        "token: !!bool 5ecr3t",
        "token: !5ecr3t x",
        "token: @5ecr3t",
        "token: *5ecr3t",
        "token: %5ecr3t\n5ecr3t",
        "5ecr3t",
        "[5ecr3t]",
        "users: 5ecr3t",
        "users: [5ecr3t]",
        "users: [{name: u, user: 5ecr3t}]",
        "users: [{name: u, user: {client-key-data: 5ecr3t}}]",
        "users: [{name: u, user: {exec: 5ecr3t}}]",
        "users: [{name: u, user: {as-groups: 5ecr3t}}]",
        "clusters: [{name: c, cluster: {insecure-skip-tls-verify: 5ecr3t}}]",
        "{\"users\": \"5ecr3t",
        "{\"users\": \"5ecr3t\"}",
    ];
    for text in table {
        let error = Kubeconfig::from_bytes(text.as_bytes()).unwrap_err();
        let mut shown = format!("{error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            shown.push_str(&format!(" {cause} {cause:?}"));
            source = cause.source();
        }
        assert_silent(&shown);
    }
}

#[test]
fn no_error_quotes_a_url() {
    for cluster in [
        "server: 'https://me:5ecr3t@ho st'",
        "server: 'ftp://me:5ecr3t@host'",
        "server: 'https://me:5ecr3t^@host'",
        "server: 'https://host', proxy-url: 'ftp://me:5ecr3t@proxy'",
        "server: 'https://host', proxy-url: 'me:5ecr3t@proxy'",
        "server: 'https://host', proxy-url: 'http://me:5ecr3t@'",
    ] {
        let error = crate::support::resolve_stanzas(cluster, "").unwrap_err();
        assert!(error.is_invalid());
        assert_silent(&format!("{error} {error:?}"));
    }
}

#[test]
fn numbers_given_as_a_token_are_not_shown() {
    for number in [
        "9182736",
        "91827.36",
        "-9182736",
        "!!int 9182736",
        "91827364455667788990011223344556677",
    ] {
        let text = format!("users: [{{name: u, user: {{token: {number}}}}}]");
        let error = Kubeconfig::from_bytes(text.as_bytes()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("91827"), "{error}");
    }
}
