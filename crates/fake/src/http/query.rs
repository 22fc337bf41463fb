//! The query of a URL.

use percent_encoding::percent_decode_str;

/// The decoded pairs of a query, in order. The first of several equal keys counts, as for the API server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Decodes a query string. Pairs that are no UTF-8 once decoded are dropped.
    pub(crate) fn parse(query: Option<&str>) -> Self {
        let pairs = query
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty());
        Self(pairs.filter_map(decode_pair).collect())
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    }

    /// All values of a key, for the options that are lists.
    pub(crate) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    }

    /// The value of a key, empty when it is absent.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.get(key).unwrap_or_default()
    }

    /// A boolean as Kubernetes reads it: everything but `0` and `false` is true, even nothing after the equals sign.
    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)
            .map(|value| value != "0" && !value.eq_ignore_ascii_case("false"))
    }

    /// An integer; the error is the message for the client.
    pub(crate) fn integer(&self, key: &str) -> Result<Option<i64>, String> {
        match self.get(key) {
            None | Some("") => Ok(None),
            Some(value) => value
                .parse()
                .map(Some)
                .map_err(|error: std::num::ParseIntError| {
                    let problem = match error.kind() {
                        std::num::IntErrorKind::PosOverflow
                        | std::num::IntErrorKind::NegOverflow => "value out of range",
                        _ => "invalid syntax",
                    };
                    format!("strconv.ParseInt: parsing {value:?}: {problem}")
                }),
        }
    }
}

fn decode_pair(pair: &str) -> Option<(String, String)> {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    Some((decode(key)?, decode(value)?))
}

fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_and_the_first_counts() {
        let query = Query::parse(Some("a=b%3Dc+d&a=2&&e"));
        assert_eq!(query.get("a"), Some("b=c d"));
        assert_eq!(query.all("a").count(), 2);
        assert_eq!(query.get("e"), Some(""));
        assert_eq!(query.get("f"), None);
    }

    #[test]
    fn only_zero_and_false_are_false() {
        let query = Query::parse(Some("a=0&b=FALSE&c=maybe&d="));
        assert_eq!(
            ["a", "b", "c", "d", "e"].map(|key| query.flag(key)),
            [Some(false), Some(false), Some(true), Some(true), None]
        );
    }

    #[test]
    fn integers_that_are_none_are_explained() {
        let query = Query::parse(Some("limit=many&timeoutSeconds=7"));
        assert_eq!(query.integer("timeoutSeconds"), Ok(Some(7)));
        let error = query.integer("limit").expect_err("not a number");
        assert!(
            error.contains("parsing \"many\": invalid syntax"),
            "{error}"
        );
    }
}
