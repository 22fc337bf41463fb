//! What PUT and PATCH have in common: from the object as it is and as it shall be to what is stored.

use std::fmt::Display;

use super::call::Call;
use super::{resource_version, tracking};
use crate::answer::Answer;
use crate::failure::{self, Failure, FieldError};
use crate::fields::Tracked;
use crate::kinds::pod;
use crate::meta;
use crate::object::{Content, Object};
use crate::request::{Document, WriteOptions};
use crate::rules;
use crate::store::Stale;
use crate::strategy::{Part, StatusUpdate};

/// Updates the object that the request names with what `make` makes of it, again if somebody else was faster.
pub(super) fn update(
    call: &Call<'_>,
    options: &WriteOptions,
    mut make: impl FnMut(&Object, &Document) -> Result<Tracked, Failure>,
) -> Result<Answer, Failure> {
    loop {
        let current = call.current()?;
        let old = call.view(&current).document();
        let wanted = make(&current, &old)?;
        check_version(call, &current, &wanted.document)?;
        let mut document = settle(call, &old, wanted.document)?;
        tracking::put(&mut document, wanted.managed_fields);
        if let Ok(object) = store(call, options, &current, document) {
            return Ok(call.answer(object));
        }
    }
}

/// Checks that an object is where the request says it is.
pub(super) fn check_place(call: &Call<'_>, document: &mut Document) -> Result<(), Failure> {
    let url = &call.name;
    match meta::text(meta::of(document), "name") {
        "" => Err(failure::bad_request(format!(
            "the name of the object ({url} based on URL) was undeterminable: name must be provided"
        ))),
        name if name != url => Err(failure::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({url})"
        ))),
        _ => call.settle_namespace(document),
    }
}

/// 400 for a body that is not an object of the resource.
pub(super) fn undecodable(call: &Call<'_>, error: &dyn Display) -> Failure {
    let (version, kind) = (&call.resource.version, &call.resource.kind);
    failure::bad_request(format!(
        "{kind} in version \"{version}\" cannot be handled as a {kind}: {error}"
    ))
}

fn check_version(call: &Call<'_>, current: &Object, wanted: &Document) -> Result<(), Failure> {
    let written = meta::text(meta::of(wanted), "resourceVersion");
    let based_on = resource_version::parse(written).map_err(failure::unexpected)?;
    if based_on != 0 && based_on != current.revision() {
        return Err(failure::stale(&call.resource, &call.name));
    }
    if based_on == 0 && !call.resource.strategy.unconditional_update {
        let path = "metadata.resourceVersion";
        let error = FieldError::invalid(path, 0, "must be specified for an update");
        // The store refuses this one, and it knows resources, not kinds.
        let resource = &call.resource;
        return Err(failure::invalid_kind(
            &resource.group,
            &resource.plural,
            &call.name,
            error.into(),
        ));
    }
    Ok(())
}

/// Keeps what the request may not change, moves the generation and checks the result.
fn settle(call: &Call<'_>, old: &Document, new: Document) -> Result<Document, Failure> {
    let mut new = confine(call, old, new);
    call.guard(Some(old), &new)?;
    meta::keep(meta::of(old), meta::of_mut(&mut new));
    let hooked = match call.resource.strategy.hook {
        Some(hook) => hook(&call.write(Some(old)), &mut new),
        None => Default::default(),
    };
    if call.part.is_counted() {
        meta::move_generation(&call.resource.strategy, old, &mut new);
    }
    let mut errors = meta::validate_update(&call.resource, meta::of(old), meta::of(&new));
    errors.append(hooked);
    errors.append(call.check_custom(&call.write(Some(old)), &new));
    errors.append_facts(rules::check(&call.resource, &call.write(Some(old)), &new));
    if errors.is_empty() {
        Ok(new)
    } else {
        Err(failure::invalid(&call.resource, &call.name, errors))
    }
}

/// Takes from `new` only the part that the request may change.
fn confine(call: &Call<'_>, old: &Document, mut new: Document) -> Document {
    match call.part {
        Part::Main if call.resource.subresource("status").is_some() => {
            copy(old, &mut new, "status");
            new
        }
        Part::Main => new,
        Part::Approval => old_with(old, &mut new, &["metadata", "status"]),
        Part::EphemeralContainers | Part::Resources => pod::confine(call.part, old, new),
        Part::Finalizers => old_with(old, &mut new, &["metadata", "spec"]),
        Part::Status => match call.resource.strategy.status_update {
            StatusUpdate::MetadataBut(kept) => {
                for field in kept {
                    copy(meta::of(old), meta::of_mut(&mut new), field);
                }
                old_with(old, &mut new, &["metadata", "status"])
            }
            StatusUpdate::Nothing => old_with(old, &mut new, &["status"]),
        },
    }
}

fn old_with(old: &Document, new: &mut Document, fields: &[&str]) -> Document {
    let mut result = old.clone();
    for field in fields {
        match new.remove(*field) {
            Some(value) => result.insert((*field).to_owned(), value),
            None => result.remove(*field),
        };
    }
    result
}

fn copy(from: &Document, to: &mut Document, field: &str) {
    match from.get(field) {
        Some(value) => to.insert(field.to_owned(), value.clone()),
        None => to.remove(field),
    };
}

fn store(
    call: &Call<'_>,
    options: &WriteOptions,
    current: &Object,
    document: Document,
) -> Result<Object, Stale> {
    let completes_deletion = call.resource.strategy.is_released(&document);
    let content = call.content(document);
    if completes_deletion {
        return complete_deletion(call, options, current, content);
    }
    if content.is_same(current.content()) {
        return Ok(current.clone());
    }
    if options.dry_run {
        return Ok(Object::unstored(content).at(current.revision()));
    }
    let object = call.world.store.replace(call.storage(), current, content)?;
    call.world.changed(call.storage(), object.content().key());
    Ok(object)
}

/// An update that takes away the last finalizer of an object that is being deleted is not stored: the object goes away instead, and
/// the answer has what would have been stored under the old revision.
fn complete_deletion(
    call: &Call<'_>,
    options: &WriteOptions,
    current: &Object,
    content: Content,
) -> Result<Object, Stale> {
    let answer = Object::unstored(content).at(current.revision());
    if !options.dry_run {
        call.world.store.remove(call.storage(), current)?;
        call.world.changed(call.storage(), current.content().key());
    }
    Ok(answer)
}
