//! Paths and query values as the API server and client-go write them.

use std::time::Duration;

use http::Method;
use kubekit_core::validate_path_segment;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::Kind;

/// What must be escaped in a segment of a path: all but the unreserved characters and those that Go leaves alone.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b':')
    .remove(b'=')
    .remove(b'@');

/// A path that grows segment by segment, each of them checked.
#[derive(Debug)]
pub(crate) struct Segments {
    path: String,
}

impl Segments {
    pub(crate) fn below(path: String) -> Self {
        Self { path }
    }

    /// Appends a segment; `what` names it in the error.
    pub(crate) fn push(mut self, what: &str, segment: &str) -> Result<Self, Kind> {
        validate_path_segment(segment)
            .map_err(|error| Kind::refused_because(format!("the {what} cannot be used"), error))?;
        self.path.push('/');
        self.path.extend(utf8_percent_encode(segment, ESCAPED));
        Ok(self)
    }

    pub(crate) fn finish(self) -> String {
        self.path
    }
}

/// Writes a duration so that Go can read it.
pub(super) fn go_duration(duration: Duration) -> String {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    if nanos == 0 {
        return format!("{seconds}s");
    }
    let fraction = format!("{nanos:09}");
    format!("{seconds}.{}s", fraction.trim_end_matches('0'))
}

/// Names a method as a verb.
pub(super) fn verb_of(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "get",
        "HEAD" => "head",
        "POST" => "post",
        "PUT" => "put",
        "PATCH" => "patch",
        "DELETE" => "delete",
        "OPTIONS" => "options",
        _ => "request",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(segment: &str) -> Option<String> {
        let segments = Segments::below("/api/v1".to_owned());
        Some(segments.push("name", segment).ok()?.finish())
    }

    #[test]
    fn names_keep_what_go_keeps_and_lose_what_would_change_the_path() {
        let cases = [
            ("web-0", Some("/api/v1/web-0")),
            ("system:node-x", Some("/api/v1/system:node-x")),
            ("a b?c#d", Some("/api/v1/a%20b%3Fc%23d")),
            ("é", Some("/api/v1/%C3%A9")),
            ("", None),
            (".", None),
            ("..", None),
            ("a/b", None),
            ("a%2fb", None),
        ];
        for (name, expected) in cases {
            assert_eq!(path(name).as_deref(), expected, "{name:?}");
        }
    }

    #[test]
    fn durations_are_written_for_go() {
        assert_eq!(go_duration(Duration::from_secs(90)), "90s");
        assert_eq!(go_duration(Duration::from_millis(1500)), "1.5s");
        assert_eq!(go_duration(Duration::from_millis(7)), "0.007s");
    }
}
