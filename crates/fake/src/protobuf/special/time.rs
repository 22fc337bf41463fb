//! `metav1.Time` and `metav1.MicroTime`: seconds and nanoseconds. The time that nobody has set is an empty message, and `null` in JSON.

use jiff::Timestamp;
use serde_json::Value;

use crate::protobuf::problem::{Problem, ProblemKind};
use crate::protobuf::wire::{Payload, Reader, put_number};

/// The first second of year 1: what Go means by no time.
const UNSET: i64 = -62_135_596_800;

/// What of a fraction is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    Seconds,
    Micros,
}

/// `false` if the text is no time.
pub(super) fn put(text: &str, precision: Precision, out: &mut Vec<u8>) -> bool {
    let Ok(time) = text.parse::<Timestamp>() else {
        return false;
    };
    // Fractions count upwards, also before 1970.
    let seconds = time.as_nanosecond().div_euclid(1_000_000_000) as i64;
    let nanos = time.as_nanosecond().rem_euclid(1_000_000_000) as u64;
    if (seconds, nanos) == (UNSET, 0) {
        return true;
    }
    let nanos = match precision {
        Precision::Seconds => 0,
        Precision::Micros => nanos / 1000 * 1000,
    };
    put_number(1, seconds as u64, out);
    put_number(2, nanos, out);
    true
}

pub(super) fn decode(bytes: &[u8], precision: Precision) -> Result<Value, Problem> {
    let mut reader = Reader::new(bytes);
    let (mut seconds, mut nanos) = (0, 0);
    while let Some(field) = reader.next()? {
        match field {
            (1, Payload::Varint(found)) => seconds = found as i64,
            (2, Payload::Varint(found)) => nanos = found as i32,
            _ => {}
        }
    }
    if bytes.is_empty() || (seconds, nanos) == (UNSET, 0) {
        return Ok(Value::Null);
    }
    let nanos = match precision {
        Precision::Seconds => 0,
        Precision::Micros => nanos,
    };
    let time = Timestamp::new(seconds, nanos).map_err(|_| ProblemKind::NoTime)?;
    Ok(match precision {
        Precision::Seconds => format!("{time:.0}").into(),
        Precision::Micros => format!("{time:.6}").into(),
    })
}
