//! Sets of paths as `metadata.managedFields` has them: the format `FieldsV1`.
//!
//! A path is a chain of members: `f:` begins the name of a field, `k:` the keys of an item, `v:` the value of an item of a set, `i:` an
//! index. A member without content is in the set; one with content is when it has the member `.`.

use serde_json::{Map, Value};

use super::element::{Element, Scalar};
use super::set::{Node, Set};

/// The set as a document.
pub(crate) fn encode(set: &Set) -> Value {
    let mut members = Map::new();
    encode_into(set, &mut members);
    Value::Object(members)
}

fn encode_into(set: &Set, members: &mut Map<String, Value>) {
    for (element, node) in set.iter() {
        let mut content = Map::new();
        if node.owned && !node.below.is_empty() {
            content.insert(".".to_owned(), Value::Object(Map::new()));
        }
        encode_into(&node.below, &mut content);
        members.insert(name_of(element), Value::Object(content));
    }
}

/// The set in a document.
///
/// # Errors
///
/// Fails with a text for what is no such set. Elements of a kind that is not known are left out.
pub(crate) fn decode(fields: &Value) -> Result<Set, String> {
    Ok(decode_node(fields)?.below)
}

fn decode_node(value: &Value) -> Result<Node, String> {
    let members = match value {
        Value::Object(members) => members,
        Value::Null => return Ok(Node::leaf()),
        other => return Err(format!("{other} is no set of fields")),
    };
    let mut node = Node::default();
    for (name, content) in members {
        if name == "." {
            node.owned = true;
        } else if let Some(element) = element_of(name)? {
            node.below.put(element, decode_node(content)?);
        }
    }
    if node.below.is_empty() {
        node.owned = true;
    }
    Ok(node)
}

fn name_of(element: &Element) -> String {
    match element {
        Element::Field(name) => format!("f:{name}"),
        Element::Keys(keys) => {
            let members = keys.iter().map(|(name, value)| {
                let name = Value::from(name.as_str());
                format!("{name}:{}", value.to_json())
            });
            escaped(format!("k:{{{}}}", members.collect::<Vec<_>>().join(",")))
        }
        Element::Item(value) => escaped(format!("v:{}", value.to_json())),
        Element::Index(at) => format!("i:{at}"),
    }
}

/// The API server writes JSON so that it can stand in HTML.
pub(super) fn escaped(json: String) -> String {
    const ESCAPES: [(char, &str); 5] = [
        ('<', "\\u003c"),
        ('>', "\\u003e"),
        ('&', "\\u0026"),
        ('\u{2028}', "\\u2028"),
        ('\u{2029}', "\\u2029"),
    ];
    let needs = |json: &str| json.contains(ESCAPES.map(|(character, _)| character));
    if !needs(&json) {
        return json;
    }
    let replace =
        |json: String, (character, escape): &(char, &str)| json.replace(*character, escape);
    ESCAPES.iter().fold(json, replace)
}

fn element_of(name: &str) -> Result<Option<Element>, String> {
    let Some((kind, rest)) = name.split_once(':') else {
        return Err(format!("{name:?} is no element of a path"));
    };
    let invalid =
        |error: &dyn std::fmt::Display| format!("{name:?} is no element of a path: {error}");
    Ok(match kind {
        "f" => Some(Element::field(rest)),
        "v" => {
            let value: Value = serde_json::from_str(rest).map_err(|error| invalid(&error))?;
            Some(Element::Item(Scalar::of(&value)))
        }
        "k" => {
            let keys: Map<String, Value> =
                serde_json::from_str(rest).map_err(|error| invalid(&error))?;
            let keys = keys
                .into_iter()
                .map(|(name, value)| (name, Scalar::of(&value)));
            Some(Element::Keys(keys.collect()))
        }
        "i" => Some(Element::Index(
            rest.parse().map_err(|error| invalid(&error))?,
        )),
        _ => None,
    })
}
