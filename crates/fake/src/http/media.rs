//! Media types as `Accept` and `Content-Type` headers write them.

pub(crate) const JSON: &str = "application/json";
pub(crate) const YAML: &str = "application/yaml";
pub(crate) const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

/// One media range of an `Accept` header, or the media type of a body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MediaRange<'a> {
    /// `type/subtype` without parameters, as written.
    essence: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
    quality: f32,
}

impl<'a> MediaRange<'a> {
    /// Parses one range. `None` without a slash between two names.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';');
        let essence = parts.next()?.trim();
        let (kind, subtype) = essence.split_once('/')?;
        if kind.is_empty() || subtype.is_empty() || subtype.contains('/') {
            return None;
        }
        let mut range = Self {
            essence,
            parameters: Vec::new(),
            quality: 1.0,
        };
        for parameter in parts {
            match parameter
                .split_once('=')
                .map(|(key, value)| (key.trim(), value.trim()))
            {
                Some(("q", value)) => range.quality = value.parse().unwrap_or(1.0),
                Some(pair) => range.parameters.push(pair),
                None => {}
            }
        }
        Some(range)
    }

    /// Parses an `Accept` header, best first: by quality, then exact types before wildcards, then as written.
    ///
    /// Ranges that cannot be parsed are left out, as the API server does.
    pub(crate) fn parse_accept(header: &'a str) -> Vec<Self> {
        let mut ranges: Vec<_> = header.split(',').filter_map(MediaRange::parse).collect();
        ranges.sort_by(|a, b| {
            b.quality
                .total_cmp(&a.quality)
                .then_with(|| a.wildcards().cmp(&b.wildcards()))
        });
        ranges
    }

    pub(crate) fn essence(&self) -> &'a str {
        self.essence
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&'a str> {
        self.parameters
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| *value)
    }

    /// Whether a representation of type `essence` satisfies this range.
    pub(crate) fn matches(&self, essence: &str) -> bool {
        match self.essence.split_once('/') {
            Some(("*", "*")) => true,
            Some((kind, "*")) => essence
                .split_once('/')
                .is_some_and(|(other, _)| other == kind),
            _ => self.essence == essence,
        }
    }

    fn wildcards(&self) -> usize {
        self.essence.matches('*').count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn essences(header: &str) -> Vec<&str> {
        MediaRange::parse_accept(header)
            .iter()
            .map(MediaRange::essence)
            .collect()
    }

    #[test]
    fn quality_orders_ranges_and_wildcards_come_last() {
        assert_eq!(
            essences("a/b;q=0.3, */*, c/d;q=0.9,e/*,f/g"),
            ["f/g", "e/*", "*/*", "c/d", "a/b"]
        );
    }

    #[test]
    fn parameters_are_found_by_name() {
        let range =
            MediaRange::parse("application/json; as=Table ;g=meta.k8s.io;v=v1").expect("a range");
        assert_eq!(range.parameter("as"), Some("Table"));
        assert_eq!(range.parameter("v"), Some("v1"));
        assert_eq!(range.parameter("x"), None);
    }

    #[test]
    fn what_is_no_media_type_is_left_out() {
        assert_eq!(essences("///, json, , a/b"), ["a/b"]);
    }
}
