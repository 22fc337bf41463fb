//! Splitting a watch into frames.

use std::error::Error;
use std::fmt;

use bytes::{Bytes, BytesMut};

/// Splits the body of a watch into frames, wherever the network cut it.
pub trait Framer: Send + 'static {
    /// Takes the next whole frame out of the buffer, or returns `None` until more bytes have been appended to it.
    ///
    /// Bytes must only be appended between calls, never removed or changed.
    ///
    /// # Errors
    ///
    /// Fails when no frame can begin with these bytes or a frame is too large; the watch is lost then.
    fn next(&mut self, buffer: &mut BytesMut) -> Result<Option<Bytes>, FrameError>;
}

/// Reports a watch whose body cannot be split into frames.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// A frame is larger than the limit, in bytes.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// No frame can begin with this byte.
    Malformed {
        /// The byte.
        byte: u8,
    },
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "a watch frame is larger than {limit} bytes"),
            Self::Malformed { byte } => {
                write!(f, "no watch frame begins with the byte 0x{byte:02x}")
            }
        }
    }
}

impl Error for FrameError {}
