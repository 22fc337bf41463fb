//! Relative paths mean the folder of the file they are written in.

use std::path::Path;

use kubekit_config::{Config, Loader, Overrides, Pem};

use crate::support::{Folder, exposed, file, kubeconfig_list, resolve_stanzas, stanzas};

const CLUSTER: &str = "server: 'https://host', certificate-authority: pki/ca.crt";
const USER: &str = "client-certificate: ../me.crt, client-key: ./me.key, tokenFile: token,
  exec: {command: bin/plugin, apiVersion: client.authentication.k8s.io/v1beta1}";

fn with_files() -> Folder {
    let folder = Folder::new();
    for name in ["dir/pki/ca.crt", "me.crt", "dir/me.key"] {
        folder.write(name, "PEM");
    }
    folder.write("dir/token", "t0ken\r\n");
    folder
}

#[test]
fn every_path_of_a_file_is_relative_to_that_file() {
    let folder = with_files();
    let path = folder.write("dir/config", stanzas(CLUSTER, USER));
    let config = Loader::new().path(path).infer().unwrap();

    assert_eq!(file(&config.tls.ca), Some(&*folder.path("dir/pki/ca.crt")));
    assert_eq!(
        file(&config.tls.client_certificate),
        Some(&*folder.path("me.crt"))
    );
    assert_eq!(
        file(&config.tls.client_key),
        Some(&*folder.path("dir/me.key"))
    );
    assert_eq!(
        config.auth.token_file.as_deref(),
        Some(&*folder.path("dir/token"))
    );
    let command = config.auth.exec.unwrap().command;
    assert_eq!(Path::new(&command), folder.path("dir/bin/plugin"));
}

#[test]
fn stanzas_of_merged_files_are_each_relative_to_their_own() {
    let folder = with_files();
    let cluster = format!("clusters: [{{name: it, cluster: {{{CLUSTER}}}}}]");
    let rest = "users: [{name: it, user: {tokenFile: token}}]
contexts: [{name: it, context: {cluster: it, user: it}}]
current-context: it";
    folder.write("else/token", "other");
    let files = [
        folder.write("dir/config", cluster),
        folder.write("else/config", rest),
    ];
    let environment = kubeconfig_list(&[&files[0], &files[1]]);

    let config = Loader::new().environment(environment).infer().unwrap();
    assert_eq!(file(&config.tls.ca), Some(&*folder.path("dir/pki/ca.crt")));
    assert_eq!(
        config.auth.token_file.as_deref(),
        Some(&*folder.path("else/token"))
    );
    assert_eq!(exposed(&config.auth.token), Some("other"));
}

#[test]
fn absolute_paths_and_names_of_programs_stay_as_they_are() {
    let folder = with_files();
    let ca = folder.path("me.crt");
    let cluster = format!("server: 'https://host', certificate-authority: {ca:?}");
    let user = "exec: {command: aws, apiVersion: client.authentication.k8s.io/v1beta1}";
    let path = folder.write("dir/config", stanzas(&cluster, user));

    let config = Loader::new().path(path).infer().unwrap();
    assert_eq!(file(&config.tls.ca), Some(&*ca));
    assert_eq!(config.auth.exec.unwrap().command, "aws");
}

#[test]
fn paths_of_overrides_and_of_text_without_a_file_stay_as_they_are() {
    let folder = with_files();
    let path = folder.write("dir/config", stanzas("server: 'https://host'", ""));
    // Relative to the package, where tests run.
    let overrides = Overrides::new().certificate_authority(Pem::File("Cargo.toml".into()));
    let config = Loader::new()
        .path(path)
        .overrides(overrides)
        .infer()
        .unwrap();
    assert_eq!(file(&config.tls.ca), Some(Path::new("Cargo.toml")));

    let config = resolve_stanzas(
        "server: 'https://host', certificate-authority: Cargo.toml",
        "",
    );
    assert_eq!(file(&config.unwrap().tls.ca), Some(Path::new("Cargo.toml")));
}

#[test]
fn loading_leaves_the_paths_of_the_kubeconfig_as_they_are_written() {
    let folder = with_files();
    let path = folder.write("dir/config", stanzas(CLUSTER, USER));
    let kubeconfig = Loader::new().path(path).kubeconfig().unwrap();
    let cluster = kubeconfig.cluster("it").unwrap();
    assert_eq!(cluster.certificate_authority.as_deref(), Some("pki/ca.crt"));
    assert!(kubeconfig.to_yaml().contains("tokenFile: token\n"));
    assert!(Config::from_kubeconfig(&kubeconfig, &Overrides::new()).is_ok());
}
