//! Resource versions and their order.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The version of an object or a list in the history of its server.
///
/// Versions are compared as apimachinery's `CompareResourceVersion` does: decimal numbers without leading zeros are ordered
/// by value, whatever their length, and `0` comes first. Anything else is opaque; it is equal to itself and not comparable to other versions, so
/// `partial_cmp` answers `None`. A clone never allocates.
///
/// # Examples
///
/// ```
/// use kubekit_core::ResourceVersion;
///
/// let old = ResourceVersion::from("999");
/// let new = ResourceVersion::from("1000");
/// assert!(old < new);
/// assert_eq!(old.partial_cmp(&ResourceVersion::from("not-a-number")), None);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ResourceVersion(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// A decimal number that prints as it was read.
    Number(u64),
    /// Everything else, including numbers that do not fit.
    Text(Arc<str>),
}

impl ResourceVersion {
    /// The version that asks for any state the server has at hand: `0`.
    pub const ANY: Self = Self(Repr::Number(0));

    /// Says whether this is `0`, which no object has and which asks for any state.
    pub fn is_any(&self) -> bool {
        *self == Self::ANY
    }

    /// Says whether this is the empty string, which in a request means the most recent state.
    pub fn is_unset(&self) -> bool {
        matches!(&self.0, Repr::Text(text) if text.is_empty())
    }

    /// Returns the number, if it is one that fits.
    pub fn as_u64(&self) -> Option<u64> {
        match self.0 {
            Repr::Number(number) => Some(number),
            Repr::Text(_) => None,
        }
    }
}

/// The unset version.
impl Default for ResourceVersion {
    fn default() -> Self {
        Self(Repr::Text(Arc::default()))
    }
}

impl From<u64> for ResourceVersion {
    fn from(number: u64) -> Self {
        Self(Repr::Number(number))
    }
}

impl From<&str> for ResourceVersion {
    fn from(text: &str) -> Self {
        match text.parse() {
            Ok(number) if is_canonical(text) => Self(Repr::Number(number)),
            _ => Self(Repr::Text(text.into())),
        }
    }
}

impl From<String> for ResourceVersion {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl PartialOrd for ResourceVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (&self.0, &other.0) {
            (Repr::Number(a), Repr::Number(b)) => Some(a.cmp(b)),
            (Repr::Text(a), Repr::Text(b)) if a == b => Some(Ordering::Equal),
            (Repr::Text(a), Repr::Text(b)) if is_canonical(a) && is_canonical(b) => {
                Some(a.len().cmp(&b.len()).then_with(|| a.cmp(b)))
            }
            (Repr::Number(_), Repr::Text(text)) if is_canonical(text) => Some(Ordering::Less),
            (Repr::Text(text), Repr::Number(_)) if is_canonical(text) => Some(Ordering::Greater),
            _ => None,
        }
    }
}

impl fmt::Display for ResourceVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Number(number) => number.fmt(f),
            Repr::Text(text) => f.pad(text),
        }
    }
}

impl fmt::Debug for ResourceVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Number(number) => fmt::Debug::fmt(number, f),
            Repr::Text(text) => fmt::Debug::fmt(text, f),
        }
    }
}

impl Serialize for ResourceVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ResourceVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = ResourceVersion;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a resource version, which is a string")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(text.into())
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

/// A decimal number without leading zeros, sign or blanks; `0` itself counts.
fn is_canonical(text: &str) -> bool {
    let digits = text.as_bytes();
    match digits {
        [] => false,
        [b'0'] => true,
        [b'0', ..] => false,
        _ => digits.iter().all(u8::is_ascii_digit),
    }
}
