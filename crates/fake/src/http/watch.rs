//! The events of a watch as a body.

mod protobuf;

use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use futures::{StreamExt, stream};

use super::body::Body;
use super::negotiate::{Encoding, MetaVersion, Representation, Shape};
use super::refusal;
use super::respond::{metadata_types, write_metadata};
use super::table::{Table, TableOptions};
use crate::answer::{Watch, WatchItem};
use crate::failure::Failure;
use crate::object::{Object, Types};
use crate::registry::Resource;

/// How many events that are there at the same time are written together.
const BATCH: usize = 64;

/// Encodings of at least this many bytes are shared with the store and other watches. Smaller ones are cheaper to copy.
const SHARE_FROM: usize = 1024;

/// Writes events as they happen: one JSON document per line, or one frame of protobuf after the other.
///
/// # Errors
///
/// 406 for what cannot be streamed.
pub(super) fn body(
    watch: Watch,
    representation: Representation,
    options: TableOptions,
) -> Result<Body, Failure> {
    let streams = representation.encoding != Encoding::Yaml
        && !matches!(representation.shape, Shape::MetadataList(_));
    if !streams {
        return Err(refusal::not_acceptable(&["application/json;stream=watch"]));
    }
    let types = match representation.shape {
        Shape::Metadata(version) | Shape::MetadataList(version) => metadata_types(version),
        Shape::Whole | Shape::Table(_) => watch.resource.types.clone(),
    };
    let events = watch.events.ready_chunks(BATCH);
    if representation.encoding == Encoding::Protobuf {
        let frames = protobuf::Frames::new(types)?;
        let pieces = events.flat_map(move |events| stream::iter(frames.write(events)));
        return Ok(Body::events(pieces.boxed()));
    }
    let mut frames = Frames {
        types,
        resource: watch.resource,
        shape: representation.shape,
        options,
        columns_sent: false,
    };
    let pieces = events.flat_map(move |events| stream::iter(frames.write(events)));
    Ok(Body::events(pieces.boxed()))
}

struct Frames {
    /// Those that objects are written with; the rows of tables have their own.
    types: Types,
    resource: Arc<Resource>,
    shape: Shape,
    options: TableOptions,
    /// A table has its columns only in the first event.
    columns_sent: bool,
}

/// What has been written, copied or shared.
#[derive(Default)]
struct Pieces {
    done: Vec<Bytes>,
    open: BytesMut,
}

impl Frames {
    fn write(&mut self, events: Vec<WatchItem>) -> Vec<Bytes> {
        let mut pieces = Pieces::default();
        for event in events {
            self.frame(&event, &mut pieces);
        }
        pieces.finish()
    }

    fn frame(&mut self, event: &WatchItem, pieces: &mut Pieces) {
        let kind = match event {
            WatchItem::Event { change, .. } => change.as_str(),
            WatchItem::Bookmark { .. } => "BOOKMARK",
            WatchItem::Error(_) => "ERROR",
        };
        pieces.open.put_slice(br#"{"type":""#);
        pieces.open.put_slice(kind.as_bytes());
        pieces.open.put_slice(br#"","object":"#);
        match event {
            WatchItem::Event { object, .. } => self.object(object, pieces),
            WatchItem::Bookmark {
                revision,
                initial_events_end,
            } => self.bookmark(*revision, *initial_events_end, &mut pieces.open),
            WatchItem::Error(status) => {
                // Encoding a status to memory does not fail.
                let _ = serde_json::to_writer((&mut pieces.open).writer(), status);
            }
        }
        pieces.open.put_slice(b"}\n");
    }

    fn object(&mut self, object: &Object, pieces: &mut Pieces) {
        match self.shape {
            Shape::Table(version) => {
                let resource = Arc::clone(&self.resource);
                let mut table = self.table(&resource, version, object.revision());
                table.row(object);
                table.write(&mut pieces.open);
            }
            Shape::Metadata(_) | Shape::MetadataList(_) => {
                write_metadata(object, &self.types, &mut pieces.open);
            }
            Shape::Whole => {
                object.write_head(Some(&self.types), &mut pieces.open);
                pieces.put(object.shared_json());
                pieces.open.put_u8(b'}');
            }
        }
    }

    fn bookmark(&mut self, revision: u64, initial_events_end: bool, out: &mut BytesMut) {
        if let Shape::Table(version) = self.shape {
            let resource = Arc::clone(&self.resource);
            return self.table(&resource, version, revision).write(out);
        }
        let annotations = match initial_events_end {
            true => r#","annotations":{"k8s.io/initial-events-end":"true"}"#,
            false => "",
        };
        let types = self.types.json();
        let text =
            format!(r#"{{{types},"metadata":{{"resourceVersion":"{revision}"{annotations}}}}}"#);
        out.put_slice(text.as_bytes());
    }

    /// A table without rows, with columns if it is the first.
    fn table<'a>(
        &'a mut self,
        resource: &'a Resource,
        version: MetaVersion,
        revision: u64,
    ) -> Table<'a> {
        let is_first = !std::mem::replace(&mut self.columns_sent, true);
        let mut table = Table::new(resource, &self.types, version, &self.options);
        table.resource_version(revision);
        if !is_first {
            table.without_columns();
        }
        table
    }
}

impl Pieces {
    fn put(&mut self, bytes: Bytes) {
        if bytes.len() < SHARE_FROM {
            self.open.put_slice(&bytes);
        } else {
            self.done.push(self.open.split().freeze());
            self.done.push(bytes);
        }
    }

    fn finish(mut self) -> Vec<Bytes> {
        if !self.open.is_empty() {
            self.done.push(self.open.freeze());
        }
        self.done
    }
}
