//! Watch events in JSON.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::scan::{Malformed, Scanner};
use super::{DecodeError, undecodable};
use crate::{Bookmark, ChangeKind, ResourceVersion, WatchEvent};

/// Decodes the object in one pass over its bytes where, as API servers write it, its type stands before it.
pub(super) fn decode<K: DeserializeOwned>(frame: &Bytes) -> Result<WatchEvent<K>, DecodeError> {
    let mut event_type = None;
    let mut event = None;
    let mut object = None;
    let mut scanner = Scanner::new(frame);
    scanner
        .object(|scanner, key| -> Result<(), Failure> {
            match key {
                b"type" => event_type = Some(EventType::read(scanner)?),
                b"object" => match event_type {
                    Some(event_type) => event = Some(read(scanner, frame, event_type)?),
                    None => {
                        object = Some(scanner.offset());
                        scanner.value()?;
                    }
                },
                _ => drop(scanner.value()?),
            }
            Ok(())
        })
        .map_err(|failure| failure.0)?;
    if let (Some(event_type), Some(offset)) = (event_type, object) {
        let mut scanner = Scanner::new(frame);
        scanner.advance(offset);
        event = Some(read(&mut scanner, frame, event_type).map_err(|failure| failure.0)?);
    }
    event.ok_or_else(|| error(0, "a watch event has the fields type and object"))
}

#[derive(Clone, Copy)]
enum EventType {
    Change(ChangeKind),
    Bookmark,
    Error,
}

impl EventType {
    fn read(scanner: &mut Scanner<'_>) -> Result<Self, Failure> {
        let offset = scanner.offset();
        Ok(match scanner.value()? {
            br#""ADDED""# => Self::Change(ChangeKind::Added),
            br#""MODIFIED""# => Self::Change(ChangeKind::Modified),
            br#""DELETED""# => Self::Change(ChangeKind::Deleted),
            br#""BOOKMARK""# => Self::Bookmark,
            br#""ERROR""# => Self::Error,
            _ => return Err(Failure(error(offset, "unknown type of watch event"))),
        })
    }
}

fn read<K: DeserializeOwned>(
    scanner: &mut Scanner<'_>,
    frame: &Bytes,
    event_type: EventType,
) -> Result<WatchEvent<K>, Failure> {
    match event_type {
        EventType::Change(change) => read_change(scanner, frame, change),
        EventType::Bookmark => read_bookmark(scanner).map(WatchEvent::Bookmark),
        EventType::Error => read_value(scanner, "status").map(WatchEvent::Error),
    }
}

fn read_change<K: DeserializeOwned>(
    scanner: &mut Scanner<'_>,
    frame: &Bytes,
    change: ChangeKind,
) -> Result<WatchEvent<K>, Failure> {
    let mut decoder = serde_json::Deserializer::from_slice(scanner.rest()).into_iter::<K>();
    match decoder.next() {
        Some(Ok(object)) => {
            scanner.advance(decoder.byte_offset());
            Ok(match change {
                ChangeKind::Added => WatchEvent::Added(object),
                ChangeKind::Modified => WatchEvent::Modified(object),
                ChangeKind::Deleted => WatchEvent::Deleted(object),
            })
        }
        Some(Err(error)) => {
            let offset = scanner.offset();
            let raw = frame.slice_ref(scanner.value()?);
            Ok(WatchEvent::Undecodable {
                change,
                item: undecodable(raw, offset, error),
            })
        }
        None => Err(scanner.malformed().into()),
    }
}

fn read_bookmark(scanner: &mut Scanner<'_>) -> Result<Bookmark, Failure> {
    #[derive(Deserialize)]
    struct Object<'a> {
        #[serde(borrow)]
        metadata: Metadata<'a>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Metadata<'a> {
        #[serde(default)]
        resource_version: ResourceVersion,
        #[serde(borrow, default)]
        annotations: Annotations<'a>,
    }

    #[derive(Default, Deserialize)]
    struct Annotations<'a> {
        #[serde(borrow, default, rename = "k8s.io/initial-events-end")]
        initial_events_end: Cow<'a, str>,
    }

    let object: Object<'_> = read_value(scanner, "bookmark")?;
    Ok(Bookmark {
        resource_version: object.metadata.resource_version,
        initial_events_end: object.metadata.annotations.initial_events_end == "true",
    })
}

fn read_value<'a, T: Deserialize<'a>>(
    scanner: &mut Scanner<'a>,
    what: &'static str,
) -> Result<T, Failure> {
    let offset = scanner.offset();
    let text = scanner.value()?;
    serde_json::from_slice(text).map_err(|error| Failure(DecodeError::new(what, offset, error)))
}

fn error(offset: usize, message: &'static str) -> DecodeError {
    DecodeError::new("watch event", offset, message)
}

struct Failure(DecodeError);

impl From<Malformed> for Failure {
    fn from(malformed: Malformed) -> Self {
        Self(malformed.into_error("watch event"))
    }
}
