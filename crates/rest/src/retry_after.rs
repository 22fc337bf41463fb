//! The `Retry-After` header.

use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;

/// Reads the header if it is a number of seconds. A date is passed over, as client-go does: clocks differ.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    value.parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_a_whole_number_of_seconds_counts() {
        let cases = [
            ("0", Some(0)),
            ("1", Some(1)),
            (" 30 ", Some(30)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("Fri, 20 Nov 2026 22:56:20 GMT", None),
        ];
        for (text, seconds) in cases {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))]);
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(retry_after(&headers), expected, "{text:?}");
        }
    }

    #[test]
    fn a_header_that_is_not_text_does_not_count() {
        let value = HeaderValue::from_bytes(b"\xff").expect("an opaque header value");
        assert_eq!(
            retry_after(&HeaderMap::from_iter([(RETRY_AFTER, value)])),
            None
        );
    }
}
