//! The resources by which clients ask about access. They are created, answered, and never stored.

mod access_review;
mod rules_review;
mod token_review;

use std::sync::Arc;

use serde_json::Value;

use super::user::User;
use crate::failure::Failure;
use crate::meta;
use crate::registry::Resource;
use crate::request::Document;
use crate::world::World;

/// What a client asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Review {
    /// May somebody do this?
    Access,
    /// May somebody do this, in the namespace of the question?
    LocalAccess,
    /// May I do this?
    OwnAccess,
    /// What may I do?
    OwnRules,
    /// Who am I?
    OwnUser,
    /// Whose token is this?
    Token,
}

impl Review {
    /// The question that is asked by creating an object of a resource; `None` for all that are stored.
    pub(crate) fn of(resource: &Resource) -> Option<Review> {
        Some(match (resource.group.as_str(), resource.plural.as_str()) {
            ("authorization.k8s.io", "subjectaccessreviews") => Review::Access,
            ("authorization.k8s.io", "localsubjectaccessreviews") => Review::LocalAccess,
            ("authorization.k8s.io", "selfsubjectaccessreviews") => Review::OwnAccess,
            ("authorization.k8s.io", "selfsubjectrulesreviews") => Review::OwnRules,
            ("authentication.k8s.io", "selfsubjectreviews") => Review::OwnUser,
            ("authentication.k8s.io", "tokenreviews") => Review::Token,
            _ => return None,
        })
    }
}

/// Answers a question: the object with its status.
///
/// # Errors
///
/// 400 and 422 for questions that make no sense.
pub(crate) fn answer(
    world: &World,
    user: &Arc<User>,
    resource: &Resource,
    review: Review,
    mut body: Document,
) -> Result<Document, Failure> {
    let status = match review {
        Review::Access | Review::LocalAccess | Review::OwnAccess => {
            access_review::answer(world, user, resource, review, &body)?
        }
        Review::OwnRules => rules_review::answer(world, user, &body)?,
        Review::OwnUser => {
            body.clear();
            let now = meta::time(world.clock.now());
            meta::of_mut(&mut body).insert("creationTimestamp".to_owned(), now);
            serde_json::json!({"userInfo": user.info()})
        }
        Review::Token => token_review::answer(world, &body)?,
    };
    body.insert("status".to_owned(), status);
    Ok(body)
}

/// A field of a question, null if it is not there.
fn field<'a>(body: &'a Document, name: &str) -> &'a Value {
    body.get(name).unwrap_or(&Value::Null)
}

/// A text in a part of a question, empty if it is not there.
fn text(part: &Value, name: &str) -> String {
    part[name].as_str().unwrap_or_default().to_owned()
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}
