//! Reasons of failures.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Why a request failed, in a word, as in `metav1.StatusReason`.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum StatusReason {
            /// The server gave no reason.
            #[default]
            Unknown,
            $($(#[$doc])* $name,)*
            /// A reason that is none of the above.
            Other(Box<str>),
        }

        impl StatusReason {
            /// Returns the reason as it stands in a status; empty if there is none.
            pub fn as_str(&self) -> &str {
                match self {
                    Self::Unknown => "",
                    $(Self::$name => stringify!($name),)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for StatusReason {
            fn from(text: &str) -> Self {
                match text {
                    "" => Self::Unknown,
                    $(stringify!($name) => Self::$name,)*
                    _ => Self::Other(text.into()),
                }
            }
        }
    };
}

reasons! {
    /// The request lacks credentials, or has ones the server does not accept (401).
    Unauthorized,
    /// The server knows who asks and does not allow it (403).
    Forbidden,
    /// There is no such object or resource (404).
    NotFound,
    /// An object of that name exists (409).
    AlreadyExists,
    /// The object has changed since it was read, or fields belong to another manager (409).
    Conflict,
    /// The thing asked for will not be available again (410).
    Gone,
    /// The object breaks rules of its kind; the causes say which (422).
    Invalid,
    /// The server could not finish in time; the request may be repeated (500).
    ServerTimeout,
    /// The server cannot read the object in its store (500).
    StoreReadError,
    /// The request ran into its own time limit (504).
    Timeout,
    /// The client or all clients together ask too much (429).
    TooManyRequests,
    /// The request makes no sense (400).
    BadRequest,
    /// The resource has no such verb (405).
    MethodNotAllowed,
    /// The server has none of the content types asked for (406).
    NotAcceptable,
    /// The request is too large (413).
    RequestEntityTooLarge,
    /// The server does not understand the content type sent (415).
    UnsupportedMediaType,
    /// The server failed (500).
    InternalError,
    /// The resource version or continue token is too old (410).
    Expired,
    /// The server or the thing behind it is not there (503).
    ServiceUnavailable,
}

impl StatusReason {
    /// Says whether the server gave no reason.
    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }

    /// Says whether this is a reason whose code the predicates need not look at.
    pub(super) fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown | Self::Other(_))
    }
}

impl fmt::Display for StatusReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for StatusReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for StatusReason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Ok(Self::from(&*text))
    }
}
