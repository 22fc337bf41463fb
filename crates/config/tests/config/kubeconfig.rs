//! What a file may hold, and that nothing of it is lost.

use kubekit_config::{Extension, InteractiveMode, Kubeconfig, Named};
use proptest::prelude::*;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

const EVERYTHING: &str = r#"
apiVersion: v1
kind: Config
preferences:
  colors: true
  extensions:
  - name: prefs.example
    extension: {a: [1, 2.5, null, true]}
  future: 1
clusters:
- name: prod
  cluster:
    server: https://10.0.0.1:6443/prefix
    tls-server-name: kubernetes
    insecure-skip-tls-verify: true
    certificate-authority: ca.crt
    certificate-authority-data: Q0E=
    proxy-url: http://me:pw@proxy:3128
    disable-compression: true
    extensions:
    - name: client.authentication.k8s.io/exec
      extension: {audience: x}
    future: {deep: [{er: 1}]}
  note: beside the cluster
users:
- name: me
  user:
    client-certificate: me.crt
    client-certificate-data: Q0VSVA==
    client-key: me.key
    client-key-data: S0VZ
    token: t0ken
    tokenFile: ./token
    as: jane
    as-uid: "42"
    as-groups: [dev, ops]
    as-user-extra: {scopes: [a, b]}
    username: user
    password: "no"
    auth-provider:
      name: oidc
      config: {id-token: abc, refresh-token: "123"}
      future: 1
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: ./plugin
      args: [--flag, "on", "0777", "1_000", ""]
      env:
      - {name: A, value: "off", future: x}
      installHint: "line one\nline \"two\"\n"
      provideClusterInfo: true
      interactiveMode: Sometimes
      future: 1
    extensions:
    - {name: u, extension: text}
    future: 1
contexts:
- name: prod
  context:
    cluster: prod
    user: me
    namespace: shop
    extensions:
    - {name: c, extension: {last-update: "2024"}}
    future: 1
current-context: prod
extensions:
- name: e
  extension: [x]
  future: 1
future:
  empty-list: []
  empty-map: {}
  nothing: null
  number: 1e3
  text: "with: colon # and hash"
"#;

fn tree(yaml: &str) -> Value {
    serde_yaml::from_str(yaml).unwrap()
}

#[test]
fn every_field_survives_reading_and_writing() {
    let kubeconfig = Kubeconfig::from_bytes(EVERYTHING.as_bytes()).unwrap();
    assert_eq!(tree(&kubeconfig.to_yaml()), tree(EVERYTHING));
    assert_eq!(serde_json::to_value(&kubeconfig).unwrap(), tree(EVERYTHING));

    let again = Kubeconfig::from_bytes(kubeconfig.to_yaml().as_bytes()).unwrap();
    assert_eq!(again.to_yaml(), kubeconfig.to_yaml());
}

#[test]
fn every_field_is_read() {
    let kubeconfig = Kubeconfig::from_bytes(EVERYTHING.as_bytes()).unwrap();
    assert_eq!(kubeconfig.current_context.as_deref(), Some("prod"));
    assert!(kubeconfig.preferences.colors);
    assert_eq!(kubeconfig.extensions[0].name, "e");

    let cluster = kubeconfig.cluster("prod").unwrap();
    assert_eq!(
        cluster.server.as_deref(),
        Some("https://10.0.0.1:6443/prefix")
    );
    assert_eq!(cluster.tls_server_name.as_deref(), Some("kubernetes"));
    assert!(cluster.insecure_skip_tls_verify && cluster.disable_compression);
    assert_eq!(cluster.certificate_authority.as_deref(), Some("ca.crt"));
    assert_eq!(
        cluster
            .certificate_authority_data
            .as_ref()
            .unwrap()
            .expose_secret(),
        b"CA"
    );
    assert_eq!(
        cluster.proxy_url.as_deref(),
        Some("http://me:pw@proxy:3128")
    );
    assert_eq!(cluster.extensions[0].value.0["audience"], "x");

    let user = kubeconfig.user("me").unwrap();
    assert_eq!(
        user.client_key_data.as_ref().unwrap().expose_secret(),
        b"KEY"
    );
    assert_eq!(user.token.as_ref().unwrap().expose_secret(), "t0ken");
    assert_eq!(user.impersonate_groups, ["dev", "ops"]);
    assert_eq!(user.impersonate_user_extra["scopes"], ["a", "b"]);
    let exec = user.exec.as_ref().unwrap();
    assert_eq!(exec.args, ["--flag", "on", "0777", "1_000", ""]);
    assert_eq!(exec.env[0].value.expose_secret(), "off");
    assert_eq!(
        exec.interactive_mode,
        Some(InteractiveMode::Unknown("Sometimes".to_owned()))
    );
    let provider = user.auth_provider.as_ref().unwrap();
    assert_eq!(provider.config["refresh-token"].expose_secret(), "123");

    let context = kubeconfig.context("prod").unwrap();
    assert_eq!(context.namespace.as_deref(), Some("shop"));
}

#[test]
fn words_that_other_readers_take_for_booleans_or_numbers_are_written_in_quotes() {
    for word in [
        "on", "Off", "y", "NO", "true", "null", "~", "1_000", "0o17", "1:30", "1e3", "- a", "a: b",
        "a #b", " a", "",
    ] {
        let mut kubeconfig = Kubeconfig::default();
        kubeconfig
            .extensions
            .push(Named::new(word, Extension::default()));
        let yaml = kubeconfig.to_yaml();
        assert!(yaml.contains(&format!("name: {word:?}\n")), "{yaml}");
    }
}

#[test]
fn json_is_read_like_yaml() {
    let json = serde_json::to_string(&tree(EVERYTHING)).unwrap();
    let kubeconfig = Kubeconfig::from_bytes(json.as_bytes()).unwrap();
    assert_eq!(tree(&kubeconfig.to_yaml()), tree(EVERYTHING));

    let emoji = Kubeconfig::from_bytes(br#"	{"current-context": "\ud83d\ude00"}"#).unwrap();
    assert_eq!(emoji.current_context.as_deref(), Some("\u{1f600}"));
}

#[test]
fn text_without_content_is_an_empty_kubeconfig() {
    for text in ["", "\n\n", "# nothing\n", "---\n", "{}", "null"] {
        let kubeconfig = Kubeconfig::from_bytes(text.as_bytes()).unwrap();
        assert_eq!(
            kubeconfig.to_yaml(),
            Kubeconfig::default().to_yaml(),
            "{text:?}"
        );
    }
}

#[test]
fn null_is_the_same_as_nothing() {
    let kubeconfig = Kubeconfig::from_bytes(
        b"{clusters: null, users: [{name: u, user: {exec: {args: null, env: null, command: null}}}, {name: v, user: null}],
           contexts: null, preferences: null, current-context: null}",
    )
    .unwrap();
    assert!(kubeconfig.clusters.is_empty());
    assert!(
        kubeconfig
            .user("u")
            .unwrap()
            .exec
            .as_ref()
            .unwrap()
            .args
            .is_empty()
    );
    assert!(kubeconfig.user("v").unwrap().exec.is_none());
}

#[test]
fn yaml_is_read_as_go_reads_it() {
    let anchors = "
x-base: &base {server: 'https://a', tls-server-name: base}
clusters:
- name: a
  cluster: {<<: *base, tls-server-name: mine}
- name: b
  cluster: *base
---
this: document is ignored
";
    let kubeconfig = Kubeconfig::from_bytes(anchors.as_bytes()).unwrap();
    let a = kubeconfig.cluster("a").unwrap();
    assert_eq!(
        (a.server.as_deref(), a.tls_server_name.as_deref()),
        (Some("https://a"), Some("mine"))
    );
    assert_eq!(
        kubeconfig.cluster("b").unwrap().tls_server_name.as_deref(),
        Some("base")
    );

    let words =
        "clusters: [{name: a, cluster: {insecure-skip-tls-verify: yes, disable-compression: off}}]";
    let kubeconfig = Kubeconfig::from_bytes(words.as_bytes()).unwrap();
    let a = kubeconfig.cluster("a").unwrap();
    assert!(a.insecure_skip_tls_verify && !a.disable_compression);

    let twice = Kubeconfig::from_bytes(b"current-context: a\ncurrent-context: b\n").unwrap();
    assert_eq!(twice.current_context.as_deref(), Some("b"));
}

#[test]
fn base64_may_be_broken_into_lines() {
    let text = "users: [{name: u, user: {client-key-data: \"S0\\nVZ\\r\\n\"}}]";
    let kubeconfig = Kubeconfig::from_bytes(text.as_bytes()).unwrap();
    let key = kubeconfig.user("u").unwrap().client_key_data.as_ref();
    assert_eq!(key.unwrap().expose_secret(), b"KEY");
}

#[test]
fn each_row_of_the_table_is_refused_with_its_reason() {
    let table = [
        ("kind: Deployment", "it is a Deployment, not a kubeconfig"),
        (
            "apiVersion: apps/v1",
            "its apiVersion is apps/v1; a kubeconfig has v1",
        ),
        ("just text", "expected a mapping, found a string"),
        ("- a", "expected a mapping, found a list"),
        (
            "clusters: {a: b}",
            "clusters: expected a sequence, found a mapping",
        ),
        (
            "clusters: [{name: 5}]",
            "clusters[0].name: expected a string, found a number",
        ),
        (
            "clusters: [x]",
            "clusters[0]: expected a mapping with the fields name and cluster, found a string",
        ),
        (
            "users: [{user: {token: true}}]",
            "users[0].user.token: expected a string, found a boolean",
        ),
        (
            "users: [{user: {as-groups: a}}]",
            "users[0].user.as-groups: expected a sequence, found a string",
        ),
        (
            "users: [{user: {exec: {env: [{value: 1}]}}}]",
            "users[0].user.exec.env[0].value: expected a string, found a number",
        ),
        (
            "users: [{user: {client-key-data: '***'}}]",
            "users[0].user.client-key-data: not valid base64",
        ),
        (
            "clusters: [{cluster: {disable-compression: maybe}}]",
            "clusters[0].cluster.disable-compression: expected a boolean, found a string",
        ),
        (
            "a: [",
            "it is not valid YAML: did not find expected node content, at line 2 column 1",
        ),
        (
            "a: b: c",
            "it is not valid YAML: mapping values are not allowed in this context, at line 1 column 5",
        ),
        (
            "a:\n\t- b",
            "it is not valid YAML: found character that cannot start any token, at line 2 column 1",
        ),
        (
            "a: *b",
            "it is not valid YAML: unknown anchor, at line 1 column 4",
        ),
        (
            "a: .inf",
            "it has a number that is not finite, at line 1 column 4",
        ),
        (
            "<<: 5",
            "it merges (<<) something that is not a mapping, at line 1 column 1",
        ),
        (
            "? [a]\n: b",
            "it has a key that is a list or a mapping, at line 1 column 1",
        ),
        (
            "clusters: [{name: a}, {name: a}]",
            "clusters: two entries are named \"a\"",
        ),
        (
            "users: [{name: a}, {name: b}, {name: b}]",
            "users: two entries are named \"b\"",
        ),
        ("contexts: [{}, {}]", "contexts: two entries are named \"\""),
        (
            "extensions: [{name: e}, {name: e}]",
            "extensions: two entries are named \"e\"",
        ),
    ];
    for (text, reason) in table {
        let error = Kubeconfig::from_bytes(text.as_bytes()).unwrap_err();
        assert_eq!(error.problems()[0].to_string(), reason, "{text}");
        assert_eq!(
            error.is_malformed(),
            !reason.contains("two entries"),
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn any_text_survives_writing_and_reading(text in ".*", words in prop::collection::vec(any::<String>(), 0..4)) {
        let mut kubeconfig = Kubeconfig::default();
        kubeconfig.extensions.push(Named::new(text.as_str(), Extension(json!([words, {"deep": [[words, {}]]}]))));
        kubeconfig.unknown.0.insert(format!("-{text}"), json!({"nested": text}));
        let again = Kubeconfig::from_bytes(kubeconfig.to_yaml().as_bytes()).unwrap();
        prop_assert_eq!(serde_json::to_value(&again).unwrap(), serde_json::to_value(&kubeconfig).unwrap());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[a-c&*<!:,?'\"{}\\[\\]|> \\n#%@-]{0,60}") {
        let _ = Kubeconfig::from_bytes(text.as_bytes());
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Kubeconfig::from_bytes(&bytes);
    }
}
