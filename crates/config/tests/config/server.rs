//! How the address of a server is read.

use kubekit_config::{Config, Kubeconfig, Overrides, ProxyScheme, ProxyUrl};
use secrecy::ExposeSecret as _;

use crate::support::{resolve_stanzas, stanzas};

fn url(server: &str) -> Result<String, String> {
    resolve_stanzas(&format!("server: {server:?}"), "")
        .map(|config| config.server.to_string())
        .map_err(|error| error.to_string())
}

#[test]
fn each_row_of_the_table_is_read_as_in_client_go() {
    let table = [
        ("https://host:6443", "https://host:6443/"),
        ("https://host", "https://host/"),
        ("HTTPS://host", "https://host/"),
        ("http://localhost:8080", "http://localhost:8080/"),
        ("https://host:6443/", "https://host:6443/"),
        ("https://host/a/b", "https://host/a/b"),
        ("https://host/a/b/", "https://host/a/b/"),
        ("https://host/a?query#fragment", "https://host/a"),
        ("https://host?query", "https://host/"),
        ("https://[::1]:6443", "https://[::1]:6443/"),
        ("https://host:", "https://host/"),
        ("host", "http://host/"),
        ("host:6443", "http://host:6443/"),
        ("host:6443/", "http://host:6443/"),
        ("10.0.0.1:6443", "http://10.0.0.1:6443/"),
        ("[::1]:6443", "http://[::1]:6443/"),
    ];
    for (server, expected) in table {
        assert_eq!(url(server).as_deref(), Ok(expected), "{server}");
    }
}

#[test]
fn each_row_of_the_table_is_refused() {
    let table = [
        (
            "host/path",
            "only a full URL may have a path: write https:// before it",
        ),
        ("ftp://host", "its scheme is neither http nor https"),
        ("https://", "its host or port is not valid"),
        ("https:///path", "its host or port is not valid"),
        ("https://host:port", "its host or port is not valid"),
        ("https://host:65536", "its host or port is not valid"),
        ("https://ho st", "its host or port is not valid"),
        (" https://host", "its scheme is neither http nor https"),
        ("https://host/a b", "it is not a valid URL"),
    ];
    for (server, reason) in table {
        let expected = format!("invalid configuration: cluster \"it\": server: {reason}");
        assert_eq!(url(server), Err(expected), "{server}");
    }
}

#[test]
fn a_server_without_a_scheme_is_https_when_anything_says_tls() {
    let bare = |cluster: &str, user: &str| {
        let cluster = format!("server: 'host:6443', {cluster}");
        resolve_stanzas(&cluster, user).unwrap().server.to_string()
    };
    assert_eq!(
        bare("certificate-authority-data: Q0E=", ""),
        "https://host:6443/"
    );
    assert_eq!(
        bare("insecure-skip-tls-verify: true", ""),
        "https://host:6443/"
    );
    let certificate = "client-certificate-data: Q0U=, client-key-data: S0U=";
    assert_eq!(bare("", certificate), "https://host:6443/");
    assert_eq!(
        bare("tls-server-name: name", "token: t"),
        "http://host:6443/"
    );
}

#[test]
fn credentials_in_the_url_win_over_the_users() {
    let config = resolve_stanzas("server: 'https://me:p%40ss@host'", "token: t, as: jane").unwrap();
    assert_eq!(config.server, "https://host/");
    let basic = config.auth.basic.unwrap();
    assert_eq!(
        (basic.username.as_str(), basic.password.expose_secret()),
        ("me", "p@ss")
    );
    assert!(config.auth.token.is_none());
    assert_eq!(config.auth.impersonate.user.as_deref(), Some("jane"));

    let config = Config::new("http://me@host/path".parse().unwrap());
    assert_eq!(config.server, "http://host/path");
    assert_eq!(config.auth.basic.unwrap().username, "me");
}

#[test]
fn proxies_are_read_with_their_default_ports() {
    let table = [
        ("http://proxy", ProxyScheme::Http, "proxy", 80),
        ("HTTPS://proxy/", ProxyScheme::Https, "proxy", 443),
        ("socks5://proxy", ProxyScheme::Socks5, "proxy", 1080),
        ("http://10.0.0.1:3128", ProxyScheme::Http, "10.0.0.1", 3128),
        ("socks5://[::1]:9050", ProxyScheme::Socks5, "[::1]", 9050),
    ];
    for (text, scheme, host, port) in table {
        let proxy: ProxyUrl = text.parse().unwrap();
        assert_eq!(
            (proxy.scheme(), proxy.host(), proxy.port()),
            (scheme, host, port),
            "{text}"
        );
        assert!(proxy.credentials().is_none());
    }
    let proxy: ProxyUrl = "http://me%40corp:p%3Aw@proxy".parse().unwrap();
    let credentials = proxy.credentials().unwrap();
    assert_eq!(credentials.username, "me@corp");
    assert_eq!(credentials.password.expose_secret(), "p:w");
    for text in [
        "proxy:3128",
        "ftp://proxy",
        "socks5h://proxy",
        "http://",
        "http://:80",
        "http://proxy:http",
        "http://proxy:",
    ] {
        assert!(text.parse::<ProxyUrl>().is_err(), "{text}");
    }
}

#[test]
fn a_proxy_that_is_not_supported_makes_the_stanza_unusable() {
    let text = stanzas("server: 'https://host', proxy-url: 'socks4://proxy'", "");
    let kubeconfig = Kubeconfig::from_bytes(text.as_bytes()).unwrap();
    let error = Config::from_kubeconfig(&kubeconfig, &Overrides::new()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid configuration: cluster \"it\": proxy-url: its scheme is not supported: only http, https and socks5 are"
    );
}
