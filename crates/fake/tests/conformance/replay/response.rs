//! An answer, and what of it is compared.

use std::io::Read;

use super::request::Body;
use flate2::read::GzDecoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, Response};
use http_body_util::BodyExt;
use serde_json::Value;

use super::protobuf;

/// An answer that has been read to its end.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    data: Vec<u8>,
}

impl Answer {
    /// # Errors
    ///
    /// Says why it could not be read.
    pub(super) async fn read(response: Response<Body>) -> Result<Answer, String> {
        let (head, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .map_err(|error| format!("the answer broke off: {error}"))?;
        let mut data = body.to_bytes().to_vec();
        if head
            .headers
            .get(CONTENT_ENCODING)
            .is_some_and(|encoding| encoding == "gzip")
        {
            let mut plain = Vec::new();
            let mut decoder = GzDecoder::new(data.as_slice());
            decoder
                .read_to_end(&mut plain)
                .map_err(|error| format!("bad gzip: {error}"))?;
            data = plain;
        }
        Ok(Answer::new(head.status.as_u16(), head.headers, data))
    }

    pub(super) fn new(status: u16, headers: HeaderMap, data: Vec<u8>) -> Answer {
        Answer {
            status,
            headers,
            data,
        }
    }

    pub(super) fn content_type(&self) -> &str {
        self.headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
    }

    /// The values of a header, null if it is not there.
    pub(super) fn header(&self, name: &str) -> Value {
        let values: Vec<Value> = self.headers.get_all(name).iter().map(text).collect();
        if values.is_empty() {
            Value::Null
        } else {
            values.into()
        }
    }

    /// The body as JSON, as what is compared of a protobuf message, or else as text.
    pub(super) fn body(&self) -> Value {
        if let Some(message) = protobuf::reduce(&self.data) {
            return message;
        }
        let looks_like_json =
            self.content_type().contains("json") || self.data.first() == Some(&b'{');
        let decoded = looks_like_json
            .then(|| serde_json::from_slice(&self.data).ok())
            .flatten();
        decoded.unwrap_or_else(|| String::from_utf8_lossy(&self.data).into())
    }

    /// The lines of the body, in an order that does not depend on that of fields.
    pub(super) fn lines(&self) -> Value {
        let body = String::from_utf8_lossy(&self.data);
        let canonical = |line: &str| match serde_json::from_str::<Value>(line) {
            Ok(value) => value.to_string(),
            Err(_) => line.trim_end_matches(',').to_owned(),
        };
        let mut lines: Vec<String> = body.split('\n').map(canonical).collect();
        lines.sort();
        lines.into()
    }
}

fn text(value: &http::HeaderValue) -> Value {
    String::from_utf8_lossy(value.as_bytes()).into()
}
