//! YAML as the API server reads it: version 1.1, made into what JSON can say.
//!
//! The rules are those of `sigs.k8s.io/yaml`: only the first document counts, keys become texts, a key that is there twice has its last
//! value, and `<<` merges. What a client can make the server build is bounded: in depth, and in what aliases repeat.

use std::collections::HashMap;
use std::fmt;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value};

use super::scalar;

/// How many lists and maps may be within each other; as many as in JSON.
const DEEPEST: usize = 127;

/// How much of a document aliases may repeat, in bytes, roughly.
const MOST_REPEATED: usize = 16 * 1024 * 1024;

/// What a value takes beside its text, in bytes, roughly.
const WEIGHT: usize = 32;

/// A document that has been read.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) value: Value,
    /// What strict readers refuse: keys that are there twice, each with its line.
    pub(crate) repeated: Vec<String>,
}

/// Why something is no YAML, or none that JSON can say.
#[derive(Debug)]
pub(crate) struct ReadError(String);

impl Reading {
    /// What is odd about the document in the eyes of strict readers.
    pub(crate) fn oddity(&self) -> Option<String> {
        let lines = self.repeated.join("\n  ");
        (!lines.is_empty())
            .then(|| format!("error converting YAML to JSON: yaml: unmarshal errors:\n  {lines}"))
    }
}

/// Reads the first document; nothing reads as null.
///
/// # Errors
///
/// Fails for what is no YAML, and for what JSON cannot say.
pub(crate) fn read(bytes: &[u8]) -> Result<Reading, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(ReadError::new)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(ReadError::new)?;
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        builder.event(event, span.start.line())?;
    }
    Ok(Reading {
        value: builder.root.unwrap_or_default(),
        repeated: builder.repeated,
    })
}

#[derive(Debug, Default)]
struct Builder {
    root: Option<Value>,
    /// The lists and maps that have begun, outermost first.
    open: Vec<Open>,
    anchors: HashMap<usize, Value>,
    weight: usize,
    repeated: Vec<String>,
}

/// A list or a map that has begun, with its anchor (0 for none) and its line.
#[derive(Debug)]
struct Open {
    inside: Inside,
    anchor: usize,
    line: usize,
}

#[derive(Debug)]
enum Inside {
    List(Vec<Value>),
    /// The key is there when its value comes next.
    Map(Map<String, Value>, Option<Key>),
}

#[derive(Debug)]
enum Key {
    /// A key as JSON has it, and as it was written.
    Field(String, Value),
    /// `<<`
    Merge,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, line: usize) -> Result<(), ReadError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if self.is_at_key() && is_merge(&text, style, tag.as_deref()) {
                    self.key(Key::Merge);
                    return Ok(());
                }
                let value = scalar::resolve(&text, style == ScalarStyle::Plain, tag.as_deref());
                self.value(value.map_err(ReadError::new)?, anchor, line)
            }
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned().ok_or_else(|| {
                    ReadError::new("an anchor is not there, or contains its own alias")
                })?;
                self.weigh(&value)?;
                self.value(value, 0, line)
            }
            Event::SequenceStart(anchor, _) => self.open(Inside::List(Vec::new()), anchor, line),
            Event::MappingStart(anchor, _) => {
                self.open(Inside::Map(Map::new(), None), anchor, line)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            _ => Ok(()),
        }
    }

    fn open(&mut self, inside: Inside, anchor: usize, line: usize) -> Result<(), ReadError> {
        if self.open.len() == DEEPEST {
            return Err(ReadError::new(format!("line {line}: exceeded max depth")));
        }
        if self.is_at_key() {
            return Err(ReadError::new(format!("line {line}: invalid map key")));
        }
        self.open.push(Open {
            inside,
            anchor,
            line,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), ReadError> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let value = match open.inside {
            Inside::List(items) => Value::Array(items),
            Inside::Map(members, _) => Value::Object(members),
        };
        self.value(value, open.anchor, open.line)
    }

    /// Puts a value where it belongs: into the list or map that is open, or at the top.
    fn value(&mut self, value: Value, anchor: usize, line: usize) -> Result<(), ReadError> {
        if anchor != 0 {
            self.weigh(&value)?;
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut().map(|open| &mut open.inside) {
            None => self.root = Some(value),
            Some(Inside::List(items)) => items.push(value),
            Some(Inside::Map(members, key)) => match key.take() {
                None => *key = Some(Key::of(value, line)?),
                Some(Key::Field(name, written)) => {
                    if members.insert(name, value).is_some() {
                        self.repeated.push(repeated(&written, line));
                    }
                }
                Some(Key::Merge) => merge(members, value, line, &mut self.repeated)?,
            },
        }
        Ok(())
    }

    fn key(&mut self, next: Key) {
        if let Some(Inside::Map(_, key)) = self.open.last_mut().map(|open| &mut open.inside) {
            *key = Some(next);
        }
    }

    fn is_at_key(&self) -> bool {
        let open = self.open.last().map(|open| &open.inside);
        matches!(open, Some(Inside::Map(_, None)))
    }

    /// Counts what is repeated.
    fn weigh(&mut self, value: &Value) -> Result<(), ReadError> {
        self.weight = self.weight.saturating_add(weight(value));
        if self.weight > MOST_REPEATED {
            return Err(ReadError::new("document contains excessive aliasing"));
        }
        Ok(())
    }
}

impl Key {
    fn of(written: Value, line: usize) -> Result<Key, ReadError> {
        let name = match &written {
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => written.to_string(),
            _ => return Err(ReadError::new(format!("line {line}: unsupported map key"))),
        };
        Ok(Key::Field(name, written))
    }
}

fn is_merge(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> bool {
    text == "<<" && style == ScalarStyle::Plain && tag.is_none_or(|tag| tag.suffix == "merge")
}

/// Takes the members of a map, or of each of several maps, over into another. Of several, the first counts.
fn merge(
    members: &mut Map<String, Value>,
    value: Value,
    line: usize,
    strict: &mut Vec<String>,
) -> Result<(), ReadError> {
    let maps = match value {
        Value::Array(maps) => maps,
        map => vec![map],
    };
    for map in maps.into_iter().rev() {
        let Value::Object(map) = map else {
            let message = "map merge requires map or sequence of maps as the value";
            return Err(ReadError::new(message));
        };
        for (name, value) in map {
            let written = Value::from(name.as_str());
            if members.insert(name, value).is_some() {
                strict.push(repeated(&written, line));
            }
        }
    }
    Ok(())
}

fn repeated(key: &Value, line: usize) -> String {
    format!("line {line}: key {key} already set in map")
}

/// About what a value takes. No value is deeper than [`DEEPEST`].
fn weight(value: &Value) -> usize {
    let inside = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| name.len() + weight(value))
            .sum(),
        _ => 0,
    };
    WEIGHT + inside
}

impl ReadError {
    fn new(problem: impl fmt::Display) -> ReadError {
        ReadError(problem.to_string())
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error converting YAML to JSON: yaml: {}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(yaml: &str) -> Value {
        match read(yaml.as_bytes()) {
            Ok(reading) => reading.value,
            Err(error) => panic!("{error} in {yaml}"),
        }
    }

    #[test]
    fn only_the_first_document_counts() {
        assert_eq!(value("# one\n---\na: b\n---\n- [\n"), json!({"a": "b"}));
        assert_eq!(value(""), Value::Null);
    }

    #[test]
    fn keys_become_texts() {
        assert_eq!(
            value("{1: a, y: b, 'y': c, 0x10: d, 1.5: e}"),
            json!({"1": "a", "true": "b", "y": "c", "16": "d", "1.5": "e"})
        );
        assert!(read(b"~: a").is_err());
        assert!(read(b"[a]: b").is_err());
    }

    #[test]
    fn the_last_of_equal_keys_counts_and_is_reported() {
        let reading = read(b"a: 1\nb:\n  a: 2\na:\n  3\n").expect("it is YAML");
        assert_eq!(reading.value, json!({"a": 3, "b": {"a": 2}}));
        assert_eq!(reading.repeated, ["line 5: key \"a\" already set in map"]);
    }

    #[test]
    fn aliases_repeat_what_is_anchored() {
        assert_eq!(
            value("a: &x {b: [1]}\nc: *x\nd: &y text\n*y : e\n"),
            json!({"a": {"b": [1]}, "c": {"b": [1]}, "d": "text", "text": "e"})
        );
        assert!(read(b"a: &x [*x]").is_err());
    }

    #[test]
    fn merges_take_the_first_of_several_maps() {
        assert_eq!(
            value("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  c: 3\n")["z"],
            json!({"a": 1, "b": 1, "c": 3})
        );
        assert_eq!(value("'<<': 1"), json!({"<<": 1}));
        assert!(read(b"<<: 1").is_err());
    }

    #[test]
    fn what_a_small_document_can_blow_up_to_is_bounded() {
        let mut laughs = "a0: &a0 [lol]\n".to_owned();
        for level in 1..30 {
            let before = level - 1;
            laughs += &format!("a{level}: &a{level} [*a{before},*a{before},*a{before}]\n");
        }
        assert!(read(laughs.as_bytes()).is_err());
        assert!(read("[".repeat(100_000).as_bytes()).is_err());
        assert!(read("- ".repeat(100_000).as_bytes()).is_err());
        assert!(read("? ".repeat(100_000).as_bytes()).is_err());
    }
}
