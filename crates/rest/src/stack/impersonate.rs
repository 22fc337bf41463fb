//! Says for whom a client acts.

use std::fmt::Write;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Request};
use kubekit_config::Impersonate;

use crate::Body;
use crate::error::Kind;

const USER: HeaderName = HeaderName::from_static("impersonate-user");
const UID: HeaderName = HeaderName::from_static("impersonate-uid");
const GROUP: HeaderName = HeaderName::from_static("impersonate-group");
const EXTRA_PREFIX: &str = "impersonate-extra-";

/// The `Impersonate-*` headers. A request that names a user to act for by itself is left alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Impersonation {
    headers: Arc<HeaderMap>,
}

impl Impersonation {
    pub(crate) fn new(whom: &Impersonate) -> Result<Self, Kind> {
        let rest = whom.uid.is_some() || !whom.groups.is_empty() || !whom.extra.is_empty();
        let Some(user) = whom.user.as_deref().filter(|user| !user.is_empty()) else {
            if rest {
                return Err(Kind::config("impersonation needs the name of a user"));
            }
            return Ok(Self::default());
        };
        let mut headers = HeaderMap::new();
        headers.insert(USER, value(user)?);
        if let Some(uid) = whom.uid.as_deref().filter(|uid| !uid.is_empty()) {
            headers.insert(UID, value(uid)?);
        }
        for group in &whom.groups {
            headers.append(GROUP, value(group)?);
        }
        for (key, values) in &whom.extra {
            let name = extra_name(key)?;
            for text in values {
                headers.append(name.clone(), value(text)?);
            }
        }
        let headers = Arc::new(headers);
        Ok(Self { headers })
    }

    pub(crate) fn apply(&self, mut request: Request<Body>) -> Request<Body> {
        if self.headers.is_empty() || request.headers().contains_key(USER) {
            return request;
        }
        for (name, value) in &*self.headers {
            request.headers_mut().append(name, value.clone());
        }
        request
    }
}

fn value(text: &str) -> Result<HeaderValue, Kind> {
    HeaderValue::from_bytes(text.as_bytes()).map_err(|error| {
        Kind::config_because(
            "whom to impersonate cannot be written as a header value",
            error,
        )
    })
}

/// Writes a key as the end of a header name: whatever cannot stand there is percent-encoded, as client-go does. The API server
/// decodes it and makes it lower case.
fn extra_name(key: &str) -> Result<HeaderName, Kind> {
    let mut name = String::from(EXTRA_PREFIX);
    for byte in key.bytes() {
        if byte != b'%' && is_token(byte) {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "%{byte:02x}");
        }
    }
    HeaderName::try_from(name).map_err(|error| {
        Kind::config_because(
            "an extra key of impersonation cannot be a header name",
            error,
        )
    })
}

/// The characters of header names, RFC 9110 section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_keys_are_escaped_as_client_go_does() {
        let cases = [
            ("scopes", "impersonate-extra-scopes"),
            (
                "example.com/team Ä%",
                "impersonate-extra-example.com%2fteam%20%c3%84%25",
            ),
            (
                "A:b|c~d!e'f(g)h*i",
                "impersonate-extra-a%3ab|c~d!e'f%28g%29h*i",
            ),
            (
                "Under_score-Dash.dot",
                "impersonate-extra-under_score-dash.dot",
            ),
            ("tab\tnl", "impersonate-extra-tab%09nl"),
        ];
        for (key, expected) in cases {
            assert_eq!(extra_name(key).expect(key).as_str(), expected);
        }
    }

    #[test]
    fn values_that_are_no_header_are_refused() {
        let whom = Impersonate::user("jane\nEvil: yes");
        assert!(Impersonation::new(&whom).is_err());
    }

    #[test]
    fn values_that_are_not_ascii_go_out_as_utf_8() {
        let headers = Impersonation::new(&Impersonate::user("jäne"))
            .expect("a user")
            .headers;
        assert_eq!(headers[USER].as_bytes(), "jäne".as_bytes());
    }

    #[test]
    fn groups_without_a_user_are_refused() {
        let whom = Impersonate::default().group("admins");
        assert!(Impersonation::new(&whom).is_err());
    }
}
