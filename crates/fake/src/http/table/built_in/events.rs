//! Columns of events, which have their fields under other names in their own group.

use jiff::Timestamp;
use serde_json::Value;

use super::super::cells::{date, integer, text};
use super::{Cell, Column, NAME, column, made, wide};

const LAST_WIDE_NAME: Column = Column {
    priority: 1,
    ..NAME
};

/// Events of the core group.
pub(super) const COLUMNS: &[Column] = &[
    column("Last Seen", Cell::Timed(last_seen)),
    column("Type", Cell::Text("/type")),
    column("Reason", Cell::Text("/reason")),
    made("Object", |event| object(event, "/involvedObject")),
    wide("Subobject", Cell::Text("/involvedObject/fieldPath")),
    wide("Source", Cell::Made(|event| source(event, "/source"))),
    made("Message", |event| text(event, "/message").trim().into()),
    wide("First Seen", Cell::Timed(first_seen)),
    wide("Count", Cell::Made(|event| count(event, "/count"))),
    LAST_WIDE_NAME,
];

/// Events of `events.k8s.io`.
pub(super) const NEW_COLUMNS: &[Column] = &[
    column("Last Seen", Cell::Timed(last_seen)),
    column("Type", Cell::Text("/type")),
    column("Reason", Cell::Text("/reason")),
    made("Object", |event| object(event, "/regarding")),
    wide("Subobject", Cell::Text("/regarding/fieldPath")),
    wide(
        "Source",
        Cell::Made(|event| source(event, "/deprecatedSource")),
    ),
    made("Message", |event| text(event, "/note").trim().into()),
    wide("First Seen", Cell::Timed(first_seen)),
    wide(
        "Count",
        Cell::Made(|event| count(event, "/deprecatedCount")),
    ),
    LAST_WIDE_NAME,
];

fn last_seen(event: &Value, now: Timestamp) -> Value {
    let places = [
        "/series/lastObservedTime",
        "/lastTimestamp",
        "/deprecatedLastTimestamp",
        "/firstTimestamp",
        "/eventTime",
    ];
    first_of(event, &places, now)
}

fn first_seen(event: &Value, now: Timestamp) -> Value {
    let places = ["/firstTimestamp", "/deprecatedFirstTimestamp", "/eventTime"];
    first_of(event, &places, now)
}

fn first_of(event: &Value, places: &[&str], now: Timestamp) -> Value {
    let mut times = places.iter().map(|place| text(event, place));
    date(times.find(|time| !time.is_empty()).unwrap_or_default(), now).into()
}

fn object(event: &Value, pointer: &str) -> Value {
    let object = event.pointer(pointer).unwrap_or(&Value::Null);
    let kind = text(object, "/kind").to_lowercase();
    match text(object, "/name") {
        "" => kind.into(),
        name => format!("{kind}/{name}").into(),
    }
}

fn source(event: &Value, pointer: &str) -> Value {
    let source = event.pointer(pointer).unwrap_or(&Value::Null);
    let component = match text(source, "/component") {
        "" => match text(event, "/reportingComponent") {
            "" => text(event, "/reportingController"),
            component => component,
        },
        component => component,
    };
    match text(source, "/host") {
        "" => component.into(),
        host => format!("{component}, {host}").into(),
    }
}

fn count(event: &Value, pointer: &str) -> Value {
    let count = match integer(event, "/series/count") {
        0 => integer(event, pointer),
        series => series,
    };
    count.max(1).into()
}
