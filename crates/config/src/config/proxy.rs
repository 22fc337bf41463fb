//! The URL of a proxy.

use std::{fmt, str::FromStr};

use http::uri::Authority;

use crate::config::{auth::Basic, server};

/// The URL of a proxy: `http`, `https` or `socks5`, a host, and perhaps a port and credentials.
///
/// `Debug` and `Display` show everything but the password.
///
/// # Examples
///
/// ```
/// use kubekit_config::{ProxyScheme, ProxyUrl};
///
/// let proxy: ProxyUrl = "socks5://me:s3cret@gate.example:1081".parse()?;
/// assert_eq!(proxy.scheme(), ProxyScheme::Socks5);
/// assert_eq!((proxy.host(), proxy.port()), ("gate.example", 1081));
/// assert_eq!(proxy.to_string(), "socks5://me:xxxxx@gate.example:1081");
/// # Ok::<(), kubekit_config::InvalidProxyUrl>(())
/// ```
#[derive(Clone)]
pub struct ProxyUrl {
    scheme: ProxyScheme,
    authority: Authority,
    credentials: Option<Basic>,
}

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProxyScheme {
    /// HTTP in the clear, with `CONNECT` for an `https` server.
    Http,
    /// HTTP over TLS, with `CONNECT` for an `https` server.
    Https,
    /// SOCKS version 5; the proxy resolves the server's name.
    Socks5,
}

/// A string is not the URL of a proxy. It says what is wrong without repeating the string, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidProxyUrl(&'static str);

impl ProxyUrl {
    /// Returns how the proxy is spoken to.
    #[must_use]
    pub fn scheme(&self) -> ProxyScheme {
        self.scheme
    }

    /// Returns the host; the address of an IPv6 host is in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.authority.host()
    }

    /// Returns the port: 80, 443 or 1080 when the URL has none, as the scheme wants.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.authority
            .port_u16()
            .unwrap_or_else(|| self.scheme.default_port())
    }

    /// Returns the user name and password for the proxy.
    #[must_use]
    pub fn credentials(&self) -> Option<&Basic> {
        self.credentials.as_ref()
    }
}

impl FromStr for ProxyUrl {
    type Err = InvalidProxyUrl;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let (scheme, rest) = url.split_once("://").ok_or(InvalidProxyUrl(
            "it has no scheme: write http://, https:// or socks5://",
        ))?;
        let scheme = ProxyScheme::named(scheme).ok_or(InvalidProxyUrl(
            "its scheme is not supported: only http, https and socks5 are",
        ))?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (userinfo, host) = server::cut_userinfo(authority);
        let authority: Authority = host
            .parse()
            .map_err(|_| InvalidProxyUrl("its host or port is not valid"))?;
        if authority.host().is_empty() || server::has_bad_port(&authority) {
            return Err(InvalidProxyUrl("its host or port is not valid"));
        }
        Ok(Self {
            scheme,
            authority,
            credentials: userinfo.map(server::credentials),
        })
    }
}

impl fmt::Display for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme)?;
        if let Some(credentials) = &self.credentials {
            write!(f, "{}:xxxxx@", credentials.username)?;
        }
        write!(f, "{}", self.authority)
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyUrl({self})")
    }
}

impl ProxyScheme {
    fn named(name: &str) -> Option<Self> {
        [Self::Http, Self::Https, Self::Socks5]
            .into_iter()
            .find(|scheme| name.eq_ignore_ascii_case(scheme.as_str()))
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Socks5 => "socks5",
        }
    }

    fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
            Self::Socks5 => 1080,
        }
    }
}

impl fmt::Display for ProxyScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl InvalidProxyUrl {
    pub(crate) fn reason(&self) -> &'static str {
        self.0
    }
}

impl fmt::Display for InvalidProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not the URL of a proxy: {}", self.0)
    }
}

impl std::error::Error for InvalidProxyUrl {}
