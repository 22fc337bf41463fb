//! Which representation a client gets.
//!
//! The API server negotiates twice. Its router compares media types without their parameters and refuses with one text;
//! its encoders then look at `as`, `g` and `v` and refuse with another. Both are here, since clients can tell.

use http::HeaderMap;
use http::header::{ACCEPT, USER_AGENT};

use super::media::{JSON, MediaRange, PROTOBUF, YAML};
use super::query::Query;
use super::refusal;
use crate::failure::Failure;

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Representation {
    pub(crate) encoding: Encoding,
    pub(crate) shape: Shape,
    /// Whether JSON has line breaks and indentation.
    pub(crate) pretty: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Json,
    Yaml,
    Protobuf,
}

/// What becomes of objects before they are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Objects as they are.
    Whole,
    /// A `Table` for people.
    Table(MetaVersion),
    /// `PartialObjectMetadata`, asked for one object.
    Metadata(MetaVersion),
    /// `PartialObjectMetadataList`, asked for a collection.
    MetadataList(MetaVersion),
}

/// The version of `meta.k8s.io` of a [`Shape`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MetaVersion {
    V1,
    V1Beta1,
}

/// What an endpoint can produce, by the list of media types that its refusal names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Collections that can be watched.
    Collection,
    /// Objects, and all other API requests.
    Object,
    /// What custom resources have: protobuf only of their metadata, and the router does not know them.
    Custom,
    /// Discovery documents, Status outside of the API.
    Document,
    /// `/version`.
    JsonOnly,
}

impl Representation {
    /// JSON as it is, for answers to what could not be negotiated.
    pub(crate) const PLAIN: Self = Self {
        encoding: Encoding::Json,
        shape: Shape::Whole,
        pretty: false,
    };

    /// Chooses the representation of an answer from the request's `Accept` header.
    ///
    /// # Errors
    ///
    /// 406 in the words of the part of the API server that refuses.
    pub(crate) fn negotiate(
        headers: &HeaderMap,
        query: &Query,
        endpoint: Endpoint,
    ) -> Result<Self, Failure> {
        let accept = accept(headers);
        let pretty = wants_pretty(headers, query);
        if accept.is_empty() {
            return Ok(Self {
                pretty,
                ..Self::PLAIN
            });
        }
        let ranges = MediaRange::parse_accept(&accept);
        if endpoint != Endpoint::Custom && !ranges.iter().any(|range| endpoint.routes(range)) {
            return Err(refusal::no_route_produces(endpoint.routed()));
        }
        ranges
            .iter()
            .find_map(|range| Self::satisfying(range, pretty, endpoint))
            .ok_or_else(|| refusal::not_acceptable(endpoint.encoders()))
    }

    /// What errors are written in, whatever else may have gone wrong: the first encoding the client knows, else JSON. Errors cannot be
    /// made into anything else, so who wants only that gets JSON too.
    pub(crate) fn of_errors(headers: &HeaderMap, query: &Query) -> Self {
        let accept = accept(headers);
        let encoding = MediaRange::parse_accept(&accept)
            .iter()
            .filter(|range| range.parameter("as").is_none())
            .find_map(Encoding::satisfying)
            .unwrap_or(Encoding::Json);
        Self {
            encoding,
            pretty: wants_pretty(headers, query),
            ..Self::PLAIN
        }
    }

    fn satisfying(range: &MediaRange<'_>, pretty: bool, endpoint: Endpoint) -> Option<Self> {
        let representation = Self {
            encoding: Encoding::satisfying(range)?,
            shape: Shape::of(range)?,
            pretty: pretty || range.parameter("pretty") == Some("1"),
        };
        representation.exists(endpoint).then_some(representation)
    }

    /// There are no tables in protobuf, nor whole custom resources.
    fn exists(self, endpoint: Endpoint) -> bool {
        self.encoding != Encoding::Protobuf
            || match self.shape {
                Shape::Whole => endpoint != Endpoint::Custom,
                Shape::Table(_) => false,
                Shape::Metadata(_) | Shape::MetadataList(_) => true,
            }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self.encoding {
            Encoding::Json => JSON,
            Encoding::Yaml => YAML,
            Encoding::Protobuf => PROTOBUF,
        }
    }
}

impl Encoding {
    fn satisfying(range: &MediaRange<'_>) -> Option<Self> {
        if range.matches(JSON) {
            Some(Self::Json)
        } else if range.matches(YAML) {
            Some(Self::Yaml)
        } else if range.matches(PROTOBUF) {
            Some(Self::Protobuf)
        } else {
            None
        }
    }
}

impl Shape {
    fn of(range: &MediaRange<'_>) -> Option<Self> {
        let Some(kind) = range.parameter("as") else {
            return Some(Self::Whole);
        };
        if range.parameter("g") != Some("meta.k8s.io") {
            return None;
        }
        let version = match range.parameter("v") {
            Some("v1") => MetaVersion::V1,
            Some("v1beta1") => MetaVersion::V1Beta1,
            _ => return None,
        };
        match kind {
            "Table" => Some(Self::Table(version)),
            "PartialObjectMetadata" => Some(Self::Metadata(version)),
            "PartialObjectMetadataList" => Some(Self::MetadataList(version)),
            _ => None,
        }
    }
}

impl MetaVersion {
    /// The version alone, without the group.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V1Beta1 => "v1beta1",
        }
    }
}

impl Endpoint {
    /// The media types that the router knows for this endpoint.
    fn routed(self) -> &'static [&'static str] {
        const STREAMS: &[&str] = &[
            JSON,
            YAML,
            PROTOBUF,
            "application/json;stream=watch",
            "application/vnd.kubernetes.protobuf;stream=watch",
        ];
        match self {
            Self::Collection => STREAMS,
            Self::Object | Self::Custom | Self::Document => &[JSON, YAML, PROTOBUF],
            Self::JsonOnly => &[JSON],
        }
    }

    /// The media types that the encoders of this endpoint know.
    fn encoders(self) -> &'static [&'static str] {
        match self {
            Self::JsonOnly => &[JSON],
            Self::Collection | Self::Object | Self::Custom | Self::Document => {
                &[JSON, YAML, PROTOBUF]
            }
        }
    }

    /// The router accepts `*/*` and exact types, but no other wildcard.
    fn routes(self, range: &MediaRange<'_>) -> bool {
        range.essence() == "*/*" || self.encoders().contains(&range.essence())
    }
}

/// In which encoding the client wants version 2 of aggregated discovery, if it does. That wins over all other types it accepts,
/// wherever it stands.
pub(crate) fn wants_aggregated_discovery(headers: &HeaderMap) -> Option<Encoding> {
    MediaRange::parse_accept(&accept(headers))
        .iter()
        .filter(|range| {
            range.parameter("g") == Some("apidiscovery.k8s.io")
                && range.parameter("v") == Some("v2")
                && range.parameter("as") == Some("APIGroupDiscoveryList")
        })
        .find_map(|range| match range.essence() {
            JSON => Some(Encoding::Json),
            PROTOBUF => Some(Encoding::Protobuf),
            _ => None,
        })
}

/// All `Accept` headers as one.
fn accept(headers: &HeaderMap) -> String {
    let values: Vec<&str> = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    values.join(",")
}

/// The `pretty` parameter decides; without it, browsers and the usual command line tools get what people can read.
fn wants_pretty(headers: &HeaderMap, query: &Query) -> bool {
    match query.text("pretty") {
        "" => {
            let agent = headers
                .get(USER_AGENT)
                .and_then(|agent| agent.to_str().ok());
            agent.is_some_and(|agent| {
                ["curl", "Wget", "Mozilla/5.0"]
                    .iter()
                    .any(|tool| agent.starts_with(tool))
            })
        }
        value => matches!(value, "1" | "t" | "T" | "true" | "TRUE" | "True"),
    }
}
