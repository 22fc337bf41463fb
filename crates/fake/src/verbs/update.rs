//! PUT of an object.

use super::call::Call;
use super::tidy::tidy;
use super::{create, oddities, tracking, write};
use crate::answer::Answer;
use crate::failure::{self, Failure};
use crate::meta;
use crate::object::Object;
use crate::request::{Document, WriteOptions};
use crate::strategy::Part;

pub(super) fn update(
    call: &Call<'_>,
    options: &WriteOptions,
    mut body: Document,
) -> Result<Answer, Failure> {
    let unknown = tidy(call, &mut body).map_err(|error| write::undecodable(call, &error))?;
    let warnings = oddities::judge(call, options, unknown)?;
    write::check_place(call, &mut body)?;
    if call.resource.strategy.create_on_update && call.part == Part::Main && call.find().is_none() {
        meta::of_mut(&mut body).remove("resourceVersion");
        return create::create(call, options, body);
    }
    let answer = write::update(call, options, |current, live| {
        check_uid(call, current, &body)?;
        Ok(tracking::updated(call, options, live, body.clone()))
    })?;
    Ok(answer.warned(warnings))
}

fn check_uid(call: &Call<'_>, current: &Object, body: &Document) -> Result<(), Failure> {
    let written = meta::text(meta::of(body), "uid");
    let stored = current.content().uid();
    if written.is_empty() || written == stored {
        return Ok(());
    }
    let why = format!(
        "Precondition failed: UID in precondition: {written}, UID in object meta: {stored}"
    );
    Err(failure::conflict(&call.resource, &call.name, why))
}
