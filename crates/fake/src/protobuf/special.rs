//! Types whose JSON is no object of the fields of their message.

pub(super) mod raw;

mod int_or_string;
mod quantity;
mod schema;
mod time;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use self::schema::{Alternative, SchemaOr};
use super::decode::Decoder;
use super::messages::Reference;
use super::problem::Problem;

/// A type with an encoding of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    /// `metav1.Time`: text with seconds.
    Time,
    /// `metav1.MicroTime`: text with microseconds.
    MicroTime,
    /// `resource.Quantity`: text, as it was sent.
    Quantity,
    /// `intstr.IntOrString`.
    IntOrString,
    /// JSON as it is: `runtime.RawExtension`, `metav1.FieldsV1` and `apiextensions.JSON`.
    Raw,
    /// A schema or something else.
    Schema(SchemaOr),
}

impl Special {
    /// The special type of this name; `schema` is the message of a schema.
    pub(super) fn named(name: &str, schema: Option<Reference>) -> Option<Special> {
        let schema_or = |alternative| Some(Special::Schema(SchemaOr::new(alternative, schema?)));
        Some(match name {
            "meta.v1.Time" => Special::Time,
            "meta.v1.MicroTime" => Special::MicroTime,
            "resource.Quantity" => Special::Quantity,
            "intstr.IntOrString" => Special::IntOrString,
            "apiextensions.v1.JSON" | "meta.v1.FieldsV1" | "runtime.RawExtension" => Special::Raw,
            "apiextensions.v1.JSONSchemaPropsOrArray" => return schema_or(Alternative::Array),
            "apiextensions.v1.JSONSchemaPropsOrBool" => return schema_or(Alternative::Bool),
            "apiextensions.v1.JSONSchemaPropsOrStringArray" => {
                return schema_or(Alternative::StringArray);
            }
            _ => return None,
        })
    }

    /// What JSON has of it.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Special::Time => "a time",
            Special::MicroTime => "a time with microseconds",
            Special::Quantity => "a quantity",
            Special::IntOrString => "an integer or a string",
            Special::Raw => "JSON",
            Special::Schema(_) => "a schema",
        }
    }

    /// Appends the message of one that nobody has set.
    pub(super) fn put_zero(self, out: &mut Vec<u8>) {
        match self {
            Special::Quantity => quantity::put("0", out),
            Special::IntOrString => int_or_string::put_integer(0, out),
            Special::Schema(schema) => schema.put_zero(out),
            Special::Time | Special::MicroTime | Special::Raw => {}
        }
    }

    /// Appends the message of a text; `false` if it is none of this type.
    pub(super) fn put_str(self, text: &str, out: &mut Vec<u8>) -> bool {
        match self {
            Special::Time => time::put(text, time::Precision::Seconds, out),
            Special::MicroTime => time::put(text, time::Precision::Micros, out),
            Special::Quantity => {
                quantity::put(text, out);
                true
            }
            Special::IntOrString => {
                int_or_string::put_string(text, out);
                true
            }
            Special::Raw | Special::Schema(_) => false,
        }
    }

    /// Appends the message of an integer; `false` if there is none of this type.
    pub(super) fn put_integer(self, value: i128, out: &mut Vec<u8>) -> bool {
        match (self, i32::try_from(value)) {
            (Special::IntOrString, Ok(value)) => int_or_string::put_integer(value, out),
            (Special::Quantity, _) => quantity::put(&value.to_string(), out),
            _ => return false,
        }
        true
    }

    /// Appends the message of a number; `false` if there is none of this type.
    pub(super) fn put_float(self, value: f64, out: &mut Vec<u8>) -> bool {
        if self == Special::Quantity {
            quantity::put(&value.to_string(), out);
        }
        self == Special::Quantity
    }

    /// Appends the message of a truth value; `false` if there is none of this type.
    pub(super) fn put_bool(self, value: bool, out: &mut Vec<u8>) -> bool {
        match self {
            Special::Schema(schema) => schema.put_bool(value, out),
            _ => false,
        }
    }

    /// The JSON of a message.
    pub(super) fn decode(
        self,
        bytes: &[u8],
        decoder: &mut Decoder,
        depth: usize,
    ) -> Result<Value, Problem> {
        match self {
            Special::Time => time::decode(bytes, time::Precision::Seconds),
            Special::MicroTime => time::decode(bytes, time::Precision::Micros),
            Special::Quantity => quantity::decode(bytes),
            Special::IntOrString => int_or_string::decode(bytes),
            Special::Raw => raw::decode(bytes),
            Special::Schema(schema) => schema.decode(bytes, decoder, depth),
        }
    }
}

/// Bytes as JSON has them. Line breaks are ignored, as Go does.
pub(super) fn base64_decoded(text: &str) -> Option<Vec<u8>> {
    match text.contains(['\r', '\n']) {
        true => STANDARD.decode(text.replace(['\r', '\n'], "")).ok(),
        false => STANDARD.decode(text).ok(),
    }
}

pub(super) fn base64_encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
