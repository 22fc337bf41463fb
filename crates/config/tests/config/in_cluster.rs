//! The service account of a pod.

use std::fs;

use kubekit_config::{Environment, Loader, Overrides, Pem};

use crate::support::{Folder, data, exposed, file, pod};

const CA: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

#[test]
fn server_token_and_authorities_are_those_of_the_pod() {
    let folder = Folder::new();
    let environment = pod(&folder);
    folder.write("account/ca.crt", CA);
    let config = Loader::new().environment(environment).in_cluster().unwrap();
    assert_eq!(config.server, "https://10.96.0.1:443/");
    assert_eq!(exposed(&config.auth.token), Some("token-of-pod"));
    assert_eq!(config.auth.token_file, Some(folder.path("account/token")));
    assert_eq!(file(&config.tls.ca), Some(&*folder.path("account/ca.crt")));
    assert_eq!(config.default_namespace, "default");
}

#[test]
fn an_ipv6_server_is_put_in_brackets() {
    let folder = Folder::new();
    let environment = pod(&folder).var("KUBERNETES_SERVICE_HOST", "fd00:10:96::1");
    let config = Loader::new().environment(environment).in_cluster().unwrap();
    assert_eq!(config.server, "https://[fd00:10:96::1]:443/");
}

#[test]
fn a_pod_without_usable_authorities_trusts_the_systems() {
    let folder = Folder::new();
    let loader = Loader::new().environment(pod(&folder));
    assert!(loader.in_cluster().unwrap().tls.ca.is_none());
    folder.write("account/ca.crt", "no certificate");
    assert!(loader.in_cluster().unwrap().tls.ca.is_none());
}

#[test]
fn the_namespace_is_that_of_the_variable_then_of_the_file_then_default() {
    let folder = Folder::new();
    let environment = pod(&folder);
    let namespace = |environment: Environment| {
        Loader::new()
            .environment(environment)
            .in_cluster()
            .unwrap()
            .default_namespace
    };
    assert_eq!(namespace(environment.clone()), "default");
    folder.write("account/namespace", " \n");
    assert_eq!(namespace(environment.clone()), "default");
    folder.write("account/namespace", "of-file\n");
    assert_eq!(namespace(environment.clone()), "of-file");
    assert_eq!(
        namespace(environment.var("POD_NAMESPACE", "of-variable")),
        "of-variable"
    );
}

#[test]
fn outside_a_pod_the_error_says_which_variable_is_missing() {
    let folder = Folder::new();
    let table = [
        (Environment::empty(), "KUBERNETES_SERVICE_HOST"),
        (
            pod(&folder).var("KUBERNETES_SERVICE_HOST", ""),
            "KUBERNETES_SERVICE_HOST",
        ),
        (
            Environment::empty().var("KUBERNETES_SERVICE_HOST", "h"),
            "KUBERNETES_SERVICE_PORT",
        ),
    ];
    for (environment, variable) in table {
        let error = Loader::new()
            .environment(environment)
            .in_cluster()
            .unwrap_err();
        assert!(error.is_not_in_cluster());
        assert_eq!(
            error.to_string(),
            format!("not in a cluster: the variable {variable} is not set")
        );
    }
}

#[test]
fn an_environment_without_a_service_account_is_no_pod() {
    let environment = Environment::empty()
        .var("KUBERNETES_SERVICE_HOST", "h")
        .var("KUBERNETES_SERVICE_PORT", "1");
    let loader = Loader::new().environment(environment);
    assert!(loader.in_cluster().unwrap_err().is_not_in_cluster());
    assert!(loader.infer().unwrap_err().is_empty());
}

#[test]
fn a_pod_without_a_token_is_an_error_but_not_the_lack_of_a_cluster() {
    let folder = Folder::new();
    let environment = pod(&folder);
    fs::remove_file(folder.path("account/token")).unwrap();
    let error = Loader::new()
        .environment(environment)
        .in_cluster()
        .unwrap_err();
    assert!(error.is_unreadable() && !error.is_not_in_cluster());
    assert!(
        error
            .to_string()
            .contains(&folder.path("account/token").display().to_string())
    );
}

#[test]
fn every_override_applies_to_the_service_account() {
    let folder = Folder::new();
    folder.write("account/ca.crt", CA);
    let overrides = Overrides::new()
        .server("https://other")
        .token("t")
        .certificate_authority(Pem::data("NEW"))
        .namespace("n")
        .impersonate("jane");
    let loader = Loader::new().environment(pod(&folder)).overrides(overrides);
    let config = loader.in_cluster().unwrap();
    assert_eq!(config.server, "https://other/");
    assert_eq!(exposed(&config.auth.token), Some("t"));
    assert_eq!(config.auth.token_file, None);
    assert_eq!(data(&config.tls.ca).as_deref(), Some("NEW"));
    assert_eq!(config.default_namespace, "n");
    assert_eq!(config.auth.impersonate.user.as_deref(), Some("jane"));
}
