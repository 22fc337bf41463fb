//! PATCH with a document that says what its manager wants: server-side apply.

use super::call::Call;
use super::tidy::tidy;
use super::{create, tracking, write};
use crate::answer::Answer;
use crate::failure::{self, Failure};
use crate::fields::{Config, Tracked};
use crate::meta;
use crate::request::WriteOptions;
use crate::strategy::Part;

/// Updates an object, or creates it if there is none. Again, if somebody else creates it meanwhile.
pub(super) fn apply(
    call: &Call<'_>,
    options: &WriteOptions,
    config: &Config,
) -> Result<Answer, Failure> {
    loop {
        if call.find().is_some() || call.part != Part::Main {
            return write::update(call, options, |_, live| {
                let applied = tracking::applied(call, options, Some(live), config)?;
                finish(call, applied)
            });
        }
        let mut applied = tracking::applied(call, options, None, config)?;
        create::reset_status(call, &mut applied.document);
        let mut applied = finish(call, applied)?;
        if call.resource.is_custom() {
            // A definition may have defaults for the status.
            create::reset_status(call, &mut applied.document);
        }
        match create(call, options, applied) {
            Err(status) if status.is_already_exists() && call.find().is_some() => {}
            result => return result,
        }
    }
}

fn create(
    call: &Call<'_>,
    options: &WriteOptions,
    mut applied: Tracked,
) -> Result<Answer, Failure> {
    let metadata = meta::of_mut(&mut applied.document);
    let uid = meta::text(metadata, "uid");
    if !uid.is_empty() {
        let why = format!(
            "uid mismatch: the provided object specified uid {uid}, and no existing object was found"
        );
        return Err(failure::conflict(&call.resource, &call.name, why));
    }
    metadata.remove("resourceVersion");
    create::insert(call, options, applied)
}

/// Brings a merged document into the form of its kind, and checks that it is where the request says it is.
fn finish(call: &Call<'_>, mut applied: Tracked) -> Result<Tracked, Failure> {
    tidy(call, &mut applied.document).map_err(|error| write::undecodable(call, &error))?;
    write::check_place(call, &mut applied.document)?;
    Ok(applied)
}
