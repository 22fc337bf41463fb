//! A tree into types, with errors that name the field and keep quiet about its content.

use std::fmt;

use serde::{
    de::{
        self, DeserializeOwned, DeserializeSeed, Deserializer, Expected, IntoDeserializer as _,
        MapAccess, SeqAccess, Unexpected, Visitor,
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};

use crate::error::Problem;

/// Reads a type from a tree.
pub(crate) fn decode<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    T::deserialize(Tree(value)).map_err(Misfit::into_problem)
}

/// Why a tree does not fit a type.
#[derive(Debug)]
struct Misfit {
    /// The way to the field, innermost first.
    path: Vec<Step>,
    reason: String,
}

#[derive(Debug)]
enum Step {
    Field(String),
    Index(usize),
}

impl Misfit {
    fn new(reason: String) -> Self {
        Self {
            path: Vec::new(),
            reason,
        }
    }

    fn under(mut self, step: Step) -> Self {
        self.path.push(step);
        self
    }

    fn into_problem(self) -> Problem {
        let mut field = String::new();
        for step in self.path.iter().rev() {
            match step {
                Step::Index(index) => field.push_str(&format!("[{index}]")),
                Step::Field(name) if field.is_empty() => field.push_str(name),
                Step::Field(name) => field.push_str(&format!(".{name}")),
            }
        }
        let problem = Problem::new(self.reason);
        if field.is_empty() {
            problem
        } else {
            problem.in_field(field)
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self::new(reason.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {expected}, found {}", kind(&found)))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {expected}"))
    }
}

/// Names what was found without quoting it.
fn kind(found: &Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Str(_) | Unexpected::Char(_) => "a string",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a mapping",
        _ => "something else",
    }
}

struct Tree(Value);

impl<'de> Deserializer<'de> for Tree {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::String(value) => visitor.visit_string(value),
            Value::Array(values) => visitor.visit_seq(Items(values.into_iter().enumerate())),
            Value::Object(entries) => visitor.visit_map(Entries::new(entries)),
            Value::Number(value) => match (value.as_u64(), value.as_i64(), value.as_f64()) {
                (Some(value), _, _) => visitor.visit_u64(value),
                (_, Some(value), _) => visitor.visit_i64(value),
                (_, _, value) => visitor.visit_f64(value.unwrap_or(f64::NAN)),
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            value => visitor.visit_some(Self(value)),
        }
    }

    /// Also takes the words that were booleans before YAML 1.2, as client-go does.
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0.as_str() {
            Some("y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON") => {
                visitor.visit_bool(true)
            }
            Some("n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF") => {
                visitor.visit_bool(false)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Items(std::iter::Enumerate<std::vec::IntoIter<Value>>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Misfit> {
        let Some((index, value)) = self.0.next() else {
            return Ok(None);
        };
        seed.deserialize(Tree(value))
            .map(Some)
            .map_err(|misfit| misfit.under(Step::Index(index)))
    }
}

struct Entries {
    rest: serde_json::map::IntoIter,
    current: Option<(String, Value)>,
}

impl Entries {
    fn new(entries: Map<String, Value>) -> Self {
        Self {
            rest: entries.into_iter(),
            current: None,
        }
    }
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Misfit> {
        self.current = self.rest.next();
        let Some((key, _)) = &self.current else {
            return Ok(None);
        };
        seed.deserialize(key.as_str().into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let (key, value) = self
            .current
            .take()
            .ok_or_else(|| Misfit::new("a value was asked for before its key".to_owned()))?;
        seed.deserialize(Tree(value))
            .map_err(|misfit| misfit.under(Step::Field(key)))
    }
}
