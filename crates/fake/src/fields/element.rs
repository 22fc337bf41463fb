//! One step of a path into a document.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

/// How a child is found in its parent: a field by name, an item of a list by its keys, its value, or its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Element {
    /// A field of an object, or a value of a map.
    Field(String),
    /// The item with these values in these fields, sorted by field.
    Keys(Vec<(String, Scalar)>),
    /// The item of a set that is this.
    Item(Scalar),
    /// The item at this place.
    Index(i64),
}

/// What an item of a list is known by. Numbers come first, and equal ones are the same however they are written.
#[derive(Clone, Debug)]
pub(crate) enum Scalar {
    Integer(i64),
    Float(f64),
    Text(String),
    Bool(bool),
    /// Something that is no scalar, as JSON. No schema allows it, but a client can write it into `managedFields`.
    Other(String),
}

impl Element {
    pub(crate) fn field(name: &str) -> Element {
        Element::Field(name.to_owned())
    }
}

impl Scalar {
    pub(crate) fn of(value: &Value) -> Scalar {
        match value {
            Value::Bool(value) => Scalar::Bool(*value),
            Value::String(text) => Scalar::Text(text.clone()),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => Scalar::Integer(integer),
                (None, Some(float)) => Scalar::Float(float),
                (None, None) => Scalar::Other(number.to_string()),
            },
            other => Scalar::Other(other.to_string()),
        }
    }

    /// As JSON.
    pub(super) fn to_json(&self) -> String {
        match self {
            Scalar::Integer(integer) => integer.to_string(),
            Scalar::Float(float) => Value::from(*float).to_string(),
            Scalar::Text(text) => Value::from(text.as_str()).to_string(),
            Scalar::Bool(value) => value.to_string(),
            Scalar::Other(json) => json.clone(),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Scalar::Integer(_) | Scalar::Float(_) => 0,
            Scalar::Text(_) => 1,
            Scalar::Bool(_) => 2,
            Scalar::Other(_) => 3,
        }
    }
}

impl Ord for Scalar {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Scalar::Integer(a), Scalar::Integer(b)) => a.cmp(b),
            (Scalar::Float(a), Scalar::Float(b)) => a.total_cmp(b),
            // What no float can tell apart is ordered by kind, so that the order stays one.
            (Scalar::Integer(a), Scalar::Float(b)) => compare_mixed(*a, *b),
            (Scalar::Float(a), Scalar::Integer(b)) => compare_mixed(*b, *a).reverse(),
            (Scalar::Text(a), Scalar::Text(b)) | (Scalar::Other(a), Scalar::Other(b)) => a.cmp(b),
            (Scalar::Bool(a), Scalar::Bool(b)) => a.cmp(b),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }
}

/// Small integers equal the float of the same value; beyond what a float holds exactly, an integer comes before it.
fn compare_mixed(integer: i64, float: f64) -> Ordering {
    const EXACT: u64 = 1 << 53;
    #[allow(
        clippy::cast_precision_loss,
        reason = "ties of large numbers are broken below"
    )]
    let order = (integer as f64).total_cmp(&float);
    match order {
        Ordering::Equal if integer.unsigned_abs() > EXACT => Ordering::Less,
        order => order,
    }
}

impl PartialOrd for Scalar {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Scalar {}

/// As in the paths of conflicts: `.spec`, `[name="a"]`, `[="x"]`, `[0]`.
impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Element::Field(name) => write!(f, ".{name}"),
            Element::Keys(keys) => {
                f.write_str("[")?;
                for (at, (name, value)) in keys.iter().enumerate() {
                    let separator = if at == 0 { "" } else { "," };
                    write!(f, "{separator}{name}={}", value.to_json())?;
                }
                f.write_str("]")
            }
            Element::Item(value) => write!(f, "[={}]", value.to_json()),
            Element::Index(at) => write!(f, "[{at}]"),
        }
    }
}
