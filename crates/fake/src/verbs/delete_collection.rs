//! DELETE of a collection.

use std::sync::Arc;

use super::call::Call;
use super::{delete, list};
use crate::answer::{Answer, Payload};
use crate::failure::Failure;
use crate::request::{DeleteOptions, ListOptions};

/// Deletes what a list would show, one after the other, and answers with the list.
pub(super) fn delete_collection(
    call: &Call<'_>,
    options: &DeleteOptions,
    selection: &ListOptions,
) -> Result<Answer, Failure> {
    let list = list::collect(call, selection)?;
    for item in &list.items {
        let one = Call {
            user: Arc::clone(&call.user),
            world: call.world,
            resource: Arc::clone(&call.resource),
            part: call.part,
            namespace: item.content().namespace().to_owned(),
            name: item.content().name().to_owned(),
        };
        match delete::delete_object(&one, options) {
            Err(status) if !status.is_not_found() => return Err(status),
            _ => {}
        }
    }
    Ok(Answer::ok(Payload::List(list)))
}
