//! The wire format: keys, numbers, and bytes with a length before them.

use std::ops::Range;

use bytes::BufMut;

use super::problem::ProblemKind;

/// How deep groups may be nested in a field that is skipped.
const DEEPEST_GROUP: usize = 100;

const VARINT: u32 = 0;
const FIXED64: u32 = 1;
const DELIMITED: u32 = 2;
const START_GROUP: u32 = 3;
const END_GROUP: u32 = 4;
const FIXED32: u32 = 5;

/// A value as it stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Payload<'a> {
    Varint(u64),
    Fixed64(u64),
    Fixed32,
    Delimited(&'a [u8]),
}

/// Reads a message field by field.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// How many bytes there are left.
    pub(crate) fn left(&self) -> usize {
        self.bytes.len()
    }

    /// The number and the value of the next field; `None` at the end. Groups, which nothing in Kubernetes has, are skipped.
    pub(crate) fn next(&mut self) -> Result<Option<(u32, Payload<'a>)>, ProblemKind> {
        let mut groups: usize = 0;
        while !self.bytes.is_empty() {
            let key = u32::try_from(self.varint()?).map_err(|_| ProblemKind::BadKey)?;
            let number = key >> 3;
            if number == 0 {
                return Err(ProblemKind::BadKey);
            }
            let payload = match key & 7 {
                VARINT => Payload::Varint(self.varint()?),
                FIXED64 => Payload::Fixed64(self.fixed64()?),
                FIXED32 => self.take(4).map(|_| Payload::Fixed32)?,
                DELIMITED => Payload::Delimited(self.delimited()?),
                START_GROUP if groups == DEEPEST_GROUP => return Err(ProblemKind::TooDeep),
                START_GROUP => {
                    groups += 1;
                    continue;
                }
                END_GROUP => {
                    groups = groups.checked_sub(1).ok_or(ProblemKind::BadKey)?;
                    continue;
                }
                _ => return Err(ProblemKind::BadKey),
            };
            if groups == 0 {
                return Ok(Some((number, payload)));
            }
        }
        match groups {
            0 => Ok(None),
            _ => Err(ProblemKind::Truncated),
        }
    }

    pub(crate) fn varint(&mut self) -> Result<u64, ProblemKind> {
        let mut value: u64 = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.bytes.split_first().ok_or(ProblemKind::Truncated)?;
            self.bytes = rest;
            // The tenth byte has room for one bit; others are lost, as in Go.
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(ProblemKind::Overflow)
    }

    pub(crate) fn fixed64(&mut self) -> Result<u64, ProblemKind> {
        let bytes = self.take(8)?;
        let bytes = <[u8; 8]>::try_from(bytes).map_err(|_| ProblemKind::Truncated)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn delimited(&mut self) -> Result<&'a [u8], ProblemKind> {
        let length = usize::try_from(self.varint()?).map_err(|_| ProblemKind::Truncated)?;
        self.take(length)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], ProblemKind> {
        let (taken, rest) = self
            .bytes
            .split_at_checked(length)
            .ok_or(ProblemKind::Truncated)?;
        self.bytes = rest;
        Ok(taken)
    }
}

/// Appends a number.
fn put_varint(mut value: u64, out: &mut impl BufMut) {
    while value >= 0x80 {
        // The low seven bits, with the sign that more follow.
        out.put_u8((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.put_u8(value as u8);
}

/// How many bytes [`put_varint`] appends.
fn varint_len(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

/// Appends the key of a field that is a number or a truth value, and its value.
pub(super) fn put_number(number: u32, value: u64, out: &mut Vec<u8>) {
    put_varint(u64::from(number << 3 | VARINT), out);
    put_varint(value, out);
}

/// Appends a field that is a floating point number.
pub(super) fn put_double(number: u32, value: f64, out: &mut Vec<u8>) {
    put_varint(u64::from(number << 3 | FIXED64), out);
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends the key of a field that has `length` bytes, and the length.
pub(crate) fn put_key(number: u32, length: usize, out: &mut impl BufMut) {
    put_varint(u64::from(number << 3 | DELIMITED), out);
    put_varint(length as u64, out);
}

/// Appends a field that is text or bytes.
pub(crate) fn put_text(number: u32, bytes: impl AsRef<[u8]>, out: &mut impl BufMut) {
    let bytes = bytes.as_ref();
    put_key(number, bytes.len(), out);
    out.put_slice(bytes);
}

/// How many bytes [`put_text`] appends for `length` bytes.
pub(crate) fn text_len(number: u32, length: usize) -> usize {
    varint_len(u64::from(number << 3)) + varint_len(length as u64) + length
}

/// Where the bytes of a field are in a message. Wants the last, if there are several.
pub(crate) fn find(message: &[u8], wanted: u32) -> Option<Range<usize>> {
    let mut reader = Reader::new(message);
    let mut found = None;
    while let Some((number, payload)) = reader.next().ok()? {
        if let (true, Payload::Delimited(bytes)) = (number == wanted, payload) {
            let end = message.len() - reader.left();
            found = Some(end - bytes.len()..end);
        }
    }
    found
}

/// Appends a field whose bytes `write` appends.
pub(super) fn put_nested<T, E>(
    number: u32,
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<T, E>,
) -> Result<T, E> {
    let start = out.len();
    let written = write(out)?;
    // The length is known only now, so the key is appended and then turned to the front.
    let end = out.len();
    put_key(number, end - start, out);
    let key = out.len() - end;
    out[start..].rotate_right(key);
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_and_are_as_long_as_said() {
        for value in [
            0,
            1,
            127,
            128,
            16_383,
            16_384,
            u64::from(u32::MAX),
            u64::MAX,
        ] {
            let mut bytes = Vec::new();
            put_varint(value, &mut bytes);
            assert_eq!(bytes.len(), varint_len(value));
            assert_eq!(Reader::new(&bytes).varint(), Ok(value));
        }
    }

    #[test]
    fn groups_are_skipped_and_must_be_closed() {
        let skipped = [0x0b, 0x08, 0x01, 0x0c, 0x10, 0x05];
        let mut reader = Reader::new(&skipped);
        assert_eq!(reader.next(), Ok(Some((2, Payload::Varint(5)))));
        assert_eq!(reader.next(), Ok(None));
        assert_eq!(Reader::new(&[0x0b]).next(), Err(ProblemKind::Truncated));
        assert_eq!(Reader::new(&[0x0c]).next(), Err(ProblemKind::BadKey));
    }

    #[test]
    fn what_breaks_off_is_truncated() {
        for bytes in [
            &[0x08][..],
            &[0x08, 0x80],
            &[0x0a, 0x05, 0x01],
            &[0x09, 1, 2],
        ] {
            assert_eq!(Reader::new(bytes).next(), Err(ProblemKind::Truncated));
        }
        let endless = [
            0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
        ];
        assert_eq!(Reader::new(&endless).next(), Err(ProblemKind::Overflow));
    }
}
