//! What the tests share.

pub(crate) mod pki;
pub(crate) mod script;
pub(crate) mod server;

use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kubekit_config::Config;
use kubekit_core::Namespace;
use kubekit_rest::{Api, RestClient};

use script::Script;

pub(crate) fn config() -> Config {
    Config::new(http::Uri::from_static("https://api.example:6443"))
}

/// A client whose answers are those of the script.
pub(crate) fn client(script: &Script) -> RestClient {
    RestClient::builder(&config())
        .transport(script.clone())
        .user_agent("tests/1")
        .build()
        .expect("a valid configuration")
}

/// The config maps of the namespace `shop`.
pub(crate) fn maps(script: &Script) -> Api<ConfigMap, Namespace> {
    client(script).api(Namespace::new("shop"))
}

pub(crate) fn map(name: &str) -> ConfigMap {
    ConfigMap {
        metadata: ObjectMeta {
            name: Some(name.to_owned()),
            ..ObjectMeta::default()
        },
        ..ConfigMap::default()
    }
}

/// A config map as the server writes it.
pub(crate) fn map_json(name: &str) -> String {
    format!(
        r#"{{"kind":"ConfigMap","apiVersion":"v1","metadata":{{"name":"{name}","namespace":"shop"}}}}"#
    )
}

pub(crate) fn list_json(names: &[&str], continue_token: &str) -> String {
    let items: Vec<_> = names
        .iter()
        .map(|name| format!(r#"{{"metadata":{{"name":"{name}"}}}}"#))
        .collect();
    format!(
        r#"{{"kind":"ConfigMapList","apiVersion":"v1","metadata":{{"resourceVersion":"7","continue":"{continue_token}"}},"items":[{}]}}"#,
        items.join(",")
    )
}

pub(crate) fn status_json(code: u16, reason: &str, message: &str) -> String {
    format!(
        r#"{{"kind":"Status","apiVersion":"v1","metadata":{{}},"status":"Failure","message":"{message}","reason":"{reason}","code":{code}}}"#
    )
}

/// All messages of an error and its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
