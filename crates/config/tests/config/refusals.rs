//! What makes a kubeconfig unusable, and how that is said.

use kubekit_config::{Config, Error, Kubeconfig, Loader, Overrides};

use crate::support::{Folder, kubeconfig_list, resolve, resolve_stanzas};

const OK: &str = "server: 'https://host'";
const CERTIFICATE: &str = "client-certificate-data: Q0U=";

#[test]
fn each_row_of_the_table_is_refused_with_stanza_and_field() {
    let exec = |fields: &str| format!("exec: {{{fields}}}");
    let v1beta1 = "apiVersion: client.authentication.k8s.io/v1beta1";
    let table = [
        (
            "tls-server-name: x",
            "".to_owned(),
            "cluster \"it\": server: it is not set",
        ),
        (
            "server: 'https://host', certificate-authority: Cargo.toml, certificate-authority-data: Q0E=",
            "".to_owned(),
            "cluster \"it\": certificate-authority: only one of certificate-authority and certificate-authority-data may be set",
        ),
        (
            "server: 'https://host', certificate-authority: /nowhere/ca.crt",
            "".to_owned(),
            "cluster \"it\": certificate-authority: the file /nowhere/ca.crt does not exist",
        ),
        (
            "server: 'https://host', certificate-authority-data: Q0E=, insecure-skip-tls-verify: true",
            "".to_owned(),
            "cluster \"it\": insecure-skip-tls-verify: it cannot be combined with a certificate authority",
        ),
        (
            OK,
            CERTIFICATE.to_owned(),
            "user \"it\": client-key: it is not set, and client-certificate needs it",
        ),
        (
            OK,
            format!("{CERTIFICATE}, client-certificate: Cargo.toml, client-key: Cargo.toml"),
            "user \"it\": client-certificate: only one of client-certificate and client-certificate-data may be set",
        ),
        (
            OK,
            format!("{CERTIFICATE}, client-key: Cargo.toml, client-key-data: S0U="),
            "user \"it\": client-key: only one of client-key and client-key-data may be set",
        ),
        (
            OK,
            format!("{CERTIFICATE}, client-key: /nowhere/key"),
            "user \"it\": client-key: the file /nowhere/key does not exist",
        ),
        (
            OK,
            "token: t, username: u".to_owned(),
            "user \"it\": token: it cannot be combined with username and password",
        ),
        (
            OK,
            "tokenFile: Cargo.toml, password: p".to_owned(),
            "user \"it\": tokenFile: it cannot be combined with username and password",
        ),
        (
            OK,
            "as-groups: [a]".to_owned(),
            "user \"it\": as: it is not set, and as-uid, as-groups and as-user-extra need it",
        ),
        (
            OK,
            exec(v1beta1),
            "user \"it\": exec.command: it is not set",
        ),
        (
            OK,
            exec("command: c, interactiveMode: Never"),
            "user \"it\": exec.apiVersion: it is not set",
        ),
        (
            OK,
            exec("command: c, apiVersion: client.authentication.k8s.io/v1"),
            "user \"it\": exec.interactiveMode: it is not set; this apiVersion needs Never, IfAvailable or Always",
        ),
        (
            OK,
            exec(&format!("command: c, {v1beta1}, interactiveMode: Maybe")),
            "user \"it\": exec.interactiveMode: it is \"Maybe\", which is none of Never, IfAvailable and Always",
        ),
        (
            OK,
            exec(&format!("command: c, {v1beta1}, env: [{{value: v}}]")),
            "user \"it\": exec.env: a variable has no name",
        ),
        (
            OK,
            format!(
                "{}, auth-provider: {{name: oidc}}",
                exec(&format!("command: c, {v1beta1}"))
            ),
            "user \"it\": auth-provider: it cannot be combined with exec",
        ),
    ];
    for (cluster, user, reason) in table {
        let error = resolve_stanzas(cluster, &user).unwrap_err();
        assert!(error.is_invalid(), "{reason}");
        assert_eq!(
            error.to_string(),
            format!("invalid configuration: {reason}")
        );
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let error = resolve_stanzas("proxy-url: x", "as-uid: '1', token: t, password: p").unwrap_err();
    let fields: Vec<_> = error
        .problems()
        .iter()
        .map(|problem| problem.field().unwrap())
        .collect();
    assert_eq!(fields, ["token", "as", "server", "proxy-url"]);
    assert_eq!(error.problems()[0].stanza(), Some("user \"it\""));
    assert_eq!(error.to_string().matches("; ").count(), 3);
}

#[test]
fn a_problem_names_the_file_of_its_stanza() {
    let folder = Folder::new();
    let cluster = folder.write(
        "cluster",
        "clusters: [{name: c, cluster: {tls-server-name: x}}]",
    );
    let context = folder.write(
        "context",
        "current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {as-uid: '1'}}]",
    );
    let error = Loader::new()
        .environment(kubeconfig_list(&[&cluster, &context]))
        .infer()
        .unwrap_err();
    let files: Vec<_> = error
        .problems()
        .iter()
        .map(|problem| problem.file())
        .collect();
    assert_eq!(files, [Some(&*context), Some(&*cluster)]);
}

#[test]
fn a_context_whose_cluster_is_missing_says_where_it_was_looked_for() {
    let folder = Folder::new();
    let one = folder.write(
        "one",
        "current-context: x\ncontexts: [{name: x, context: {cluster: y}}]",
    );
    let two = folder.write("two", "clusters: [{name: z, cluster: {}}]");
    let kubeconfig = Loader::new()
        .environment(kubeconfig_list(&[&one, &two]))
        .kubeconfig()
        .unwrap();
    let error = Config::from_kubeconfig(&kubeconfig, &Overrides::new()).unwrap_err();
    let (one, two) = (one.display(), two.display());
    assert_eq!(
        error.to_string(),
        format!(
            "no configuration for a Kubernetes cluster: {one}: context \"x\" refers to cluster \"y\", which none of these files has: {one}, {two}"
        )
    );
    assert!(error.is_empty());
    let problem = &error.problems()[0];
    assert_eq!(
        (problem.stanza(), problem.field()),
        (Some("context \"x\""), Some("cluster"))
    );
}

#[test]
fn a_text_that_chooses_no_context_is_empty() {
    let error = resolve(
        "clusters: [{name: c, cluster: {server: 'https://host'}}]",
        &Overrides::new(),
    );
    let error = error.unwrap_err();
    assert!(error.is_empty());
    assert_eq!(
        error.to_string(),
        "no configuration for a Kubernetes cluster: no context is chosen: there is no current-context"
    );
    let error = resolve(
        "current-context: c\ncontexts: [{name: c, context: {}}]",
        &Overrides::new(),
    );
    assert_eq!(
        error.unwrap_err().to_string(),
        "no configuration for a Kubernetes cluster: context \"c\": cluster: it is not set"
    );
}

#[test]
fn a_file_that_cannot_be_opened_is_the_source_of_the_error() {
    let error = resolve_stanzas(
        "server: 'https://host', certificate-authority: /nowhere/ca.crt",
        "",
    )
    .unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    let source: &std::io::Error = source.downcast_ref().unwrap();
    assert_eq!(source.kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn stanzas_that_are_not_used_may_be_wrong() {
    let text = "current-context: a
clusters: [{name: a, cluster: {server: 'https://host'}}, {name: b, cluster: {proxy-url: x}}]
users: [{name: b, user: {token: t, username: u}}]
contexts: [{name: a, context: {cluster: a}}, {name: b, context: {cluster: gone, namespace: Not_A_Label}}, {name: '', context: {cluster: a, user: b}}]";
    assert!(resolve(text, &Overrides::new()).is_ok());

    let error = Kubeconfig::from_bytes(text.as_bytes())
        .unwrap()
        .validate()
        .unwrap_err();
    let problems: Vec<_> = error.problems().iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "contexts: an entry has no name",
            "context \"a\": user: it is not set",
            "context \"b\" refers to cluster \"gone\", which the kubeconfig does not have",
            "context \"b\": user: it is not set",
            "context \"b\": namespace: \"Not_A_Label\" cannot be the name of a namespace",
            "user \"b\": token: it cannot be combined with username and password",
            "cluster \"b\": server: it is not set",
            "cluster \"b\": proxy-url: it has no scheme: write http://, https:// or socks5://",
        ]
    );
}

#[test]
fn a_whole_kubeconfig_that_is_in_order_passes() {
    let kubeconfig = Kubeconfig::from_bytes(crate::support::simple("a").as_bytes()).unwrap();
    kubeconfig.validate().unwrap();
    assert!(Kubeconfig::default().validate().unwrap_err().is_empty());

    let mut dangling = kubeconfig;
    dangling.current_context = Some("gone".to_owned());
    let error = dangling.validate().unwrap_err();
    assert_eq!(error.problems()[0].field(), Some("current-context"));
}

#[test]
fn errors_can_be_kept_cloned_and_sent() {
    fn is<T: Send + Sync + Clone + std::error::Error + 'static>() {}
    is::<Error>();
}
