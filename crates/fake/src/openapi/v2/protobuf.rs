//! The version 2 document as `openapi.v2.Document`, as far as old versions of kubectl look into it: all of the schemas, and of the paths
//! what can be asked in queries.

use bytes::{BufMut, Bytes};
use serde_json::{Map, Value};

/// The methods of a path, with the numbers of their fields.
const METHODS: [(&str, u32); 5] = [
    ("get", 2),
    ("put", 3),
    ("post", 4),
    ("delete", 5),
    ("patch", 8),
];

/// How deep schemas are followed.
const DEEPEST: usize = 128;

/// A message being written.
#[derive(Default)]
struct Message(Vec<u8>);

pub(super) fn encode(document: &Value) -> Bytes {
    let mut message = Message::default();
    message.text(1, &document["swagger"]);
    message.message(2, |info| {
        info.text(1, &document["info"]["title"]);
        info.text(2, &document["info"]["version"]);
    });
    message.message(8, |paths| {
        for (path, item) in members(&document["paths"]) {
            paths.named(2, path, |message| path_item(item, message));
        }
    });
    message.message(9, |definitions| {
        for (name, definition) in members(&document["definitions"]) {
            definitions.named(1, name, |message| schema(definition, DEEPEST, message));
        }
    });
    message.0.into()
}

fn path_item(item: &Value, message: &mut Message) {
    for (method, number) in METHODS {
        if let Some(operation) = item.get(method) {
            message.message(number, |message| self::operation(operation, message));
        }
    }
}

fn operation(operation: &Value, message: &mut Message) {
    message.text(5, &operation["operationId"]);
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
        // Within four messages, each of which is one of several that could be there.
        message.message(8, |item| {
            item.message(1, |either| {
                either.message(2, |not_body| {
                    not_body.message(3, |query| {
                        query.text(2, &parameter["in"]);
                        query.text(4, &parameter["name"]);
                        query.text(6, &parameter["type"]);
                    });
                });
            });
        });
    }
    extensions(operation, 13, message);
}

fn schema(schema: &Value, levels: usize, message: &mut Message) {
    if levels == 0 {
        return;
    }
    let inner = |value: &Value, message: &mut Message| self::schema(value, levels - 1, message);
    message.text(1, &schema["$ref"]);
    message.text(2, &schema["format"]);
    message.text(4, &schema["description"]);
    for name in schema["required"].as_array().into_iter().flatten() {
        message.text(19, name);
    }
    for value in schema["enum"].as_array().into_iter().flatten() {
        message.message(20, |any| any.yaml(value));
    }
    if let Some(values) = schema
        .get("additionalProperties")
        .filter(|values| values.is_object())
    {
        message.message(21, |either| {
            either.message(1, |message| inner(values, message))
        });
    }
    if let Some(kind) = schema.get("type") {
        message.message(22, |item| item.text(1, kind));
    }
    if let Some(items) = schema.get("items") {
        message.message(23, |item| item.message(1, |message| inner(items, message)));
    }
    if let Some(properties) = schema.get("properties") {
        message.message(25, |message| {
            for (name, property) in members(properties) {
                message.named(1, name, |message| inner(property, message));
            }
        });
    }
    extensions(schema, 31, message);
}

fn extensions(of: &Value, number: u32, message: &mut Message) {
    for (name, value) in members(of).filter(|(name, _)| name.starts_with("x-")) {
        message.named(number, name, |any| any.yaml(value));
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

impl Message {
    /// Appends a text, if it is one.
    fn text(&mut self, number: u32, value: &Value) {
        if let Some(text) = value.as_str() {
            self.bytes(number, text.as_bytes());
        }
    }

    /// Appends a message within this one.
    fn message(&mut self, number: u32, write: impl FnOnce(&mut Message)) {
        let mut inner = Message::default();
        write(&mut inner);
        self.bytes(number, &inner.0);
    }

    /// Appends an entry of a map.
    fn named(&mut self, number: u32, name: &str, write: impl FnOnce(&mut Message)) {
        self.message(number, |entry| {
            entry.bytes(1, name.as_bytes());
            entry.message(2, write);
        });
    }

    /// Makes this an `Any`. JSON is YAML.
    fn yaml(&mut self, value: &Value) {
        self.bytes(2, value.to_string().as_bytes());
    }

    fn bytes(&mut self, number: u32, value: &[u8]) {
        const LENGTH_DELIMITED: u32 = 2;
        self.varint(u64::from(number << 3 | LENGTH_DELIMITED));
        self.varint(value.len() as u64);
        self.0.put_slice(value);
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.put_u8(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        self.0.put_u8(value.to_le_bytes()[0]);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_are_messages_in_messages() {
        let document = json!({
            "swagger": "2.0",
            "info": {"title": "T", "version": "v"},
            "paths": {},
            "definitions": {"a": {"type": "object", "x-b": [1]}},
        });
        let expected = [
            b"\x0a\x032.0\x12\x06\x0a\x01T\x12\x01v\x42\x00".as_slice(),
            b"\x4a\x25\x0a\x23\x0a\x01a\x12\x1e\xb2\x01\x08\x0a\x06object",
            b"\xfa\x01\x10\x0a\x03x-b\x12\x09\x12\x03[1]",
        ]
        .concat();
        let encoded = encode(&document);
        assert_eq!(encoded[..16], expected[..16]);
        assert!(encoded.windows(8).any(|window| window == b"\x0a\x06object"));
        assert!(encoded.ends_with(b"\x12\x03[1]"));
    }

    #[test]
    fn lengths_take_as_many_bytes_as_they_need() {
        let mut message = Message::default();
        message.bytes(31, &[b'x'; 300]);
        assert_eq!(message.0[..4], [0xfa, 0x01, 0xac, 0x02]);
        assert_eq!(message.0.len(), 304);
    }
}
