//! POST of a question about access, which is answered and not stored.

use super::call::Call;
use super::tidy::tidy;
use super::write;
use crate::access::{self, Review};
use crate::answer::Answer;
use crate::failure::Failure;
use crate::object::{Content, Object};
use crate::request::Document;

pub(super) fn review(
    call: &Call<'_>,
    review: Review,
    mut body: Document,
) -> Result<Answer, Failure> {
    tidy(call, &mut body).map_err(|error| write::undecodable(call, &error))?;
    if call.resource.is_namespaced() {
        call.settle_namespace(&mut body)?;
    }
    let answered = access::review(call.world, &call.user, &call.resource, review, body)?;
    let content = Content::new(answered, Vec::new());
    let types = call.resource.types.clone();
    Ok(Answer::created(types, Object::unstored(content)))
}
