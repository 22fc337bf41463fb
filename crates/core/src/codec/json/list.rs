//! Lists in JSON.

use bytes::Bytes;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use serde::de::DeserializeOwned;

use super::scan::{Malformed, Scanner};
use super::{DecodeError, undecodable};
use crate::Undecodable;

/// Decodes each item in one pass over its bytes; only an item that cannot be decoded is walked twice.
pub(super) fn decode<K: DeserializeOwned>(
    body: &Bytes,
    sink: &mut dyn FnMut(Result<K, Undecodable>),
) -> Result<ListMeta, DecodeError> {
    let mut metadata = None;
    let mut items = false;
    let mut scanner = Scanner::new(body);
    scanner.object(|scanner, key| -> Result<(), Failure> {
        match key {
            b"metadata" => metadata = Some(list_metadata(scanner)?),
            b"items" if scanner.peek() == Some(b'[') => {
                items = true;
                scanner.array(|scanner| -> Result<(), Failure> {
                    sink(item(scanner, body)?);
                    Ok(())
                })?;
            }
            b"items" => {
                items = scanner.value()? == b"null";
            }
            _ => drop(scanner.value()?),
        }
        Ok(())
    })?;
    match metadata {
        Some(metadata) if items => Ok(metadata),
        _ => Err(DecodeError::new(
            "list",
            0,
            "a list has the fields metadata and items",
        )),
    }
}

fn item<K: DeserializeOwned>(
    scanner: &mut Scanner<'_>,
    body: &Bytes,
) -> Result<Result<K, Undecodable>, Malformed> {
    let mut decoder = serde_json::Deserializer::from_slice(scanner.rest()).into_iter::<K>();
    match decoder.next() {
        Some(Ok(object)) => {
            scanner.advance(decoder.byte_offset());
            Ok(Ok(object))
        }
        Some(Err(error)) => {
            let start = scanner.offset();
            let raw = body.slice_ref(scanner.value()?);
            Ok(Err(undecodable(raw, start, error)))
        }
        None => Err(scanner.malformed()),
    }
}

fn list_metadata(scanner: &mut Scanner<'_>) -> Result<ListMeta, Failure> {
    let start = scanner.offset();
    let text = scanner.value()?;
    serde_json::from_slice(text)
        .map_err(|error| Failure(DecodeError::new("list metadata", start, error)))
}

struct Failure(DecodeError);

impl From<Malformed> for Failure {
    fn from(malformed: Malformed) -> Self {
        Self(malformed.into_error("list"))
    }
}

impl From<Failure> for DecodeError {
    fn from(failure: Failure) -> Self {
        failure.0
    }
}
