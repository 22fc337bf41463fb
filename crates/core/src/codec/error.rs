//! What goes wrong between bytes and objects.

use std::error::Error;
use std::fmt;

/// Reports an object that has no form in the format asked for.
pub struct EncodeError {
    what: &'static str,
    source: Box<dyn Error + Send + Sync>,
}

impl EncodeError {
    /// Makes an error out of a codec's own.
    pub fn new(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            what,
            source: source.into(),
        }
    }

    pub(crate) fn json(what: &'static str, source: serde_json::Error) -> Self {
        Self::new(what, source)
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot encode the {}", self.what)
    }
}

impl fmt::Debug for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncodeError")
            .field("what", &self.what)
            .field("source", &self.source)
            .finish()
    }
}

impl Error for EncodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// Reports bytes that are not what they should be, and where.
///
/// Neither `Display` nor `Debug` prints the bytes, which may hold a secret.
pub struct DecodeError(Box<Inner>);

struct Inner {
    what: &'static str,
    offset: usize,
    source: Box<dyn Error + Send + Sync>,
}

impl DecodeError {
    /// Makes an error out of a codec's own: what was being read, how many bytes into the body it began, and what is wrong.
    pub fn new(
        what: &'static str,
        offset: usize,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self(Box::new(Inner {
            what,
            offset,
            source: source.into(),
        }))
    }

    /// Returns what was being read, such as `list`.
    pub fn what(&self) -> &'static str {
        self.0.what
    }

    /// Returns how many bytes into the body the thing began that cannot be read.
    pub fn offset(&self) -> usize {
        self.0.offset
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cannot decode the {} at byte {}",
            self.0.what, self.0.offset
        )
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("what", &self.0.what)
            .field("offset", &self.0.offset)
            .field("source", &self.0.source)
            .finish()
    }
}

impl Error for DecodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0.source)
    }
}
