//! GET of one object.

use super::call::Call;
use super::resource_version;
use crate::answer::Answer;
use crate::failure::{self, Failure};
use crate::request::GetOptions;

pub(super) fn get(call: &Call<'_>, options: &GetOptions) -> Result<Answer, Failure> {
    let asked = resource_version::parse(&options.resource_version);
    let asked = asked.map_err(failure::unexpected)?;
    resource_version::check_reached(asked, call.world.store.revision())?;
    Ok(call.answer(call.current()?))
}
