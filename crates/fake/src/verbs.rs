//! What each verb does. Everything here works on the store and returns at once; only the stream of a watch waits.

mod apply;
mod call;
mod create;
mod delete;
mod delete_collection;
mod get;
mod list;
mod list_options;
mod oddities;
mod patch;
mod resource_version;
mod review;
mod tidy;
mod tracking;
mod update;
mod watch;
mod write;

use std::sync::Arc;

use crate::access::{self, Review};
use crate::answer::Answer;
use crate::binding;
use crate::eviction;
use crate::failure::{self, Failure};
use crate::request::{ApiRequest, Operation};
use crate::scale;
use crate::strategy::Part;
use crate::world::World;
use call::Call;

/// Carries out a request.
///
/// # Errors
///
/// Fails with what the API server would say.
pub(crate) fn execute(world: &Arc<World>, request: ApiRequest) -> Result<Answer, Failure> {
    let part = match request.subresource.as_deref() {
        None => Part::Main,
        Some("status") => Part::Status,
        Some("finalize") => Part::Finalizers,
        Some("approval") => Part::Approval,
        Some("token") => return access::request_token(world, request),
        Some("scale") => return scale::execute(world, &request),
        Some("ephemeralcontainers") => Part::EphemeralContainers,
        Some("resize") => Part::Resources,
        Some("binding") => return binding::execute(world, &request, &request.resource),
        Some("eviction") => return eviction::execute(world, &request),
        Some(other) => {
            let why = format!("the subresource {other} is not implemented");
            return Err(failure::unexpected(why));
        }
    };
    if request.resource.kind == "Binding" {
        return binding::execute_collection(world, request);
    }
    let call = Call {
        world,
        user: request.user,
        resource: request.resource,
        part,
        namespace: request.namespace.unwrap_or_default(),
        name: request.name,
    };
    match request.operation {
        Operation::Create { options, body } => match Review::of(&call.resource) {
            Some(review) => review::review(&call, review, body),
            None => create::create(&call, &options, body),
        },
        Operation::Get { options } => get::get(&call, &options),
        Operation::List { options } => list::list(&call, &options),
        Operation::Watch { options } => watch::watch(&call, &options),
        Operation::Update { options, body } => update::update(&call, &options, body),
        Operation::Patch { options, patch } => patch::patch(&call, &options, &patch),
        Operation::Apply { options, config } => apply::apply(&call, &options, &config),
        Operation::Delete { options } => delete::delete(&call, &options),
        Operation::DeleteCollection { options, selection } => {
            delete_collection::delete_collection(&call, &options, &selection)
        }
    }
}
