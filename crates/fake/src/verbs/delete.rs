//! DELETE of one object.

use super::call::Call;
use crate::answer::{Answer, Payload};
use crate::failure::{self, Failure};
use crate::meta::{self, Doom};
use crate::object::Object;
use crate::request::{DeleteOptions, Document};
use crate::store::Stale;
use crate::strategy::{DeleteAnswer, Verdict};

/// What became of the object.
pub(super) enum Deleted {
    /// It is gone; this is how it was, under the revision of its deletion.
    Gone(Object),
    /// It waits for finalizers, or for its node.
    Waits(Object),
}

pub(super) fn delete(call: &Call<'_>, options: &DeleteOptions) -> Result<Answer, Failure> {
    let mut answer = match delete_object(call, options)? {
        Deleted::Waits(object) => call.answer(object),
        Deleted::Gone(object) => match call.resource.strategy.delete_answer {
            DeleteAnswer::Object => call.answer(object),
            DeleteAnswer::Status => {
                let uid = object.content().uid();
                let status = failure::deleted(&call.resource, &call.name, uid);
                Answer::ok(Payload::Status(status))
            }
        },
    };
    if let Some(warning) = call.resource.strategy.delete_warning
        && options.propagation_policy.is_none()
    {
        answer.warnings.push(warning.to_owned());
    }
    Ok(answer)
}

/// Deletes the object that the call names, or begins to.
pub(super) fn delete_object(call: &Call<'_>, options: &DeleteOptions) -> Result<Deleted, Failure> {
    loop {
        let current = call.current()?;
        check_preconditions(call, options, &current)?;
        if let Ok(deleted) = attempt(call, options, &current) {
            return Ok(deleted);
        }
    }
}

fn check_preconditions(
    call: &Call<'_>,
    options: &DeleteOptions,
    current: &Object,
) -> Result<(), Failure> {
    let refuse = |why: String| Err(failure::precondition(&call.resource, &call.name, why));
    let uid = current.content().uid();
    if let Some(wanted) = options.uid.as_deref().filter(|wanted| *wanted != uid) {
        return refuse(format!(
            "the UID in the precondition ({wanted}) does not match the UID in record ({uid}). \
             The object might have been deleted and then recreated"
        ));
    }
    let version = current.revision().to_string();
    let wanted = options.resource_version.as_deref();
    if let Some(wanted) = wanted.filter(|wanted| *wanted != version) {
        return refuse(format!(
            "the ResourceVersion in the precondition ({wanted}) does not match the ResourceVersion in record ({version}). \
             The object might have been modified"
        ));
    }
    Ok(())
}

fn attempt(call: &Call<'_>, options: &DeleteOptions, current: &Object) -> Result<Deleted, Stale> {
    let strategy = &call.resource.strategy;
    let mut document = current.document();
    if let Some(begin) = strategy
        .deletion_hook
        .filter(|_| !meta::is_doomed(meta::of(&document)))
    {
        begin(&call.world.clock, &mut document);
    }
    let metadata = meta::of_mut(&mut document);
    let finalizers = meta::collector_finalizers(
        metadata,
        options.propagation_policy,
        strategy.default_propagation,
    );
    let has_finalizers = !finalizers.is_empty();
    meta::set_finalizers(metadata, finalizers);
    let verdict = strategy.verdict(&document, has_finalizers, options.grace_period_seconds);
    let current = match verdict {
        Verdict::Gone => current.clone(),
        Verdict::Waits(doom) | Verdict::Stopped(doom) => {
            mark(call, options, current, document, doom)?
        }
    };
    if let Verdict::Waits(_) = verdict {
        return Ok(Deleted::Waits(current));
    }
    if options.dry_run {
        return Ok(Deleted::Gone(current));
    }
    let gone = call.world.store.remove(call.storage(), &current)?;
    call.world.changed(call.storage(), gone.content().key());
    Ok(Deleted::Gone(gone))
}

/// Stores the object as being deleted, unless it is already just so.
fn mark(
    call: &Call<'_>,
    options: &DeleteOptions,
    current: &Object,
    mut document: Document,
    doom: Option<Doom>,
) -> Result<Object, Stale> {
    if let Some(doom) = doom {
        meta::doom(meta::of_mut(&mut document), doom, &call.world.clock);
    }
    let content = call.content(document);
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
