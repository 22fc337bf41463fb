//! Bodies in protobuf.

use serde_json::{Map, Value};

use crate::object::Types;
use crate::protobuf::{self, Problem};

/// Decodes a body that should be of `types` to what it would be in JSON.
///
/// A message does not say what its fields are, so one of other types is not decoded: it is enough to say which.
pub(super) fn decode(body: &[u8], types: &Types) -> Result<Value, Problem> {
    let envelope = protobuf::opened(body)?;
    let is_as_said = envelope.kind.is_empty() || envelope.kind == types.kind();
    let mut document = match protobuf::message(types) {
        Some(message) if is_as_said => protobuf::decode(envelope.message, message)?,
        _ => Map::new(),
    };
    for (field, text) in [
        ("kind", envelope.kind),
        ("apiVersion", envelope.api_version),
    ] {
        if !text.is_empty() {
            document.insert(field.to_owned(), text.into());
        }
    }
    Ok(document.into())
}
