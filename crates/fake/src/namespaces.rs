//! Namespaces: those that exist from the start, what can be created in which, and how they go away.

mod controller;

use serde_json::{Map, Value, json};

use crate::clock::Clock;
use crate::failure::{self, Failure, FieldError, FieldErrors};
use crate::fields::{Schemas, Writer};
use crate::meta;
use crate::object::Content;
use crate::registry::{Resource, StorageKey};
use crate::request::Document;
use crate::strategy::{Part, Strategy, Write};
use crate::world::World;

pub(crate) use controller::Emptier;

/// The namespaces that every cluster has.
const SYSTEM: &[&str] = &["default", "kube-node-lease", "kube-public", "kube-system"];
const NAME_LABEL: &str = "kubernetes.io/metadata.name";
const FINALIZER: &str = "kubernetes";

/// Creates the namespaces that every cluster has.
pub(crate) fn create_system(world: &World) {
    let storage = storage();
    let strategy = Strategy::of_built_in("", "namespaces");
    let schemas = Schemas::built_in("v1", "Namespace");
    let writer = Writer::of_server(&schemas, "", &world.clock);
    for name in SYSTEM {
        let mut document = Document::new();
        let metadata = meta::of_mut(&mut document);
        metadata.insert("name".to_owned(), (*name).into());
        meta::complete(metadata, &strategy, &world.clock, &world.ids);
        label(metadata);
        writer.note(None, &mut document);
        document.insert("spec".to_owned(), json!({"finalizers": [FINALIZER]}));
        document.insert("status".to_owned(), json!({"phase": "Active"}));
        let fields = strategy.field_values(&document);
        // In a new store nothing can be in the way.
        let _ = world.store.create(&storage, Content::new(document, fields));
    }
}

/// Refuses new objects in namespaces that do not exist or are going away.
pub(crate) fn check_creation(
    world: &World,
    resource: &Resource,
    body: &Document,
) -> Result<(), Failure> {
    let metadata = meta::of(body);
    let namespace = meta::text(metadata, "namespace");
    if namespace.is_empty() {
        return Ok(());
    }
    let Some(found) = world.store.get(&storage(), namespace) else {
        return Err(failure::namespace_not_found(namespace));
    };
    if found.content().is_doomed() {
        let name = meta::text(metadata, "name");
        return Err(failure::namespace_terminating(resource, name, namespace));
    }
    Ok(())
}

/// Labels a namespace that has a name with it.
pub(crate) fn add_label(document: &mut Document) {
    let metadata = meta::of_mut(document);
    if !meta::text(metadata, "name").is_empty() {
        label(metadata);
    }
}

/// Keeps the label and the finalizers of a namespace as they must be.
pub(crate) fn prepare(write: &Write<'_>, new: &mut Document) -> FieldErrors {
    label(meta::of_mut(new));
    match (write.old, write.part) {
        (None, _) => add_finalizer(new),
        (Some(_), Part::Finalizers) => drop_empty(new),
        (Some(old), _) => {
            let finalizers = old.get("spec").map(|spec| &spec["finalizers"]);
            let finalizers = finalizers.cloned().unwrap_or_default();
            spec(new).insert("finalizers".to_owned(), finalizers);
            drop_empty(new);
        }
    }
    match write.part {
        Part::Status => check_phase(new),
        _ => FieldErrors::default(),
    }
}

/// A namespace is `Active` until its deletion begins, and `Terminating` from then on.
fn check_phase(new: &mut Document) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let (wanted, when) = match meta::is_doomed(meta::of(new)) {
        true => ("Terminating", "not empty"),
        false => ("Active", "empty"),
    };
    let status = meta::member(new, "status");
    let phase = status.entry("phase").or_insert_with(|| "Active".into());
    if phase != wanted {
        let problem = format!("may only be '{wanted}' if `deletionTimestamp` is {when}");
        errors.push(FieldError::invalid("status.Phase", phase.clone(), problem));
    }
    errors
}

/// Shows in a namespace that its deletion has begun.
pub(crate) fn begin_deletion(_: &Clock, document: &mut Document) {
    let status = meta::member(document, "status");
    status.insert("phase".to_owned(), "Terminating".into());
}

fn storage() -> StorageKey {
    StorageKey::new("", "namespaces")
}

fn label(metadata: &mut meta::Metadata) {
    let name = meta::text(metadata, "name").to_owned();
    let labels = metadata.entry("labels").or_insert_with(|| json!({}));
    if let Value::Object(labels) = labels {
        labels.insert(NAME_LABEL.to_owned(), name.into());
    }
}

fn add_finalizer(document: &mut Document) {
    let finalizers = spec(document).entry("finalizers").or_insert(Value::Null);
    if !finalizers.is_array() {
        *finalizers = json!([]);
    }
    if let Value::Array(finalizers) = finalizers
        && !finalizers.iter().any(|known| known == FINALIZER)
    {
        finalizers.push(FINALIZER.into());
    }
}

fn drop_empty(document: &mut Document) {
    let spec = spec(document);
    let is_empty = match spec.get("finalizers") {
        Some(Value::Array(finalizers)) => finalizers.is_empty(),
        _ => true,
    };
    if is_empty {
        spec.remove("finalizers");
    }
}

fn spec(document: &mut Document) -> &mut Map<String, Value> {
    meta::member(document, "spec")
}
