//! The version 2 document, which has no definitions: old clients then have nothing to validate against, and do not.

use bytes::{BufMut, Bytes, BytesMut};
use serde_json::json;

/// What old versions of kubectl ask for, and cannot do without. Its `@` makes it no valid media type.
pub(super) const ASKED: &str = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

/// What the same is called validly, and in answers.
pub(super) const PROTOBUF: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

const TITLE: &str = "Kubernetes";
const VERSION: &str = "v1.36.2";

pub(super) fn json() -> String {
    json!({
        "swagger": "2.0",
        "info": {"title": TITLE, "version": VERSION},
        "paths": {},
        "definitions": {},
    })
    .to_string()
}

/// The same as `openapi.v2.Document`: `swagger` is field 1, `info` field 2 with `title` and `version`, `paths` field 8.
pub(super) fn protobuf() -> Bytes {
    let mut info = BytesMut::new();
    put_field(1, TITLE.as_bytes(), &mut info);
    put_field(2, VERSION.as_bytes(), &mut info);
    let mut document = BytesMut::new();
    put_field(1, b"2.0", &mut document);
    put_field(2, &info, &mut document);
    put_field(8, b"", &mut document);
    document.freeze()
}

/// Appends a field of a text or a message. All of these are shorter than 128 bytes, so their length is one byte.
fn put_field(number: u8, value: &[u8], out: &mut BytesMut) {
    const LENGTH_DELIMITED: u8 = 2;
    out.put_u8(number << 3 | LENGTH_DELIMITED);
    out.put_u8(u8::try_from(value.len()).unwrap_or(0));
    out.put_slice(value);
}

#[cfg(test)]
mod tests {
    use super::protobuf;

    #[test]
    fn the_protobuf_document_names_its_version() {
        let bytes = protobuf();
        assert_eq!(&bytes[..5], b"\x0a\x032.0");
        assert_eq!(&bytes[bytes.len() - 2..], [8 << 3 | 2, 0]);
        assert_eq!(usize::from(bytes[6]), bytes.len() - 7 - 2);
    }
}
