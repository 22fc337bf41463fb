//! The values of an expression, made of an object by its schema.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::names::escape;
use crate::cel::{Items, ItemsKind, Key, Value};
use crate::crd::schema::Structural;
use crate::formats;

/// The value that a schema makes of JSON.
pub(super) fn of(schema: &Structural, is_resource: bool, json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => {
            let float = || Value::Double(number.as_f64().unwrap_or(f64::NAN));
            match number.as_i64() {
                Some(integer) if schema.kind != "number" => Value::Int(integer),
                _ => float(),
            }
        }
        Json::String(text) => of_text(schema, text),
        Json::Array(items) => of_list(schema, items),
        Json::Object(members) => of_object(schema, is_resource, members),
    }
}

/// What is not in its format stays a text.
fn of_text(schema: &Structural, text: &str) -> Value {
    let value = match schema.format.as_str() {
        _ if schema.kind != "string" => None,
        "byte" => STANDARD
            .decode(text)
            .ok()
            .map(|bytes| Value::Bytes(bytes.into())),
        "duration" => formats::duration(text)
            .and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok())
            .map(Value::Duration),
        "date" => {
            let date = text.parse::<jiff::civil::Date>().ok();
            let midnight = date.and_then(|date| date.to_zoned(TimeZone::UTC).ok());
            midnight.map(|at| Value::Timestamp(at.timestamp()))
        }
        "date-time" => text.parse().ok().map(Value::Timestamp),
        _ => None,
    };
    value.unwrap_or_else(|| Value::text(text))
}

fn of_list(schema: &Structural, items: &[Json]) -> Value {
    let anything = Structural::anything();
    let item = schema.item().unwrap_or(&anything);
    let items = items
        .iter()
        .map(|json| of(item, item.embeds_resource, json));
    Value::List(Arc::new(Items {
        items: items.collect(),
        kind: match schema.list_type.as_deref() {
            Some("set") => ItemsKind::Set,
            Some("map") => {
                let keys = schema.list_map_keys.iter();
                ItemsKind::Map(keys.filter_map(|key| escape(key)).collect())
            }
            _ => ItemsKind::Ordered,
        },
    }))
}

fn of_object(schema: &Structural, is_resource: bool, members: &Map<String, Json>) -> Value {
    let mut map = BTreeMap::new();
    for (name, json) in members {
        let value = match (schema.properties.get(name), schema.value(), name.as_str()) {
            (_, _, "apiVersion" | "kind") if is_resource => of(&Structural::default(), false, json),
            (_, _, "metadata") if is_resource => of_metadata(json),
            (Some(property), _, _) => of(property, property.embeds_resource, json),
            (None, Some(value), name) => {
                // The keys of a map are values, not names.
                let value = of(value, value.embeds_resource, json);
                map.insert(Key::Text(name.into()), value);
                continue;
            }
            // What the schema does not have, expressions do not see.
            (None, None, _) => continue,
        };
        if let Some(name) = escape(name) {
            map.insert(Key::Text(name.into()), value);
        }
    }
    Value::Map(Arc::new(map))
}

fn of_metadata(json: &Json) -> Value {
    let names = ["name", "generateName"].into_iter();
    let texts = names.filter_map(|name| Some((name, json.get(name)?.as_str()?)));
    let members = texts.map(|(name, text)| (Key::Text(name.into()), Value::text(text)));
    Value::Map(Arc::new(members.collect()))
}
