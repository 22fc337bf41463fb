//! Resources whose objects are questions: they are answered and not kept.

use std::sync::Arc;

use serde_json::json;

use crate::answer::Answer;
use crate::binding;
use crate::failure::{self, Failure};
use crate::meta;
use crate::object::{Content, Object};
use crate::request::{ApiRequest, Document, Operation};
use crate::world::World;

/// Answers a question.
///
/// # Errors
///
/// 500 for questions that the server has no answer to.
pub(crate) fn execute(world: &Arc<World>, mut request: ApiRequest) -> Result<Answer, Failure> {
    let Operation::Create { body, .. } = &mut request.operation else {
        return Err(failure::method_not_allowed());
    };
    match request.resource.kind.as_str() {
        // The old way to say which node runs a pod; the name is that of the pod.
        "Binding" => {
            meta::text(meta::of(body), "name").clone_into(&mut request.name);
            binding::execute(world, &request)
        }
        "LocalSubjectAccessReview" | "SelfSubjectAccessReview" | "SubjectAccessReview" => {
            let body = std::mem::take(body);
            Ok(allowed(&request, body))
        }
        kind => Err(failure::unexpected(format!("{kind} is not implemented"))),
    }
}

/// Everybody is an administrator.
fn allowed(request: &ApiRequest, mut review: Document) -> Answer {
    meta::of_mut(&mut review);
    review.insert("status".to_owned(), json!({"allowed": true}));
    let object = Object::unstored(Content::new(review, Vec::new()));
    Answer::created(request.resource.types.clone(), object)
}
