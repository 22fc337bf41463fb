//! YAML into a tree, with a bound on what aliases may expand to.
//!
//! An alias repeats what its anchor marks, so that a short text can describe a tree of any size. serde_yaml gives up
//! after a hundred repetitions per element of the text, which stops the exponential kind but not the quadratic one: a
//! long string that is repeated often. Hence each node is paid for while it is built, and building stops when
//! the budget is spent.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::{error::Problem, parse::syntax};

/// What a tree may cost: each node counts [`NODE`], and each string its length.
const BUDGET: usize = 64 << 20;

/// What a node costs, about the memory it takes.
const NODE: usize = 64;

/// Reads the first document of a YAML text as the JSON value it stands for.
///
/// Merge keys (`<<`) are applied, keys become strings, a repeated key keeps its last value, and the empty text is
/// null, all as in the YAML library of client-go.
pub(crate) fn yaml(bytes: &[u8]) -> Result<Value, Problem> {
    let Some(document) = serde_yaml::Deserializer::from_slice(bytes).next() else {
        return Ok(Value::Null);
    };
    let budget = Budget::default();
    Node(&budget)
        .deserialize(document)
        .map_err(|error| syntax::problem(&error, budget.reason.get()))
}

/// What may still be built, and why building was stopped.
struct Budget {
    left: Cell<usize>,
    reason: Cell<Option<&'static str>>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            left: Cell::new(BUDGET),
            reason: Cell::new(None),
        }
    }
}

impl Budget {
    fn pay<E: serde::de::Error>(&self, bytes: usize) -> Result<(), E> {
        match self.left.get().checked_sub(NODE + bytes) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(self.stop("it expands to more than 64 MiB")),
        }
    }

    fn stop<E: serde::de::Error>(&self, reason: &'static str) -> E {
        self.reason.set(Some(reason));
        E::custom(reason)
    }
}

/// Builds a value.
#[derive(Clone, Copy)]
struct Node<'b>(&'b Budget);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value without a tag")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value, E> {
        self.0.pay(0)?;
        Ok(Value::Null)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Value, E> {
        self.0.pay(0)?;
        Ok(value.into())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        self.0.pay(0)?;
        Ok(value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        self.0.pay(0)?;
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        self.0.pay(0)?;
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| self.0.stop("it has a number that is not finite"))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.0.pay(value.len())?;
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.0.pay(0)?;
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.0.pay(0)?;
        let mut map = Map::new();
        let mut merged = None;
        while let Some(key) = entries.next_key_seed(self)? {
            let value = entries.next_value_seed(self)?;
            match self.key(key)? {
                key if key == "<<" => merged = Some(value),
                key => {
                    map.insert(key, value);
                }
            }
        }
        if let Some(merged) = merged {
            self.merge(&mut map, merged)?;
        }
        Ok(Value::Object(map))
    }
}

impl Node<'_> {
    /// Makes a key a string, as JSON wants it.
    fn key<E: serde::de::Error>(self, key: Value) -> Result<String, E> {
        match key {
            Value::String(key) => Ok(key),
            Value::Null => Ok("null".to_owned()),
            Value::Bool(key) => Ok(key.to_string()),
            Value::Number(key) => Ok(key.to_string()),
            Value::Array(_) | Value::Object(_) => {
                Err(self.0.stop("it has a key that is a list or a mapping"))
            }
        }
    }

    /// Adds the entries of one or several mappings that are not in the map yet.
    fn merge<E: serde::de::Error>(
        self,
        map: &mut Map<String, Value>,
        from: Value,
    ) -> Result<(), E> {
        match from {
            Value::Object(entries) => {
                for (key, value) in entries {
                    map.entry(key).or_insert(value);
                }
                Ok(())
            }
            Value::Array(mappings) if mappings.iter().all(Value::is_object) => mappings
                .into_iter()
                .try_for_each(|mapping| self.merge(map, mapping)),
            _ => Err(self
                .0
                .stop("it merges (<<) something that is not a mapping")),
        }
    }
}
