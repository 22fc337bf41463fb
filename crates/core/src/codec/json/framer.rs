//! The frames of a watch in JSON.

use bytes::{Bytes, BytesMut};

use crate::{FrameError, Framer};

/// Splits a watch into its JSON objects, which may be separated by blanks or by nothing at all.
///
/// A frame is a view into the buffer, not a copy, and no byte is looked at twice. The default limit for a frame is 16 MiB,
/// far above what an API server stores.
#[derive(Clone, Debug)]
pub struct JsonFramer {
    limit: usize,
    /// How many bytes of the buffer have been looked at.
    scanned: usize,
    depth: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Between,
    Structure,
    String,
    Escape,
}

impl Default for JsonFramer {
    fn default() -> Self {
        Self::new(16 << 20)
    }
}

impl JsonFramer {
    /// Makes a splitter that refuses frames above a limit in bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            scanned: 0,
            depth: 0,
            state: State::Between,
        }
    }

    /// Looks at bytes until one closes the object; returns how many it took, if it did.
    fn find_end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            match (self.state, byte) {
                (State::Escape, _) => self.state = State::String,
                (State::String, b'\\') => self.state = State::Escape,
                (State::String, b'"') => self.state = State::Structure,
                (State::String, _) => {
                    let rest = &bytes[at..];
                    at += memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
                }
                (_, b'"') => self.state = State::String,
                (_, b'{' | b'[') => self.depth += 1,
                (_, b'}' | b']') => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            if self.depth == 0 {
                return Some(at);
            }
        }
        None
    }
}

impl Framer for JsonFramer {
    fn next(&mut self, buffer: &mut BytesMut) -> Result<Option<Bytes>, FrameError> {
        if self.state == State::Between {
            let blanks = buffer
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'))
                .count();
            let _ = buffer.split_to(blanks);
            match buffer.first() {
                Some(b'{') => self.state = State::Structure,
                Some(&byte) => return Err(FrameError::Malformed { byte }),
                None => return Ok(None),
            }
        }
        let end = self
            .find_end(&buffer[self.scanned..])
            .map(|taken| self.scanned + taken);
        if end.unwrap_or(buffer.len()) > self.limit {
            return Err(FrameError::TooLarge { limit: self.limit });
        }
        let Some(end) = end else {
            self.scanned = buffer.len();
            return Ok(None);
        };
        (self.scanned, self.state) = (0, State::Between);
        Ok(Some(buffer.split_to(end).freeze()))
    }
}
