//! From a step to an HTTP request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, USER_AGENT,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body_util::Full;
use http_body_util::combinators::UnsyncBoxBody;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use tower::BoxError;
use tower::util::BoxCloneService;

use super::path::text_of;
use super::scenario::{Auth, PatchKind, Step};
use super::template::Variables;

/// Where requests go: a service, or what connects to a socket.
pub(crate) type Transport = BoxCloneService<Request<Full<Bytes>>, Response<Body>, BoxError>;

/// The body of an answer.
pub(crate) type Body = UnsyncBoxBody<Bytes, BoxError>;

/// What a form does not encode.
const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~');

/// A request that can be sent more than once, with all variables filled in.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Map<String, Value>,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl Prepared {
    /// # Errors
    ///
    /// Says what is wrong with the step.
    pub(super) fn of(step: &Step, variables: &Variables) -> Result<Prepared, String> {
        let fill = |members: &Map<String, Value>| match variables
            .fill_value(&Value::Object(members.clone()))
        {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        let body = body(step, variables)?;
        let method = step.method.as_deref().unwrap_or("GET");
        Ok(Prepared {
            method: method
                .parse()
                .map_err(|_| format!("bad method {method:?}"))?,
            path: variables.fill(&step.path),
            query: fill(&step.query),
            headers: headers(step, &fill(&step.headers), body.as_ref())?,
            body,
        })
    }

    /// # Errors
    ///
    /// Says what is wrong with the step.
    pub(super) fn request(&self) -> Result<Request<Full<Bytes>>, String> {
        let target = match form(&self.query) {
            query if query.is_empty() => self.path.clone(),
            query => format!("{}?{query}", self.path),
        };
        let request = Request::builder().method(self.method.clone()).uri(&target);
        let mut request = request
            .body(Full::from(self.body.clone().unwrap_or_default()))
            .map_err(|error| format!("bad target {target:?}: {error}"))?;
        *request.headers_mut() = self.headers.clone();
        Ok(request)
    }

    /// A parameter, if it is there once.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.query.get(name).and_then(Value::as_str).unwrap_or("")
    }
}

fn body(step: &Step, variables: &Variables) -> Result<Option<Bytes>, String> {
    if let Some(text) = &step.raw_body {
        return Ok(Some(variables.fill(text).into()));
    }
    if let Some(text) = &step.body_base64 {
        let bytes = STANDARD.decode(variables.fill(text));
        return bytes
            .map(|bytes| Some(bytes.into()))
            .map_err(|error| format!("bad body: {error}"));
    }
    let json = step
        .body
        .as_ref()
        .map(|body| variables.fill_value(body).to_string());
    Ok(json.map(Bytes::from))
}

fn headers(
    step: &Step,
    own: &Map<String, Value>,
    body: Option<&Bytes>,
) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    headers.insert(USER_AGENT, HeaderValue::from_static("conformance/1.0"));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let authorization = match step.auth {
        Auth::Admin => Some("Bearer admintoken"),
        Auth::Plain => Some("Bearer plaintoken"),
        Auth::Bad => Some("Bearer no-such-token"),
        Auth::None => None,
    };
    if let Some(authorization) = authorization {
        headers.insert(AUTHORIZATION, HeaderValue::from_static(authorization));
    }
    if let Some(body) = body {
        let kind = step
            .patch
            .map_or("application/json", PatchKind::content_type);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(CONTENT_LENGTH, body.len().into());
    }
    for (name, value) in own {
        let name =
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("bad header {name:?}"))?;
        headers.remove(&name);
        for text in one_or_more(value) {
            let value =
                HeaderValue::from_str(&text).map_err(|_| format!("bad header value {text:?}"))?;
            headers.append(name.clone(), value);
        }
    }
    Ok(headers)
}

/// `name=value` pairs; a list of values gives one pair each.
fn form(query: &Map<String, Value>) -> String {
    let encode = |text: &str| {
        utf8_percent_encode(text, FORM)
            .to_string()
            .replace("%20", "+")
    };
    let pairs = query.iter().flat_map(|(name, value)| {
        let name = encode(name);
        one_or_more(value)
            .into_iter()
            .map(move |value| format!("{name}={}", encode(&value)))
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn one_or_more(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().map(text_of).collect(),
        value => vec![text_of(value)],
    }
}
