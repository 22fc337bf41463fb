//! Where a configuration is looked for, and what is found first.

use std::path::Path;

use kubekit_config::{Environment, Loader, Overrides};

use crate::support::{Folder, exposed, kubeconfig_list, pod, simple, stanzas};

fn loader(environment: Environment) -> Loader {
    Loader::new().environment(environment)
}

fn server(environment: Environment) -> String {
    loader(environment).infer().unwrap().server.to_string()
}

#[test]
fn the_file_in_the_home_directory_is_the_last_resort() {
    let folder = Folder::new();
    folder.write(".kube/config", simple("home"));
    let listed = folder.write("listed", simple("listed"));
    let explicit = folder.write("explicit", simple("explicit"));

    let home = Environment::empty().var("HOME", folder.path(""));
    assert_eq!(server(home.clone()), "https://home/");
    assert_eq!(server(home.clone().var("KUBECONFIG", "")), "https://home/");
    let listed = home.var("KUBECONFIG", listed);
    assert_eq!(server(listed.clone()), "https://listed/");
    let config = loader(listed.clone()).path(explicit).infer().unwrap();
    assert_eq!(config.server, "https://explicit/");
    let config = loader(listed).path("").infer().unwrap();
    assert_eq!(config.server, "https://listed/");
}

#[test]
fn a_list_is_read_in_order_without_what_is_missing_empty_or_repeated() {
    let folder = Folder::new();
    let (a, b) = (
        folder.write("a", simple("a")),
        folder.write("b", simple("b")),
    );
    let gone = folder.path("gone");
    let environment = kubeconfig_list(&[Path::new(""), &gone, &b, &a, &b]);

    let loader = loader(environment);
    assert_eq!(loader.files(), [&*gone, &b, &a]);
    assert_eq!(loader.kubeconfig().unwrap().origins, [b, a]);
    assert_eq!(loader.infer().unwrap().server, "https://b/");
}

#[test]
fn a_list_of_missing_files_does_not_fall_back_to_the_home_directory() {
    let folder = Folder::new();
    folder.write(".kube/config", simple("home"));
    let gone = folder.path("gone");
    let environment = kubeconfig_list(&[&gone]).var("HOME", folder.path(""));
    let error = loader(environment).infer().unwrap_err();
    assert!(error.is_empty());
    let text = error.to_string();
    assert!(
        text.contains(&format!("{}: it does not exist", gone.display())),
        "{text}"
    );
}

#[test]
fn an_explicit_path_must_exist() {
    let folder = Folder::new();
    let path = folder.path("gone");
    let error = loader(pod(&folder)).path(&path).infer().unwrap_err();
    assert!(error.is_unreadable());
    assert_eq!(
        error.to_string(),
        format!(
            "cannot read the configuration: {}: it does not exist",
            path.display()
        )
    );
}

#[test]
fn every_file_that_cannot_be_read_is_reported() {
    let folder = Folder::new();
    let files = [
        folder.write("a", "a: ["),
        folder.write("b", simple("b")),
        folder.path(""),
    ];
    let error = loader(kubeconfig_list(&[&files[0], &files[1], &files[2]]))
        .infer()
        .unwrap_err();
    let reported: Vec<_> = error
        .problems()
        .iter()
        .map(|problem| problem.file())
        .collect();
    assert_eq!(reported, [Some(&*files[0]), Some(&*files[2])]);
    assert!(error.is_malformed());
}

#[test]
fn in_a_pod_a_usable_kubeconfig_still_wins() {
    let folder = Folder::new();
    let file = folder.write("config", simple("file"));
    let config = loader(pod(&folder).var("KUBECONFIG", file))
        .infer()
        .unwrap();
    assert_eq!(config.server, "https://file/");
    assert_eq!(config.default_namespace, "ns-of-file");
}

#[test]
fn a_kubeconfig_that_names_no_server_gives_way_to_the_service_account() {
    let dangling =
        "current-context: c\ncontexts: [{name: c, context: {cluster: gone, user: gone}}]";
    let unset = stanzas("server: 'https://host'", "").replace("current-context: it", "");
    for content in ["", "{}", dangling, unset.as_str()] {
        let folder = Folder::new();
        let file = folder.write("config", content);
        let config = loader(pod(&folder).var("KUBECONFIG", file))
            .infer()
            .unwrap();
        assert_eq!(config.server, "https://10.96.0.1:443/", "{content}");
        assert_eq!(exposed(&config.auth.token), Some("token-of-pod"));
    }
}

#[test]
fn a_kubeconfig_that_is_wrong_does_not_give_way() {
    let table = [
        "current-context: gone".to_owned(),
        stanzas("server: ''", "token: t"),
        stanzas("server: 'https://host'", "token: t, username: u"),
        "current-context: c\ncontexts: [{name: c, context: {user: u}}]\nusers: [{name: u, user: {as-uid: '1'}}]".to_owned(),
        "text".to_owned(),
    ];
    for content in table {
        let folder = Folder::new();
        let file = folder.write("config", &content);
        let error = loader(pod(&folder).var("KUBECONFIG", file))
            .infer()
            .unwrap_err();
        assert!(!error.is_empty(), "{content}: {error}");
    }
}

#[test]
fn in_a_pod_a_context_without_a_namespace_gets_that_of_the_pod() {
    let folder = Folder::new();
    folder.write("account/namespace", "of-pod");
    let file = folder.write("config", stanzas("server: 'https://host'", ""));
    let environment = pod(&folder).var("KUBECONFIG", file);
    let namespace = |overrides: Overrides, environment: &Environment| {
        let loader = loader(environment.clone()).overrides(overrides);
        loader.infer().unwrap().default_namespace
    };
    assert_eq!(namespace(Overrides::new(), &environment), "of-pod");
    assert_eq!(
        namespace(Overrides::new().namespace("mine"), &environment),
        "mine"
    );

    let text =
        stanzas("server: 'https://host'", "").replace("user: it}", "user: it, namespace: default}");
    let environment = environment.var("KUBECONFIG", folder.write("explicit", text));
    assert_eq!(namespace(Overrides::new(), &environment), "default");
}

#[test]
fn without_a_token_or_a_variable_a_pod_is_none() {
    let folder = Folder::new();
    let table = [
        pod(&folder).var("KUBERNETES_SERVICE_HOST", ""),
        pod(&folder).var("KUBERNETES_SERVICE_PORT", ""),
        pod(&folder).service_account(folder.path("gone")),
    ];
    for environment in table {
        assert!(loader(environment).infer().unwrap_err().is_empty());
    }
}

#[test]
fn the_error_lists_what_was_tried_and_what_to_do() {
    let advice = "(set KUBECONFIG to a kubeconfig file, create ~/.kube/config, or run in a pod with a service account)";
    let no_pod = "the variable KUBERNETES_SERVICE_HOST is not set";
    let none = "no configuration for a Kubernetes cluster: ";

    let error = loader(Environment::empty()).infer().unwrap_err();
    let home = "KUBECONFIG is not set, and the home directory is not known";
    assert_eq!(
        error.to_string(),
        format!("{none}{home}; {no_pod} {advice}")
    );

    let folder = Folder::new();
    let home = Environment::empty().var("HOME", folder.path(""));
    let file = folder.path(".kube/config").display().to_string();
    let error = loader(home.clone()).infer().unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{none}{file}: it does not exist; {no_pod} {advice}")
    );

    folder.write(
        ".kube/config",
        "current-context: c\ncontexts: [{name: c, context: {cluster: y}}]",
    );
    let error = loader(home).infer().unwrap_err();
    let dangling =
        format!("{file}: context \"c\" refers to cluster \"y\", which {file} does not have");
    assert_eq!(
        error.to_string(),
        format!("{none}{dangling}; {no_pod} {advice}")
    );

    let pod = pod(&folder).service_account(folder.path("gone"));
    let error = loader(pod).infer().unwrap_err();
    let token = folder.path("gone/token").display().to_string();
    assert!(
        error
            .to_string()
            .contains(&format!("there is no service account token {token}")),
        "{error}"
    );
}

#[test]
fn the_process_itself_can_be_asked() {
    // Whatever this process has, it must be told apart from a broken one by a typed error.
    if let Err(error) = kubekit_config::Config::in_cluster() {
        assert!(error.is_not_in_cluster() || error.is_unreadable());
    }
    let inherited = Environment::process().var("KUBECONFIG", "/nowhere/config");
    assert_eq!(loader(inherited).files(), [Path::new("/nowhere/config")]);
}
