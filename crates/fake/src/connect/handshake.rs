//! How a client and a server agree to speak something else than HTTP on a connection.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    CONNECTION, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, UPGRADE,
};
use http::{Response, StatusCode};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

use crate::failure::{self, Failure};
use crate::http::Body;

/// What the key of a client is hashed with, from RFC 6455.
const WEBSOCKET_SALT: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const SPDY: &str = "SPDY/3.1";
const STREAM_PROTOCOL: HeaderName = HeaderName::from_static("x-stream-protocol-version");
const COMMANDS: &[&str] = &[
    "v5.channel.k8s.io",
    "v4.channel.k8s.io",
    "v4.base64.channel.k8s.io",
    "v3.channel.k8s.io",
    "v2.channel.k8s.io",
    "channel.k8s.io",
    "base64.channel.k8s.io",
];
const PORTS: &[&str] = &[
    "SPDY/3.1+portforward.k8s.io",
    "v4.channel.k8s.io",
    "v4.base64.channel.k8s.io",
    "portforward.k8s.io",
];

/// What was agreed on.
#[derive(Debug)]
pub(super) struct Agreement {
    pub(super) response: Response<Body>,
    /// The subprotocol; empty if the client offered none.
    pub(super) protocol: String,
}

/// Whether the client wants to change protocols at all.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    has_token(headers, &CONNECTION, "upgrade") && headers.contains_key(UPGRADE)
}

/// Accepts the first subprotocol of those offered that `subresource` can be spoken in.
///
/// # Errors
///
/// 400 if there is none, and for a handshake that lacks something.
pub(super) fn accept(subresource: &str, headers: &HeaderMap) -> Result<Agreement, Failure> {
    let known = match subresource {
        "portforward" => PORTS,
        _ => COMMANDS,
    };
    if has_token(headers, &UPGRADE, "websocket") {
        return accept_websocket(headers, known);
    }
    if has_token(headers, &UPGRADE, SPDY) {
        let protocol = choose(headers, &STREAM_PROTOCOL, known)?;
        return agree(SPDY, STREAM_PROTOCOL, protocol);
    }
    Err(failure::bad_request("unable to upgrade: unknown protocol"))
}

fn accept_websocket(headers: &HeaderMap, known: &[&str]) -> Result<Agreement, Failure> {
    let key = headers
        .get(SEC_WEBSOCKET_KEY)
        .ok_or_else(|| failure::bad_request("websocket: missing Sec-WebSocket-Key"))?;
    let salted = [key.as_bytes(), WEBSOCKET_SALT.as_bytes()].concat();
    let accepted = STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &salted));
    let protocol = choose(headers, &SEC_WEBSOCKET_PROTOCOL, known)?;
    let mut agreement = agree("websocket", SEC_WEBSOCKET_PROTOCOL, protocol)?;
    let accepted = HeaderValue::try_from(accepted).map_err(failure::unexpected)?;
    let headers = agreement.response.headers_mut();
    headers.insert(SEC_WEBSOCKET_ACCEPT, accepted);
    Ok(agreement)
}

fn choose(headers: &HeaderMap, name: &HeaderName, known: &[&str]) -> Result<String, Failure> {
    let mut offered = tokens(headers, name).peekable();
    if offered.peek().is_none() {
        return Ok(String::new());
    }
    let chosen = offered.find(|protocol| known.contains(protocol));
    chosen.map(str::to_owned).ok_or_else(|| {
        let known = known.join(", ");
        failure::bad_request(format!("unable to upgrade: the protocols are {known}"))
    })
}

fn agree(upgrade: &'static str, name: HeaderName, protocol: String) -> Result<Agreement, Failure> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static(upgrade));
    if !protocol.is_empty() {
        let value = HeaderValue::try_from(protocol.as_str()).map_err(failure::unexpected)?;
        headers.insert(name, value);
    }
    Ok(Agreement { response, protocol })
}

fn has_token(headers: &HeaderMap, name: &HeaderName, wanted: &str) -> bool {
    tokens(headers, name).any(|token| token.eq_ignore_ascii_case(wanted))
}

fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter();
    let values = values.filter_map(|value| value.to_str().ok());
    let tokens = values.flat_map(|value| value.split(',')).map(str::trim);
    tokens.filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_websocket_is_accepted_with_the_hash_of_its_key() {
        let mut headers = HeaderMap::new();
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        // The example of RFC 6455.
        let key = HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ==");
        headers.insert(SEC_WEBSOCKET_KEY, key);
        let agreement = accept("exec", &headers).expect("it is complete");
        let accepted = &agreement.response.headers()[SEC_WEBSOCKET_ACCEPT];
        assert_eq!(accepted, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!(agreement.protocol, "");
    }

    #[test]
    fn the_first_known_protocol_is_chosen() {
        let mut headers = HeaderMap::new();
        headers.insert(UPGRADE, HeaderValue::from_static("SPDY/3.1"));
        for offered in [
            "v9.channel.k8s.io",
            "v4.channel.k8s.io",
            "v3.channel.k8s.io",
        ] {
            headers.append(STREAM_PROTOCOL, HeaderValue::from_static(offered));
        }
        let agreement = accept("attach", &headers).expect("one is known");
        assert_eq!(agreement.protocol, "v4.channel.k8s.io");
        assert!(accept("portforward", &headers).is_ok());
        headers.insert(
            STREAM_PROTOCOL,
            HeaderValue::from_static("v9.channel.k8s.io"),
        );
        assert!(accept("attach", &headers).is_err());
    }
}
