//! A scanner that finds its way through JSON without building or checking values.

use memchr::memchr2;

use super::DecodeError;

/// Walks over the text of one JSON value.
///
/// It checks only what it needs to find the ends of things; whoever decodes a value checks the rest.
pub(super) struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// Returns the place of the next byte.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// Passes over blanks and returns the next byte, if there is one.
    pub(super) fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.text.get(self.at) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    /// Takes a byte that must come next.
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.peek() != Some(byte) {
            return Err(self.malformed());
        }
        self.at += 1;
        Ok(())
    }

    /// Takes a byte if it comes next.
    pub(super) fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Calls `visit` with the raw text of each key of an object; it must take the value.
    pub(super) fn object<E: From<Malformed>>(
        &mut self,
        mut visit: impl FnMut(&mut Self, &'a [u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.expect(b'{')?;
        if self.accept(b'}') {
            return Ok(());
        }
        loop {
            self.peek();
            let key = self.value()?;
            self.expect(b':')?;
            self.peek();
            visit(
                self,
                key.get(1..key.len().saturating_sub(1)).unwrap_or_default(),
            )?;
            if !self.accept(b',') {
                return Ok(self.expect(b'}')?);
            }
        }
    }

    /// Calls `visit` before each element of an array; it must take the element.
    pub(super) fn array<E: From<Malformed>>(
        &mut self,
        mut visit: impl FnMut(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.expect(b'[')?;
        if self.accept(b']') {
            return Ok(());
        }
        loop {
            self.peek();
            visit(self)?;
            if !self.accept(b',') {
                return Ok(self.expect(b']')?);
            }
        }
    }

    /// Takes a value, whatever it is, and returns its text.
    pub(super) fn value(&mut self) -> Result<&'a [u8], Malformed> {
        let first = self.peek();
        let start = self.at;
        match first {
            Some(b'"') => self.string()?,
            Some(b'{' | b'[') => self.nested()?,
            Some(b',' | b':' | b'}' | b']') | None => return Err(self.malformed()),
            Some(_) => self.scalar(),
        }
        Ok(&self.text[start..self.at])
    }

    /// Passes over a number of bytes that a decoder has taken.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at = self.text.len().min(self.at + bytes);
    }

    /// Returns the text from the next byte on.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    /// Makes the error that the text cannot go on like this here.
    pub(super) fn malformed(&self) -> Malformed {
        Malformed {
            offset: self.at,
            end: self.at >= self.text.len(),
        }
    }

    fn string(&mut self) -> Result<(), Malformed> {
        self.at += 1;
        loop {
            let Some(found) = memchr2(b'"', b'\\', self.rest()) else {
                self.at = self.text.len();
                return Err(self.malformed());
            };
            let escape = self.text[self.at + found] == b'\\';
            self.at = self
                .text
                .len()
                .min(self.at + found + 1 + usize::from(escape));
            if !escape {
                return Ok(());
            }
        }
    }

    fn nested(&mut self) -> Result<(), Malformed> {
        let mut depth = 0_usize;
        loop {
            match self.text.get(self.at) {
                Some(b'"') => {
                    self.string()?;
                    continue;
                }
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') => depth -= 1,
                Some(_) => {}
                None => return Err(self.malformed()),
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn scalar(&mut self) {
        let ends = |byte: &u8| {
            matches!(
                byte,
                b',' | b':' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t'
            )
        };
        self.at += self
            .rest()
            .iter()
            .position(ends)
            .unwrap_or(self.rest().len());
    }
}

/// The text is not JSON, or not of the expected shape.
#[derive(Debug)]
pub(super) struct Malformed {
    offset: usize,
    end: bool,
}

impl Malformed {
    pub(super) fn into_error(self, what: &'static str) -> DecodeError {
        let message = if self.end {
            "unexpected end of the JSON text"
        } else {
            "unexpected JSON at this place"
        };
        DecodeError::new(what, self.offset, message)
    }
}
