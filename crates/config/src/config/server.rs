//! The rules of server URLs.

use http::{Uri, uri::Authority};

use crate::config::auth::Basic;

/// What decides the scheme of a server that is given without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefaultScheme {
    Http,
    Https,
}

/// Reads `host`, `host:port` or a full URL with an optional path prefix, as `rest.DefaultServerURL` does.
///
/// The reason in the error does not repeat the string, which may hold a password.
pub(crate) fn parse(server: &str, default: DefaultScheme) -> Result<Uri, &'static str> {
    let (scheme, rest) = split_scheme(server)?.unwrap_or((default.as_str(), server));
    let has_scheme = rest.len() != server.len();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if !has_scheme && !matches!(path, "" | "/") {
        return Err("only a full URL may have a path: write https:// before it");
    }
    let authority = valid_authority(authority)?;
    Uri::builder()
        .scheme(scheme)
        .authority(authority)
        .path_and_query(if path.is_empty() { "/" } else { path })
        .build()
        .map_err(|_| "it is not a valid URL")
}

/// Takes the user name and password out of a URL.
pub(crate) fn split_userinfo(server: Uri) -> (Uri, Option<Basic>) {
    let Some((Some(userinfo), host)) = server.authority().map(|a| cut_userinfo(a.as_str())) else {
        return (server, None);
    };
    let basic = credentials(userinfo);
    let Ok(authority) = host.parse::<Authority>() else {
        return (server, Some(basic));
    };
    let mut parts = server.into_parts();
    parts.authority = Some(authority);
    let server = Uri::from_parts(parts).expect("a URL stays valid without its userinfo");
    (server, Some(basic))
}

/// Splits `user:password@host:port` at its last `@`.
pub(crate) fn cut_userinfo(authority: &str) -> (Option<&str>, &str) {
    match authority.rsplit_once('@') {
        Some((userinfo, host)) => (Some(userinfo), host),
        None => (None, authority),
    }
}

/// Replaces the password of a URL, for people to read.
pub(crate) fn redact(url: &str) -> String {
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    let end = url[start..]
        .find(['/', '?', '#'])
        .map_or(url.len(), |end| start + end);
    match cut_userinfo(&url[start..end]) {
        (None, _) => url.to_owned(),
        (Some(userinfo), host) => {
            let user = userinfo.split(':').next().unwrap_or_default();
            format!("{}{user}:xxxxx@{host}{}", &url[..start], &url[end..])
        }
    }
}

/// Decodes `user:password`.
pub(crate) fn credentials(userinfo: &str) -> Basic {
    let (username, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    Basic {
        username: percent_decode(username),
        password: percent_decode(password).into(),
    }
}

/// Whether the authority has a port that is empty or not a number from 0 to 65535.
pub(crate) fn has_bad_port(authority: &Authority) -> bool {
    let (_, host) = cut_userinfo(authority.as_str());
    host.len() > authority.host().len() && authority.port_u16().is_none()
}

impl DefaultScheme {
    fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

fn split_scheme(server: &str) -> Result<Option<(&'static str, &str)>, &'static str> {
    let Some((scheme, rest)) = server.split_once("://") else {
        return Ok(None);
    };
    [DefaultScheme::Http, DefaultScheme::Https]
        .into_iter()
        .map(DefaultScheme::as_str)
        .find(|known| scheme.eq_ignore_ascii_case(known))
        .map(|known| Some((known, rest)))
        .ok_or("its scheme is neither http nor https")
}

fn valid_authority(authority: &str) -> Result<Authority, &'static str> {
    let (userinfo, host) = cut_userinfo(authority);
    // Go accepts an empty port and ignores it.
    let host = host.strip_suffix(':').unwrap_or(host);
    let parsed: Authority = host.parse().map_err(|_| "its host or port is not valid")?;
    if parsed.host().is_empty() || has_bad_port(&parsed) {
        return Err("its host or port is not valid");
    }
    match userinfo {
        None => Ok(parsed),
        Some(userinfo) => format!("{userinfo}@{host}")
            .parse()
            .map_err(|_| "its user name or password has characters that must be percent-encoded"),
    }
}

fn percent_decode(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        match (byte, ahead.next().and_then(hex), ahead.next().and_then(hex)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(high << 4 | low);
                bytes = ahead;
            }
            _ => decoded.push(byte),
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
