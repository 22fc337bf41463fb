//! Which fields belong to whom, for every verb that writes.

use serde_json::Value;

use super::call::Call;
use crate::failure::Failure;
use crate::fields::{Config, Schemas, Set, Tracked, Writer};
use crate::meta;
use crate::request::{Document, Managing, WriteOptions};
use crate::strategy::{Part, StatusUpdate};

/// Notes who created an object.
pub(super) fn created(call: &Call<'_>, options: &WriteOptions, document: Document) -> Tracked {
    let schemas = schemas(call);
    writer(call, options, &schemas).created(document)
}

/// Notes who changed what in an object.
pub(super) fn updated(
    call: &Call<'_>,
    options: &WriteOptions,
    old: &Document,
    mut new: Document,
) -> Tracked {
    if options.managing == Managing::Settled {
        let managed_fields = meta::of_mut(&mut new).remove("managedFields");
        return Tracked {
            document: new,
            managed_fields,
        };
    }
    let schemas = schemas(call);
    writer(call, options, &schemas).updated(old, new)
}

/// What becomes of an object, or of nothing, when a document is applied to it.
pub(super) fn applied(
    call: &Call<'_>,
    options: &WriteOptions,
    old: Option<&Document>,
    config: &Config,
) -> Result<Tracked, Failure> {
    let schemas = schemas(call);
    writer(call, options, &schemas).applied(old, config, &call.resource.types)
}

/// Gives an object its `managedFields`.
pub(super) fn put(document: &mut Document, managed_fields: Option<Value>) {
    let metadata = meta::of_mut(document);
    match managed_fields {
        Some(entries) => metadata.insert("managedFields".to_owned(), entries),
        None => metadata.remove("managedFields"),
    };
}

fn schemas(call: &Call<'_>) -> Schemas {
    Schemas::of(&call.resource, &call.world.registry.snapshot())
}

fn writer<'a>(call: &Call<'_>, options: &WriteOptions, schemas: &'a Schemas) -> Writer<'a> {
    Writer {
        schemas,
        name: options.field_manager.clone(),
        subresource: call.part.subresource(),
        ignored: ignored(call),
        now: call.world.clock.now(),
    }
}

/// What a write cannot change: nobody comes to own it by trying.
fn ignored(call: &Call<'_>) -> Set {
    let status: &[&str] = &["status"];
    match (call.part, call.resource.strategy.status_update) {
        (Part::Main, _) if call.resource.subresource("status").is_some() => Set::of_names([status]),
        (Part::Main, _) => Set::default(),
        (Part::Finalizers, _) => Set::of_names([status]),
        (Part::EphemeralContainers | Part::Resources, _) => {
            Set::of_names([&["metadata"][..], status])
        }
        (Part::Approval, _) => Set::of_names([&["spec"][..]]),
        (Part::Status, StatusUpdate::Nothing) => Set::of_names([&["metadata"][..], &["spec"][..]]),
        (Part::Status, StatusUpdate::MetadataBut(kept)) => {
            let mut ignored = Set::of_names([&["spec"][..]]);
            for field in kept {
                ignored.extend(&Set::of_names([&["metadata", *field][..]]));
            }
            ignored
        }
    }
}
