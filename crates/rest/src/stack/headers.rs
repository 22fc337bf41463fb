//! Headers that every request of a client carries.

use http::header::USER_AGENT;
use http::{HeaderMap, HeaderValue, Request};

use crate::Body;

/// The user agent and whatever else is the same for all requests. A header that a request has already is left alone.
#[derive(Clone, Debug)]
pub(crate) struct StaticHeaders {
    headers: HeaderMap,
}

impl StaticHeaders {
    pub(crate) fn new(user_agent: HeaderValue) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, user_agent);
        Self { headers }
    }

    pub(crate) fn apply(&self, mut request: Request<Body>) -> Request<Body> {
        for (name, value) in &self.headers {
            if !request.headers().contains_key(name) {
                request.headers_mut().append(name, value.clone());
            }
        }
        request
    }
}
