//! GET of one object.

use kubekit_core::Status;

use super::call::Call;
use super::resource_version;
use crate::answer::Answer;
use crate::failure;
use crate::request::GetOptions;

pub(super) fn get(call: &Call<'_>, options: &GetOptions) -> Result<Answer, Status> {
    let asked = resource_version::parse(&options.resource_version);
    let asked = asked.map_err(failure::unexpected)?;
    resource_version::check_reached(asked, call.world.store.revision())?;
    Ok(call.answer(call.current()?))
}
