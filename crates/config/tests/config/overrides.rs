//! What overrides replace, and what they leave.

use std::time::Duration;

use kubekit_config::{Config, Overrides, Pem, RequestTimeout};
use secrecy::ExposeSecret as _;

use crate::support::{Folder, data, exposed, resolve, simple, stanzas};

const CLUSTER: &str =
    "server: 'https://host', certificate-authority-data: Q0E=, tls-server-name: name,
  proxy-url: 'http://proxy'";

fn over(cluster: &str, user: &str, overrides: Overrides) -> Config {
    resolve(&stanzas(cluster, user), &overrides).unwrap()
}

fn two() -> String {
    let more = |list: &str, field: &str, value: &str| {
        format!(
            "{list}: [{{name: a, {field}: {{{value}-a'}}}}, {{name: b, {field}: {{{value}-b'}}}}]\n"
        )
    };
    [
        "current-context: a\n".to_owned(),
        more("clusters", "cluster", "server: 'https://host"),
        more("users", "user", "token: 'token"),
        "contexts: [{name: a, context: {cluster: a, user: a, namespace: of-a}}, {name: b, context: {cluster: b, user: b}}]\n".to_owned(),
    ]
    .concat()
}

#[test]
fn context_cluster_and_user_are_chosen_by_name() {
    let table = [
        (Overrides::new(), "https://host-a/", "token-a", "of-a"),
        (
            Overrides::new().context("b"),
            "https://host-b/",
            "token-b",
            "default",
        ),
        (
            Overrides::new().cluster("b"),
            "https://host-b/",
            "token-a",
            "of-a",
        ),
        (
            Overrides::new().user("b"),
            "https://host-a/",
            "token-b",
            "of-a",
        ),
        (
            Overrides::new().context("b").user("a"),
            "https://host-b/",
            "token-a",
            "default",
        ),
        (
            Overrides::new().context("").user("").cluster(""),
            "https://host-a/",
            "token-a",
            "of-a",
        ),
    ];
    for (overrides, server, token, namespace) in table {
        let config = resolve(&two(), &overrides).unwrap();
        assert_eq!(config.server, server, "{overrides:?}");
        assert_eq!(exposed(&config.auth.token), Some(token), "{overrides:?}");
        assert_eq!(config.default_namespace, namespace, "{overrides:?}");
    }
}

#[test]
fn names_that_do_not_exist_are_refused() {
    let table = [
        (Overrides::new().context("x"), "context \"x\""),
        (Overrides::new().cluster("x"), "cluster \"x\""),
        (Overrides::new().user("x"), "user \"x\""),
    ];
    for (overrides, what) in table {
        let error = resolve(&two(), &overrides).unwrap_err();
        assert!(error.is_invalid());
        assert_eq!(
            error.to_string(),
            format!(
                "invalid configuration: {what} was asked for, which the kubeconfig does not have"
            )
        );
    }
}

#[test]
fn a_context_that_is_asked_for_makes_a_wrong_current_context_harmless() {
    let text = two().replace("current-context: a", "current-context: gone");
    assert!(resolve(&text, &Overrides::new().context("b")).is_ok());
    let error = resolve(&text, &Overrides::new().cluster("b")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid configuration: current-context: it names context \"gone\", which the kubeconfig does not have"
    );
}

#[test]
fn the_namespace_may_have_the_prefix_kubectl_allows() {
    for namespace in ["shop", "ns/shop", "namespace/shop", "Namespaces/shop"] {
        let config = resolve(&simple("a"), &Overrides::new().namespace(namespace)).unwrap();
        assert_eq!(config.default_namespace, "shop");
    }
    for namespace in ["", "ns/"] {
        let config = resolve(&simple("a"), &Overrides::new().namespace(namespace)).unwrap();
        assert_eq!(config.default_namespace, "ns-of-a");
    }
}

#[test]
fn a_server_forgets_the_name_the_old_ones_certificate_had() {
    let config = over(
        CLUSTER,
        "token: t",
        Overrides::new().server("https://other:1"),
    );
    assert_eq!(config.server, "https://other:1/");
    assert_eq!(config.tls.server_name, None);
    assert_eq!(data(&config.tls.ca).as_deref(), Some("CA"));
    assert_eq!(exposed(&config.auth.token), Some("t"));

    let overrides = Overrides::new()
        .server("https://other")
        .tls_server_name("new");
    assert_eq!(
        over(CLUSTER, "", overrides).tls.server_name.as_deref(),
        Some("new")
    );
    let overrides = Overrides::new().tls_server_name("new");
    assert_eq!(
        over(CLUSTER, "", overrides).tls.server_name.as_deref(),
        Some("new")
    );
}

#[test]
fn insecure_and_certificate_authority_replace_each_other() {
    let config = over(CLUSTER, "", Overrides::new().insecure_skip_tls_verify());
    assert!(config.tls.insecure_skip_verify && config.tls.ca.is_none());

    let insecure = "server: 'https://host', insecure-skip-tls-verify: true";
    let config = over(
        insecure,
        "",
        Overrides::new().certificate_authority(Pem::data("NEW")),
    );
    assert!(!config.tls.insecure_skip_verify);
    assert_eq!(data(&config.tls.ca).as_deref(), Some("NEW"));
}

#[test]
fn each_certificate_field_is_replaced_in_both_forms() {
    let folder = Folder::new();
    let user = "client-certificate-data: Q0U=, client-key-data: S0U=";
    let overrides = Overrides::new()
        .client_certificate(Pem::File(folder.write("c", "C")))
        .client_key(Pem::File(folder.write("k", "K")));
    let tls = over("server: 'https://host'", user, overrides).tls;
    assert_eq!(
        tls.client_certificate
            .unwrap()
            .read()
            .unwrap()
            .expose_secret(),
        b"C"
    );
    assert_eq!(
        tls.client_key.unwrap().read().unwrap().expose_secret(),
        b"K"
    );

    let overrides = Overrides::new().client_key(Pem::data("K"));
    let tls = over("server: 'https://host'", user, overrides).tls;
    assert_eq!(data(&tls.client_certificate).as_deref(), Some("CE"));
    assert_eq!(data(&tls.client_key).as_deref(), Some("K"));
}

#[test]
fn a_token_replaces_token_and_token_file() {
    let folder = Folder::new();
    let user = "token: old, tokenFile: /nowhere";
    let config = over(CLUSTER, user, Overrides::new().token("new"));
    assert_eq!(exposed(&config.auth.token), Some("new"));
    assert_eq!(config.auth.token_file, None);

    let path = folder.write("token", "newer");
    let config = over(CLUSTER, user, Overrides::new().token_file(&path));
    assert_eq!(exposed(&config.auth.token), Some("newer"));
    assert_eq!(config.auth.token_file, Some(path));
}

#[test]
fn user_name_and_password_are_replaced_one_by_one() {
    let config = over(
        CLUSTER,
        "username: me, password: old",
        Overrides::new().password("new"),
    );
    let basic = config.auth.basic.unwrap();
    assert_eq!(
        (basic.username.as_str(), basic.password.expose_secret()),
        ("me", "new")
    );

    let overrides = Overrides::new().username("me");
    let error = resolve(&stanzas(CLUSTER, "token: t"), &overrides).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("token: it cannot be combined with username and password")
    );
}

#[test]
fn impersonation_is_replaced_field_by_field() {
    let user = "as: jane, as-uid: '1', as-groups: [a], as-user-extra: {k: [x], l: [y]}";
    let overrides = Overrides::new()
        .impersonate("joe")
        .impersonate_uid("2")
        .impersonate_group("b")
        .impersonate_group("c")
        .impersonate_user_extra("k", "z");
    let impersonate = over(CLUSTER, user, overrides).auth.impersonate;
    assert_eq!(impersonate.user.as_deref(), Some("joe"));
    assert_eq!(impersonate.uid.as_deref(), Some("2"));
    assert_eq!(impersonate.groups, ["b", "c"]);
    assert_eq!(impersonate.extra["k"], ["z"]);
    assert_eq!(impersonate.extra["l"], ["y"]);

    let kept = over(CLUSTER, user, Overrides::new().impersonate("joe"))
        .auth
        .impersonate;
    assert_eq!(kept.groups, ["a"]);
}

#[test]
fn proxy_compression_and_timeout_are_set() {
    let overrides = Overrides::new()
        .proxy_url("socks5://other")
        .disable_compression()
        .request_timeout(Duration::from_secs(5));
    let config = over(CLUSTER, "", overrides);
    assert_eq!(config.proxy_url.unwrap().to_string(), "socks5://other");
    assert!(config.disable_compression);
    assert_eq!(config.request_timeout, Some(Duration::from_secs(5)));

    let config = over(
        CLUSTER,
        "",
        Overrides::new().request_timeout(Duration::ZERO),
    );
    assert_eq!(config.request_timeout, None);
    assert_eq!(config.proxy_url.unwrap().to_string(), "http://proxy");
}

#[test]
fn empty_flags_override_nothing() {
    let empty = Overrides::new()
        .server("")
        .tls_server_name("")
        .proxy_url("")
        .certificate_authority(Pem::File("".into()))
        .token("")
        .token_file("")
        .username("")
        .password("")
        .client_certificate(Pem::data(""))
        .client_key(Pem::File("".into()))
        .impersonate("")
        .impersonate_uid("");
    let user = "token: t, client-certificate-data: Q0U=, client-key-data: S0U=, as: jane";
    let (with, without) = (
        over(CLUSTER, user, empty),
        over(CLUSTER, user, Overrides::new()),
    );
    assert_eq!(format!("{with:?}"), format!("{without:?}"));
    assert_eq!(exposed(&with.auth.token), Some("t"));
    assert_eq!(data(&with.tls.ca).as_deref(), Some("CA"));
    assert_eq!(data(&with.tls.client_key).as_deref(), Some("KE"));
}

#[test]
fn overrides_alone_describe_a_connection() {
    let overrides = Overrides::new()
        .server("https://host")
        .token("t")
        .namespace("n");
    let config = resolve("", &overrides).unwrap();
    assert_eq!(config.server, "https://host/");
    assert_eq!(exposed(&config.auth.token), Some("t"));
    assert_eq!(config.default_namespace, "n");
}

#[test]
fn timeouts_are_read_as_go_reads_them() {
    let table = [
        ("", None),
        ("0", None),
        ("0s", None),
        ("30", Some(Duration::from_secs(30))),
        ("1.5s", Some(Duration::from_millis(1_500))),
        (".5m", Some(Duration::from_secs(30))),
        ("1h2m3s", Some(Duration::from_secs(3_723))),
        ("+1ms2us3ns", Some(Duration::from_nanos(1_002_003))),
        ("7\u{b5}s", Some(Duration::from_micros(7))),
    ];
    for (text, expected) in table {
        assert_eq!(text.parse(), Ok(RequestTimeout(expected)), "{text}");
    }
    for text in [
        "-1",
        "-1s",
        "1.5",
        "s",
        ".s",
        "1.2.3s",
        "1 s",
        "1d",
        "99999999999h",
        "1s2",
    ] {
        assert!(text.parse::<RequestTimeout>().is_err(), "{text}");
    }
}
