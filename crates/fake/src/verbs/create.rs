//! POST of a new object.

use serde_json::Value;

use super::call::Call;
use super::tidy::tidy;
use super::{oddities, tracking, write};
use crate::answer::Answer;
use crate::crd;
use crate::failure::{self, Failure};
use crate::fields::Tracked;
use crate::meta;
use crate::namespaces;
use crate::object::Object;
use crate::request::{Document, WriteOptions};
use crate::rules;
use crate::store::Exists;
use crate::strategy::InitialStatus;

/// How often another name is tried when a generated one is taken.
const NAME_ATTEMPTS: usize = 8;

pub(super) fn create(
    call: &Call<'_>,
    options: &WriteOptions,
    mut body: Document,
) -> Result<Answer, Failure> {
    let is_custom = call.resource.is_custom();
    if !is_custom {
        reset_status(call, &mut body);
    }
    let unknown = tidy(call, &mut body).map_err(|error| write::undecodable(call, &error))?;
    let mut warnings = oddities::judge(call, options, unknown)?;
    if is_custom {
        // Only now, because a definition may have defaults for it.
        reset_status(call, &mut body);
        warnings.extend(meta::odd_finalizers(
            meta::of(&body),
            &meta::Metadata::new(),
        ));
    }
    call.settle_namespace(&mut body)?;
    let answer = insert(call, options, tracking::created(call, options, body))?;
    Ok(answer.warned(warnings))
}

/// Stores a new object that has the form of its kind.
pub(super) fn insert(
    call: &Call<'_>,
    options: &WriteOptions,
    new: Tracked,
) -> Result<Answer, Failure> {
    let mut body = new.document;
    namespaces::check_creation(call.world, &call.resource, &body)?;
    call.guard(None, &body)?;
    crd::check_creation(&call.resource, &body)?;
    tracking::put(&mut body, new.managed_fields);
    let attempts = if is_named_by_server(&body) {
        NAME_ATTEMPTS
    } else {
        1
    };
    for _ in 1..attempts {
        if let Ok(answer) = store(call, options, body.clone())? {
            return Ok(answer);
        }
    }
    store(call, options, body)?.map_err(|Exists(existing)| {
        let existing = existing.content();
        if existing.is_doomed() {
            failure::being_deleted(&call.resource, existing.name())
        } else {
            failure::already_exists(&call.resource, existing.name())
        }
    })
}

fn is_named_by_server(body: &Document) -> bool {
    let metadata = meta::of(body);
    meta::text(metadata, "name").is_empty() && !meta::text(metadata, "generateName").is_empty()
}

fn store(
    call: &Call<'_>,
    options: &WriteOptions,
    mut body: Document,
) -> Result<Result<Answer, Exists>, Failure> {
    complete(call, &mut body)?;
    if meta::of(&body).contains_key("resourceVersion") {
        return Err(failure::unexpected(
            "resourceVersion should not be set on objects to be created",
        ));
    }
    let content = call.content(body);
    let types = call.resource.types.clone();
    if options.dry_run {
        return Ok(match call.world.store.get(call.storage(), content.key()) {
            Some(existing) => Err(Exists(existing)),
            None => Ok(Answer::created(
                types,
                call.view(&Object::unstored(content)),
            )),
        });
    }
    let created = call.world.store.create(call.storage(), content);
    Ok(created.map(|object| {
        call.world.changed(call.storage(), object.content().key());
        Answer::created(types, call.view(&object))
    }))
}

/// Fills in what the server does and checks the result.
fn complete(call: &Call<'_>, body: &mut Document) -> Result<(), Failure> {
    let (world, strategy) = (call.world, &call.resource.strategy);
    if is_named_by_server(body) {
        let metadata = meta::of_mut(body);
        let name = meta::generated_name(metadata, &world.ids);
        metadata.insert("name".to_owned(), name.into());
    }
    meta::complete(meta::of_mut(body), strategy, &world.clock, &world.ids);
    let hooked = match strategy.hook {
        Some(hook) => hook(&call.write(None), body),
        None => Default::default(),
    };
    let mut errors = meta::validate(&call.resource, meta::of(body));
    errors.append(hooked);
    errors.append(call.check_custom(&call.write(None), body));
    errors.append_facts(rules::check(&call.resource, &call.write(None), body));
    if errors.is_empty() {
        return Ok(());
    }
    let name = meta::text(meta::of(body), "name");
    Err(failure::invalid(&call.resource, name, errors))
}

/// A status can only be written through its subresource, so a new object begins with that of its kind.
pub(super) fn reset_status(call: &Call<'_>, body: &mut Document) {
    if call.resource.subresource("status").is_none() {
        return;
    }
    match call.resource.strategy.initial_status {
        InitialStatus::Authored => {}
        InitialStatus::Absent => {
            body.remove("status");
        }
        InitialStatus::Fixed(json) => {
            let status: Value = serde_json::from_str(json).expect("the table has JSON");
            body.insert("status".to_owned(), status);
        }
    }
}
