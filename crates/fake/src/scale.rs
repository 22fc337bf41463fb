//! The scale subresource: the number of replicas of anything that has one, in one form for all kinds.

mod owners;
mod paths;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::answer::{Answer, Payload};
use crate::failure::{self, Failure, FieldError};
use crate::fields::{Schemas, Set, Tracked, Writer};
use crate::object::{Content, Object, Types};
use crate::patch::Patch;
use crate::request::{ApiRequest, Document, Managing, Operation, WriteOptions};
use crate::schema::Schema;
use crate::verbs;
use crate::world::World;
use paths::Paths;

/// Carries out a request for a scale.
///
/// A write is an update of the object itself, based on the version that was read, so it has all an update has: conflicts, rules and
/// generations.
///
/// # Errors
///
/// Fails with what the API server would say.
pub(crate) fn execute(world: &Arc<World>, request: &ApiRequest) -> Result<Answer, Failure> {
    let paths = Paths::of(&request.resource);
    match &request.operation {
        Operation::Get { .. } => {
            let object = current(world, request)?;
            answer(&paths, &object)
        }
        Operation::Update { options, body } => {
            update(world, request, &paths, options, |writer, old| {
                Ok(writer.updated(old, body.clone()))
            })
        }
        Operation::Patch { options, patch } => {
            let patch = Patch::parse(patch, Schema::Unknown)?;
            update(world, request, &paths, options, |writer, old| {
                match patch.apply(with_types(old.clone()))? {
                    Value::Object(new) => Ok(writer.updated(old, new)),
                    _ => Err(failure::bad_request("a scale must be an object")),
                }
            })
        }
        Operation::Apply { options, config } => {
            update(world, request, &paths, options, |writer, old| {
                writer.applied(Some(old), config, &types())
            })
        }
        _ => Err(failure::method_not_allowed()),
    }
}

fn types() -> Types {
    Types::new("autoscaling", "v1", "Scale")
}

fn current(world: &World, request: &ApiRequest) -> Result<Object, Failure> {
    let key = match &request.namespace {
        Some(namespace) => format!("{namespace}/{}", request.name),
        None => request.name.clone(),
    };
    let found = world.store.get(&request.resource.storage, &key);
    found.ok_or_else(|| failure::not_found(&request.resource, &request.name))
}

fn update(
    world: &Arc<World>,
    request: &ApiRequest,
    paths: &Paths,
    options: &WriteOptions,
    make: impl Fn(&Writer<'_>, &Document) -> Result<Tracked, Failure>,
) -> Result<Answer, Failure> {
    let fields = owners::fields(world, request);
    let schemas = Schemas::built_in(types().api_version(), types().kind());
    let writer = Writer {
        schemas: &schemas,
        name: options.field_manager.clone(),
        subresource: "scale",
        ignored: Set::default(),
        now: world.clock.now(),
    };
    loop {
        let object = current(world, request)?;
        let mut document = Value::Object(object.document());
        let mut scale = scale(paths, &document)?;
        let entries = fields.of_scale(owners::entries(&document));
        owners::put(&mut scale, entries);
        let wanted = make(&writer, &scale)?;
        let entries = fields.of_object(owners::entries(&document), wanted.managed_fields.as_ref());
        let wanted = Value::Object(wanted.document);
        check(request, &object, &wanted)?;
        let replicas = replicas(request, &wanted)?;
        paths.set_replicas(&mut document, replicas);
        owners::put_in(&mut document, entries);
        let Value::Object(body) = document else {
            return Err(failure::unexpected("the object has no fields"));
        };
        let whole = ApiRequest {
            subresource: None,
            operation: Operation::Update {
                options: WriteOptions {
                    managing: Managing::Settled,
                    ..options.clone()
                },
                body,
            },
            ..request.clone()
        };
        match verbs::execute(world, whole) {
            Ok(Answer {
                payload: Payload::Object { object, .. },
                ..
            }) => return answer(paths, &object),
            Ok(other) => return Ok(other),
            // Somebody else was faster. Whoever insists on a version is refused in the next round.
            Err(status) if status.is_conflict() => {}
            Err(status) => return Err(status),
        }
    }
}

fn with_types(mut scale: Document) -> Value {
    scale.insert("kind".to_owned(), types().kind().into());
    scale.insert("apiVersion".to_owned(), types().api_version().into());
    Value::Object(scale)
}

/// Checks that a scale is that of the object, and of the version that it insists on.
fn check(request: &ApiRequest, object: &Object, wanted: &Value) -> Result<(), Failure> {
    let metadata = &wanted["metadata"];
    let (url, name) = (&request.name, metadata["name"].as_str().unwrap_or_default());
    if name != url {
        return Err(failure::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({url})"
        )));
    }
    match metadata["resourceVersion"].as_str() {
        None | Some("") => Ok(()),
        Some(version) if version == object.revision().to_string() => Ok(()),
        Some(_) => Err(failure::stale(&request.resource, url)),
    }
}

/// The number that is asked for; none is zero.
fn replicas(request: &ApiRequest, wanted: &Value) -> Result<i64, Failure> {
    let replicas = match &wanted["spec"]["replicas"] {
        Value::Null => 0,
        number => number
            .as_i64()
            .and_then(|number| i32::try_from(number).ok())
            .map(i64::from)
            .ok_or_else(|| {
                failure::bad_request(format!("spec.replicas: {number} is no 32 bit integer"))
            })?,
    };
    if replicas < 0 {
        let error = FieldError::invalid(
            "spec.replicas",
            replicas,
            "must be greater than or equal to 0",
        );
        return Err(match request.resource.is_custom() {
            true => failure::invalid(&request.resource, &request.name, error.into()),
            false => failure::invalid_kind("autoscaling", "Scale", &request.name, error.into()),
        });
    }
    Ok(replicas)
}

fn answer(paths: &Paths, object: &Object) -> Result<Answer, Failure> {
    let document = Value::Object(object.document());
    let scale = Content::new(scale(paths, &document)?, Vec::new());
    Ok(Answer::object(
        types(),
        Object::unstored(scale).at(object.revision()),
    ))
}

/// The scale of an object, without types.
fn scale(paths: &Paths, document: &Value) -> Result<Document, Failure> {
    let kept = [
        "name",
        "namespace",
        "uid",
        "resourceVersion",
        "creationTimestamp",
    ];
    let metadata = document["metadata"].as_object().into_iter().flatten();
    let metadata: Document = metadata
        .filter(|(field, _)| kept.contains(&field.as_str()))
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect();
    let mut spec = json!({});
    match paths.replicas(document)? {
        0 => {}
        replicas => spec["replicas"] = replicas.into(),
    }
    let mut status = json!({"replicas": paths.current_replicas(document)});
    match paths.selector(document) {
        selector if selector.is_empty() => {}
        selector => status["selector"] = selector.into(),
    }
    let fields = [
        ("metadata", Value::Object(metadata)),
        ("spec", spec),
        ("status", status),
    ];
    Ok(fields
        .into_iter()
        .map(|(field, value)| (field.to_owned(), value))
        .collect())
}
