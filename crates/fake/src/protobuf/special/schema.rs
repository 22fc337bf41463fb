//! Where a schema is one of two things: `JSONSchemaPropsOrArray`, `OrBool` and `OrStringArray`.

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Unexpected};
use serde_json::Value;

use crate::protobuf::decode::Decoder;
use crate::protobuf::encode::{ItemSeed, put_fields};
use crate::protobuf::messages::{Kind, Reference};
use crate::protobuf::problem::Problem;
use crate::protobuf::wire::{Payload, Reader, put_nested, put_number, put_text};

/// A schema or what it can be replaced with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protobuf) struct SchemaOr {
    alternative: Alternative,
    schema: Reference,
}

/// What a schema can be replaced with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protobuf) enum Alternative {
    /// Field 1 is a schema, 2 are schemas.
    Array,
    /// Field 1 says whether anything is allowed, 2 is a schema.
    Bool,
    /// Field 1 is a schema, 2 are strings.
    StringArray,
}

impl SchemaOr {
    pub(super) fn new(alternative: Alternative, schema: Reference) -> Self {
        Self {
            alternative,
            schema,
        }
    }

    /// Appends the message of one that nobody has set.
    pub(super) fn put_zero(self, out: &mut Vec<u8>) {
        self.put_bool(false, out);
    }

    /// Appends the message of a truth value; `false` if there is none.
    pub(super) fn put_bool(self, allowed: bool, out: &mut Vec<u8>) -> bool {
        let has = self.alternative == Alternative::Bool;
        if has {
            put_number(1, allowed.into(), out);
        }
        has
    }

    /// Appends the message of a schema.
    pub(in crate::protobuf) fn put_schema<'de, A: MapAccess<'de>>(
        self,
        map: A,
        out: &mut Vec<u8>,
    ) -> Result<(), A::Error> {
        // A schema says that what it describes is allowed.
        let number = if self.put_bool(true, out) { 2 } else { 1 };
        put_nested(number, out, |out| put_fields(map, self.schema.get(), out))
    }

    /// Appends the message of a list.
    pub(in crate::protobuf) fn put_list<'de, A: SeqAccess<'de>>(
        self,
        mut list: A,
        out: &mut Vec<u8>,
    ) -> Result<(), A::Error> {
        match self.alternative {
            Alternative::Array => {
                let kind = Kind::Message(self.schema);
                while list
                    .next_element_seed(ItemSeed::new(2, kind, out))?
                    .is_some()
                {}
                Ok(())
            }
            Alternative::StringArray => {
                while let Some(text) = list.next_element::<String>()? {
                    put_text(2, text, out);
                }
                Ok(())
            }
            Alternative::Bool => {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Err(A::Error::invalid_type(
                    Unexpected::Seq,
                    &"a boolean or a schema",
                ))
            }
        }
    }

    pub(super) fn decode(
        self,
        bytes: &[u8],
        decoder: &mut Decoder,
        depth: usize,
    ) -> Result<Value, Problem> {
        let mut reader = Reader::new(bytes);
        let (mut schema, mut many, mut allowed) = (None, Vec::new(), false);
        while let Some(field) = reader.next()? {
            match (self.alternative, field) {
                (Alternative::Bool, (1, Payload::Varint(found))) => allowed = found != 0,
                (Alternative::Bool, (2, Payload::Delimited(found)))
                | (_, (1, Payload::Delimited(found))) => {
                    schema = Some(decoder.message(found, self.schema.get(), depth)?);
                }
                (Alternative::Array, (2, Payload::Delimited(found))) => {
                    many.push(decoder.message(found, self.schema.get(), depth)?);
                }
                (Alternative::StringArray, (2, Payload::Delimited(found))) => {
                    many.push(String::from_utf8_lossy(found).into());
                }
                _ => {}
            }
        }
        Ok(match (schema, self.alternative) {
            (Some(schema), _) => schema,
            (None, Alternative::Bool) => allowed.into(),
            (None, _) if many.is_empty() => Value::Null,
            (None, _) => many.into(),
        })
    }
}
