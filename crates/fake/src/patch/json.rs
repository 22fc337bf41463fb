//! JSON patches (RFC 6902), with the liberties that the API server takes: replacing a missing member adds it, a missing value equals
//! null in a test, and negative indexes count from the end.

use serde::Deserialize;
use serde_json::Value;

use super::pointer::{self, Pointer};
use crate::failure::{self, Failure};

/// One step of a patch.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub(crate) enum Operation {
    Add {
        path: Pointer,
        #[serde(default)]
        value: Value,
    },
    Remove {
        path: Pointer,
    },
    Replace {
        path: Pointer,
        #[serde(default)]
        value: Value,
    },
    Move {
        from: Pointer,
        path: Pointer,
    },
    Copy {
        from: Pointer,
        path: Pointer,
    },
    Test {
        path: Pointer,
        #[serde(default)]
        value: Value,
    },
}

/// Reads a patch.
///
/// # Errors
///
/// 400 if it is not a list of objects, 422 if one of them is not a step.
pub(super) fn parse(body: &[u8]) -> Result<Vec<Operation>, Failure> {
    let steps: Vec<serde_json::Map<String, Value>> =
        serde_json::from_slice(body).map_err(failure::bad_request)?;
    let steps = steps.into_iter().map(Value::Object);
    steps
        .map(|step| Operation::deserialize(step).map_err(failure::unprocessable))
        .collect()
}

impl Operation {
    /// Carries out one step.
    pub(super) fn apply(&self, document: &mut Value) -> Result<(), String> {
        match self {
            Operation::Add { path, value } => add(document, path, value.clone()),
            Operation::Remove { path } => remove(document, path).map(drop),
            Operation::Replace { path, value } => replace(document, path, value.clone()),
            Operation::Move { from, path } => {
                let value = remove(document, from)?;
                add(document, path, value)
            }
            Operation::Copy { from, path } => {
                let value = from.resolve(document).cloned().unwrap_or_default();
                add(document, path, value)
            }
            Operation::Test { path, value } => test(document, path, value),
        }
    }
}

fn add(document: &mut Value, path: &Pointer, value: Value) -> Result<(), String> {
    let Some((parents, last)) = path.split() else {
        *document = value;
        return Ok(());
    };
    match pointer::resolve_mut(document, parents) {
        Some(Value::Object(members)) => {
            members.insert(last.to_owned(), value);
            Ok(())
        }
        Some(Value::Array(items)) => {
            // One more than there are: an item can be put after the last.
            let at = match last {
                "-" => Some(items.len()),
                last => pointer::index(last, items.len() + 1),
            };
            items.insert(at.ok_or_else(|| missing("add", path))?, value);
            Ok(())
        }
        _ => Err(missing("add", path)),
    }
}

fn remove(document: &mut Value, path: &Pointer) -> Result<Value, String> {
    let missing = || missing("remove", path);
    let (parents, last) = path.split().ok_or_else(missing)?;
    match pointer::resolve_mut(document, parents) {
        Some(Value::Object(members)) => members.remove(last).ok_or_else(missing),
        Some(Value::Array(items)) => {
            let at = pointer::index(last, items.len()).ok_or_else(missing)?;
            Ok(items.remove(at))
        }
        _ => Err(missing()),
    }
}

fn replace(document: &mut Value, path: &Pointer, value: Value) -> Result<(), String> {
    let Some((parents, last)) = path.split() else {
        *document = value;
        return Ok(());
    };
    match pointer::resolve_mut(document, parents) {
        Some(Value::Object(members)) => {
            members.insert(last.to_owned(), value);
            Ok(())
        }
        Some(Value::Array(items)) => {
            let at = pointer::index(last, items.len());
            let item = at.and_then(|at| items.get_mut(at));
            *item.ok_or_else(|| missing("replace", path))? = value;
            Ok(())
        }
        _ => Err(missing("replace", path)),
    }
}

fn test(document: &Value, path: &Pointer, value: &Value) -> Result<(), String> {
    let found = path.resolve(document).unwrap_or(&Value::Null);
    if found == value {
        return Ok(());
    }
    Err(format!("testing path {}: test failed", path.as_str()))
}

fn missing(operation: &str, path: &Pointer) -> String {
    format!(
        "{operation} operation does not apply: doc is missing path: {}",
        path.as_str()
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patched(mut document: Value, steps: Value) -> Result<Value, String> {
        let steps = parse(steps.to_string().as_bytes()).map_err(|status| status.message)?;
        for step in &steps {
            step.apply(&mut document)?;
        }
        Ok(document)
    }

    #[test]
    fn steps_apply_in_order() {
        let steps = json!([
            {"op": "add", "path": "/a~1b", "value": 1},
            {"op": "copy", "from": "/a~1b", "path": "/m~0n"},
            {"op": "move", "from": "/a~1b", "path": "/list/0"},
            {"op": "add", "path": "/list/-", "value": 9},
            {"op": "test", "path": "/list", "value": [1, 5, 9]},
            {"op": "remove", "path": "/list/1"},
        ]);
        let result = patched(json!({"list": [5]}), steps);
        assert_eq!(result, Ok(json!({"list": [1, 9], "m~n": 1})));
    }

    #[test]
    fn takes_the_liberties_of_the_api_server() {
        let steps = json!([
            {"op": "replace", "path": "/new", "value": 1},
            {"op": "test", "path": "/none/at/all", "value": null},
            {"op": "replace", "path": "/list/-1", "value": "last"},
        ]);
        let result = patched(json!({"list": [1, 2]}), steps);
        assert_eq!(result, Ok(json!({"list": [1, "last"], "new": 1})));
    }

    #[test]
    fn refuses_what_does_not_fit() {
        for step in [
            json!({"op": "remove", "path": "/none"}),
            json!({"op": "add", "path": "/none/x", "value": 1}),
            json!({"op": "add", "path": "/list/3", "value": 1}),
            json!({"op": "replace", "path": "/list/2", "value": 1}),
            json!({"op": "test", "path": "/list/0", "value": 2}),
            json!({"op": "move", "from": "/none", "path": "/x"}),
            json!({"op": "remove", "path": ""}),
            json!({"op": "add", "path": "list", "value": 1}),
            json!({"op": "frobnicate", "path": "/list"}),
        ] {
            let result = patched(json!({"list": [1, 2]}), json!([step]));
            assert!(result.is_err(), "{step} gives {result:?}");
        }
    }
}
