//! The annotation in which `kubectl apply` keeps what it has applied, when it does not leave that to the server.

use serde_json::{Map, Value};

use super::compare::Comparison;
use super::own;
use super::schemas::Schemas;
use super::set::Set;
use crate::object::Types;

/// The manager that kubectl applies as. For any other the annotation means nothing.
pub(super) const MANAGER: &str = "kubectl";
const ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The fields that kubectl has applied by itself and that still are what it has made them; none if there are no such.
pub(super) fn fields(schemas: &Schemas, live: &Value) -> Option<Set> {
    let applied = live["metadata"]["annotations"][ANNOTATION].as_str()?;
    let mut applied: Map<String, Value> = serde_json::from_str(applied).ok()?;
    let version = schemas.api_version();
    if applied.remove("apiVersion")?.as_str() != Some(version) {
        return None;
    }
    applied.remove("kind");
    let applied = Value::Object(applied);
    let shape = schemas.get(version)?;
    super::check::check(shape, &applied).ok()?;
    let changes = Comparison::of(shape, &applied, live);
    let fields = own::fields_of(shape, &applied);
    let fields = fields
        .difference(&changes.modified)
        .difference(&changes.added);
    Some(fields.difference(&changes.removed))
}

/// Brings the annotation of an object that has one in line with what has been applied.
pub(super) fn renew(object: &mut Value, applied: &Value, types: &Types) {
    let annotation = object
        .pointer_mut("/metadata/annotations")
        .and_then(|annotations| annotations.get_mut(ANNOTATION));
    if let Some(annotation) = annotation
        && annotation.as_str().is_some_and(|text| !text.is_empty())
    {
        *annotation = encode(applied.clone(), types).into();
    }
}

/// As kubectl would write it: one line, sorted, and safe in HTML.
fn encode(mut applied: Value, types: &Types) -> String {
    if let Some(Value::Object(annotations)) = applied.pointer_mut("/metadata/annotations") {
        annotations.remove(ANNOTATION);
    }
    if let Value::Object(applied) = &mut applied {
        applied.insert("apiVersion".to_owned(), types.api_version().into());
        applied.insert("kind".to_owned(), types.kind().into());
    }
    let mut text = super::v1::escaped(applied.to_string());
    text.push('\n');
    text
}
