//! Headers that every request of a client carries.

use std::sync::Arc;

use http::{HeaderMap, Request};

use crate::Body;

/// The user agent and whatever else is the same for all requests. A header that a request has already is left alone.
#[derive(Clone, Debug)]
pub(crate) struct StaticHeaders {
    headers: Arc<HeaderMap>,
}

impl StaticHeaders {
    pub(crate) fn new(headers: HeaderMap) -> Self {
        Self {
            headers: Arc::new(headers),
        }
    }

    pub(crate) fn apply(&self, mut request: Request<Body>) -> Request<Body> {
        for name in self.headers.keys() {
            if request.headers().contains_key(name) {
                continue;
            }
            for value in self.headers.get_all(name) {
                request.headers_mut().append(name, value.clone());
            }
        }
        request
    }
}
