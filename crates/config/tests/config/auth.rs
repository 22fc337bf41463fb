//! Which credentials a user stanza gives.

use kubekit_config::{InteractiveMode, Overrides, Pem};
use secrecy::ExposeSecret as _;

use crate::support::{Folder, data, exposed, resolve, resolve_stanzas, stanzas};

const TLS: &str = "server: 'https://host'";

#[test]
fn a_token_file_is_kept_and_read_once_without_its_line_end() {
    let folder = Folder::new();
    for content in ["t0ken", "t0ken\n", " t0ken\r\n"] {
        let path = folder.write("token", content);
        let config = resolve_stanzas(TLS, &format!("tokenFile: {path:?}")).unwrap();
        assert_eq!(exposed(&config.auth.token), Some("t0ken"));
        assert_eq!(config.auth.token_file, Some(path));
    }
    let path = folder.write("token", "\n");
    let config = resolve_stanzas(TLS, &format!("tokenFile: {path:?}")).unwrap();
    assert_eq!(exposed(&config.auth.token), None);
}

#[test]
fn a_token_beside_a_token_file_is_used_first_and_both_are_kept() {
    let config = resolve_stanzas(TLS, "token: first, tokenFile: /nowhere/token").unwrap();
    assert_eq!(exposed(&config.auth.token), Some("first"));
    assert_eq!(config.auth.token_file, Some("/nowhere/token".into()));
}

#[test]
fn a_token_file_that_cannot_be_read_is_an_error_that_names_it() {
    let error = resolve_stanzas(TLS, "tokenFile: /nowhere/token").unwrap_err();
    assert!(error.is_unreadable());
    assert_eq!(
        error.to_string(),
        "cannot read the configuration: user \"it\": tokenFile: the file /nowhere/token does not exist"
    );
    assert!(
        std::error::Error::source(&error)
            .unwrap()
            .is::<std::io::Error>()
    );
}

#[test]
fn certificates_and_keys_are_decoded() {
    let config = resolve_stanzas(
        "server: 'https://host', certificate-authority-data: Q0E=, tls-server-name: name",
        "client-certificate-data: Q0VSVA==, client-key-data: S0VZ",
    )
    .unwrap();
    assert_eq!(data(&config.tls.ca).as_deref(), Some("CA"));
    assert_eq!(
        data(&config.tls.client_certificate).as_deref(),
        Some("CERT")
    );
    assert_eq!(data(&config.tls.client_key).as_deref(), Some("KEY"));
    assert_eq!(config.tls.server_name.as_deref(), Some("name"));
    assert!(!config.tls.insecure_skip_verify);
}

#[test]
fn a_key_without_a_certificate_is_ignored() {
    let config = resolve_stanzas(TLS, "client-key-data: S0VZ, client-key: /nowhere").unwrap();
    assert!(config.tls.client_key.is_none());
}

#[test]
fn basic_authentication_needs_only_one_half() {
    let config = resolve_stanzas(TLS, "username: me").unwrap();
    let basic = config.auth.basic.unwrap();
    assert_eq!(
        (basic.username.as_str(), basic.password.expose_secret()),
        ("me", "")
    );
    let basic = resolve_stanzas(TLS, "password: pw")
        .unwrap()
        .auth
        .basic
        .unwrap();
    assert_eq!(
        (basic.username.as_str(), basic.password.expose_secret()),
        ("", "pw")
    );
}

#[test]
fn impersonation_is_taken_over() {
    let user = "as: jane, as-uid: '42', as-groups: [a, b], as-user-extra: {scopes: [x, y]}";
    let impersonate = resolve_stanzas(TLS, user).unwrap().auth.impersonate;
    assert_eq!(impersonate.user.as_deref(), Some("jane"));
    assert_eq!(impersonate.uid.as_deref(), Some("42"));
    assert_eq!(impersonate.groups, ["a", "b"]);
    assert_eq!(impersonate.extra["scopes"], ["x", "y"]);
}

#[test]
fn a_plain_http_server_gets_no_credentials_but_is_told_whom_to_act_for() {
    let user = "token: t, as: jane, client-certificate-data: Q0U=, client-key-data: S0U=,
      exec: {command: c, apiVersion: client.authentication.k8s.io/v1beta1}";
    let cluster = "server: 'http://host', certificate-authority-data: Q0E=, proxy-url: 'http://proxy', disable-compression: true";
    let config = resolve_stanzas(cluster, user).unwrap();
    assert!(config.auth.token.is_none() && config.auth.exec.is_none());
    assert!(config.tls.ca.is_none() && config.tls.client_certificate.is_none());
    assert_eq!(config.auth.impersonate.user.as_deref(), Some("jane"));
    assert!(config.proxy_url.is_some() && config.disable_compression);
}

#[test]
fn a_user_that_does_not_exist_is_anonymous() {
    let text = stanzas(TLS, "token: t").replace("user: it}", "user: nobody}");
    let config = resolve(&text, &Overrides::new()).unwrap();
    assert!(config.auth.token.is_none());
}

#[test]
fn an_exec_stanza_is_completed_from_its_version_and_its_cluster() {
    let cluster = "server: 'https://host', extensions: [
      {name: other, extension: 1}, {name: client.authentication.k8s.io/exec, extension: {audience: x}}]";
    let user = "exec: {command: c, apiVersion: client.authentication.k8s.io/v1beta1,
      installHint: \"a\\e[1mb\\nc\\u202Ed\"}";
    let exec = resolve_stanzas(cluster, user).unwrap().auth.exec.unwrap();
    assert_eq!(exec.interactive_mode, Some(InteractiveMode::IfAvailable));
    assert_eq!(exec.cluster_config.unwrap().0["audience"], "x");
    assert_eq!(exec.install_hint.as_deref(), Some("aU+001B[1mb\ncU+202Ed"));
}

#[test]
fn an_auth_provider_is_kept() {
    let user = "auth-provider: {name: oidc, config: {client-id: x}}";
    let provider = resolve_stanzas(TLS, user)
        .unwrap()
        .auth
        .auth_provider
        .unwrap();
    assert_eq!(provider.name, "oidc");
    assert_eq!(provider.config["client-id"].expose_secret(), "x");
}

#[test]
fn pem_is_read_from_where_it_is() {
    let folder = Folder::new();
    let file = Pem::File(folder.write("ca.crt", "PEM"));
    assert_eq!(file.read().unwrap().expose_secret(), b"PEM");
    assert_eq!(Pem::data("PEM").read().unwrap().expose_secret(), b"PEM");
    let missing = Pem::File("/nowhere/ca.crt".into()).read().unwrap_err();
    assert_eq!(missing.kind(), std::io::ErrorKind::NotFound);
}
